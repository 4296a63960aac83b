public import IngotCore
public import Testing

/// What every ``StartStore`` must keep.
///
/// An adapter runs each case over a store of its own that is empty, and that is also what the starts listen to: what the
/// ledger, the runs and the executions note is heard of because it is noted there.
public struct StartStoreCompatTest: Sendable, CustomTestStringConvertible {
    /// A store of starts, with what they listen to.
    public typealias Store = StartStore & Ledger & RunLog & ExecutionStore

    /// What the case shows.
    public let name: String
    private let body: @Sendable (any Store) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (any Store) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// Runs the case over an empty store, recording issues with Swift Testing.
    public func run(_ store: some Store) async throws {
        try await body(store)
    }

    /// What the case shows.
    public var testDescription: String { name }

    /// Every case.
    public static let cases = [
        StartStoreCompatTest("Objects that arrive from the start on are heard of once, also those that come back") {
            state in
            try await state.register([arrival("before")])
            let listeners = [
                StartListener(rule: "a", kind: .object, subject: "p"),
                StartListener(rule: "b", kind: .object, subject: "p"),
            ]
            try await state.listen(listeners)
            try await state.register([arrival("x"), arrival("y", source: "other"), arrival("z")])
            // The same look again is no arrival; another version is one, and so is the first one when it is back.
            try await state.register([arrival("x")])
            try await state.register([arrival("x", version: "2")])
            try await state.register([arrival("x")])
            try await state.listen(listeners)
            let heard = try await state.happenings(for: "a", limit: 9)
            let objects = heard.map { happening -> String in
                guard case .object(let entry) = happening.subject else { return "?" }
                return entry.object.key + entry.object.version
            }
            #expect(objects == ["x1", "z1", "x2", "x1"])
            #expect(try await state.happenings(for: "a", limit: 2).count == 2)

            // One of two who come to the same rule starts what it is for.
            let position = try #require(try await state.position(of: listeners[0]))
            let starts = [start("n1"), start("n2")]
            #expect(try await state.advance("a", from: position, to: heard[1].id, starting: starts))
            #expect(try await !state.advance("a", from: position, to: heard[1].id, starting: [start("n3")]))
            #expect(try await state.advance("a", from: heard[1].id, to: heard[3].id, starting: starts))
            #expect(try await state.executions(matching: ExecutionFilter()).map(\.name) == ["n2", "n1"])
            #expect(try await state.happenings(for: "a", limit: 9).isEmpty)
            #expect(try await state.happenings(for: "b", limit: 9).map(\.id) == heard.map(\.id))
        },
        StartStoreCompatTest("Runs and executions are heard of when they end") { state in
            try await state.listen([
                StartListener(rule: "r", kind: .run, subject: "p"),
                StartListener(rule: "e", kind: .execution, subject: "w"),
            ])
            try await state.begin(run("1", .running))
            #expect(try await state.happenings(for: "r", limit: 9).isEmpty)
            try await state.fail(run("1", .failed))
            try await state.fail(run("2", .failed, name: "other"))
            #expect(try await state.happenings(for: "r", limit: 9).map(\.subject) == [.run(run("1", .failed))])

            let execution = try await state.create(start("n"))
            let owner = LeaseOwner(host: "h", process: 1, start: "1")
            let lease = try #require(try await state.leaseExecution(execution.id, owner: owner) { _ in true })
            var progress = ExecutionProgress()
            progress.ending = .init(status: .succeeded, time: 5, output: "1", error: nil, cause: nil)
            try await state.append(progress, lease: lease)
            let ended = try #require(try await state.execution(id: execution.id))
            #expect(try await state.happenings(for: "e", limit: 9).map(\.subject) == [.execution(ended)])
        },
        StartStoreCompatTest("A rule that listens for something else begins anew, and one that is gone is forgotten") {
            state in
            let rule = StartListener(rule: "a", kind: .time, subject: "rate(1 day)", position: 7)
            let later = StartListener(rule: "a", kind: .time, subject: "rate(1 day)", position: 9)
            let other = StartListener(rule: "a", kind: .time, subject: "rate(2 days)", position: 9)
            try await state.listen([rule])
            try await state.listen([later])
            #expect(try await state.position(of: rule) == 7)
            try await state.listen([other])
            #expect(try await state.position(of: other) == 9)
            #expect(try await state.position(of: rule) == nil, "it is not that one any more")
            try await state.listen([])
            #expect(try await state.position(of: other) == nil)
            #expect(try await !state.advance("a", from: 9, to: 10, starting: []))
        },
    ]
}

extension StartStoreCompatTest {
    static func start(_ name: String) -> ExecutionStart {
        ExecutionStart(
            workflow: "w",
            name: name,
            input: "{}",
            definition: "{}",
            interpreter: 1,
            seed: 1,
            started: 100,
            journal: [JournalEntry(position: 1, time: 100, input: "{}")]
        )
    }

    static func arrival(_ key: String, version: String = "1", source: String = "p") -> Arrival {
        Arrival(
            object: ObjectVersion(source: source, key: key, version: version),
            bronze: "b/\(key)",
            entityTag: nil,
            size: 1,
            modified: 1,
            seen: 1
        )
    }

    static func run(_ id: String, _ status: Run.Status, name: String = "p") -> Run {
        Run(id: id, loadID: "l", kind: .ingest, name: name, status: status, started: 1, ended: 2)
    }
}
