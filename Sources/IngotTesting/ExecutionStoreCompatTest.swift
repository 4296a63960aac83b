public import IngotCore
public import Testing

/// What every ``ExecutionStore`` must keep.
///
/// An adapter runs each case over a store of its own that is empty.
public struct ExecutionStoreCompatTest: Sendable, CustomTestStringConvertible {
    /// What the case shows.
    public let name: String
    private let body: @Sendable (any ExecutionStore) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (any ExecutionStore) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// Every case.
    public static let cases: [ExecutionStoreCompatTest] =
        starting + appending + answering + driving + givingBack + watching + listing + removing

    /// Runs the case over an empty store, recording issues with Swift Testing.
    public func run(_ store: some ExecutionStore) async throws {
        try await body(store)
    }

    /// What the case shows.
    public var testDescription: String { name }
}

extension ExecutionStoreCompatTest {
    static let owner = LeaseOwner(host: "here", process: 1, start: "1")
    static let other = LeaseOwner(host: "here", process: 2, start: "1")

    static func start(_ name: String, workflow: String = "w", input: String = "{}") -> ExecutionStart {
        ExecutionStart(
            workflow: workflow,
            name: name,
            input: input,
            definition: "{\"StartAt\":\"A\"}",
            interpreter: 3,
            seed: .max - 1,
            started: 100,
            parent: nil,
            journal: [JournalEntry(position: 1, time: 100, input: "{\"start\":{}}")]
        )
    }

    static func lease(_ id: Int64, _ store: any ExecutionStore) async throws -> ExecutionLease {
        try #require(try await store.leaseExecution(id, owner: owner) { _ in true })
    }

    static let starting = [
        ExecutionStoreCompatTest("An execution is kept with what it was started with") { store in
            let made = try await store.create(start("a"))
            #expect(made.status == .running)
            #expect(made.seed == UInt64.max - 1)
            #expect(try await store.execution(id: made.id) == made)
            #expect(try await store.execution(workflow: "w", name: "a") == made)
            #expect(try await store.execution(workflow: nil, name: "a") == made)
            #expect(try await store.execution(workflow: "other", name: "a") == nil)
            #expect(try await store.definition(of: made.id) == "{\"StartAt\":\"A\"}")
            #expect(try await store.journal(of: made.id, after: 0, limit: 9) == start("a").journal)
        },
        ExecutionStoreCompatTest("A start with a name and input that run already gives the one that runs") { store in
            let made = try await store.create(start("a"))
            #expect(try await store.create(start("a")) == made)
            #expect(try await store.executions(matching: ExecutionFilter()).count == 1)
            #expect(try await store.create(start("a", workflow: "v")).id != made.id)
            #expect(try await store.execution(workflow: nil, name: "a") == nil)
        },
        ExecutionStoreCompatTest("A name is not given again to another input, nor after the end") { store in
            let made = try await store.create(start("a"))
            var error = await #expect(throws: IngotError.self) { try await store.create(start("a", input: "1")) }
            #expect(error?.code == .executionExists)
            var progress = ExecutionProgress()
            progress.ending = .init(status: .succeeded, time: 5, output: "1", error: nil, cause: nil)
            try await store.append(progress, lease: try await lease(made.id, store))
            error = await #expect(throws: IngotError.self) { try await store.create(start("a")) }
            #expect(error?.code == .executionExists)
        },
    ]

    static let appending = [
        ExecutionStoreCompatTest("Journal and history grow together and are read in pages") { store in
            let made = try await store.create(start("a"))
            let lease = try await lease(made.id, store)
            // More events than one page of any adapter holds.
            for round in 0..<3 {
                var progress = ExecutionProgress()
                progress.journal = [JournalEntry(position: Int64(round + 2), time: 7, input: "\(round)")]
                progress.events = (1...1234).map { "{\"id\":\(round * 1234 + $0)}" }
                try await store.append(progress, lease: lease)
            }
            #expect(try await store.execution(id: made.id)?.eventCount == 3702)
            #expect(try await store.journal(of: made.id, after: 2, limit: 1).map(\.input) == ["1"])
            var events: [String] = []
            while true {
                let page = try await store.history(of: made.id, after: events.count, limit: 999)
                if page.isEmpty { break }
                events += page
            }
            #expect(events == (1...3702).map { "{\"id\":\($0)}" })
            let last = try await store.latestHistory(of: made.id, limit: 1300)
            #expect(last.count == 1300)
            #expect(last.first == "{\"id\":3702}")
            #expect(last.last == "{\"id\":2403}")
        },
        ExecutionStoreCompatTest("An end is kept, and a redrive takes it back") { store in
            let made = try await store.create(start("a"))
            let lease = try await lease(made.id, store)
            var progress = ExecutionProgress()
            progress.ending = .init(status: .failed, time: 5, output: nil, error: "E", cause: "why")
            try await store.append(progress, lease: lease)
            var now = try #require(try await store.execution(id: made.id))
            #expect(now.status == .failed)
            #expect(now.ended == 5)
            #expect(now.error == "E")
            #expect(now.cause == "why")
            progress = ExecutionProgress()
            progress.isRunningAgain = true
            try await store.append(progress, lease: lease)
            now = try #require(try await store.execution(id: made.id))
            #expect(now.status == .running)
            #expect(now.error == nil)
            #expect(now.ended == nil)
        },
        ExecutionStoreCompatTest("A message stays until an append takes it in") { store in
            let made = try await store.create(start("a"))
            let beside = try await store.create(start("b"))
            try await store.post("1", to: made.id)
            try await store.post("2", to: made.id)
            try await store.post("3", to: beside.id)
            let messages = try await store.messages(to: made.id)
            #expect(messages.map(\.input) == ["1", "2"])
            var progress = ExecutionProgress()
            progress.messages = [messages[0].id]
            try await store.append(progress, lease: try await lease(made.id, store))
            #expect(try await store.messages(to: made.id).map(\.input) == ["2"])
            #expect(try await store.messages(to: beside.id).map(\.input) == ["3"])
        },
        ExecutionStoreCompatTest("A token leads to its execution until it is settled or the execution ends") { store in
            let made = try await store.create(start("a"))
            let lease = try await lease(made.id, store)
            var progress = ExecutionProgress()
            progress.awaited = ["t", "u"]
            try await store.append(progress, lease: lease)
            #expect(try await store.execution(waitingFor: "t") == made.id)
            progress = ExecutionProgress()
            progress.settled = ["t", "nothing"]
            try await store.append(progress, lease: lease)
            #expect(try await store.execution(waitingFor: "t") == nil)
            #expect(try await store.execution(waitingFor: "u") == made.id)
            #expect(try await store.execution(waitingFor: "v") == nil)
            progress = ExecutionProgress()
            progress.ending = .init(status: .aborted, time: 5, output: nil, error: nil, cause: nil)
            try await store.append(progress, lease: lease)
            #expect(try await store.execution(waitingFor: "u") == nil)
        },
    ]

    static let answering = [
        ExecutionStoreCompatTest("A token is answered once") { store in
            let made = try await store.create(start("a"))
            var progress = ExecutionProgress()
            progress.awaited = ["t", "u"]
            try await store.append(progress, lease: try await lease(made.id, store))
            #expect(try await store.answer("v", with: "0") == false)
            #expect(try await store.answer("t", with: "1"))
            #expect(try await store.answer("t", with: "2") == false)
            #expect(try await store.execution(waitingFor: "t") == nil)
            #expect(try await store.execution(waitingFor: "u") == made.id)
            #expect(try await store.messages(to: made.id).map(\.input) == ["1"])
        }
    ]

    static let driving = [
        ExecutionStoreCompatTest("One process drives an execution; that of a dead one is taken over") { store in
            let made = try await store.create(start("a"))
            let first = try await lease(made.id, store)
            #expect(try await store.execution(id: made.id)?.driver == owner)
            #expect(try await store.leaseExecution(made.id, owner: other) { _ in true } == nil)
            let second = try #require(try await store.leaseExecution(made.id, owner: other) { $0 != owner })
            #expect(second.token > first.token)
            var progress = ExecutionProgress()
            progress.events = ["{}"]
            let error = await #expect(throws: IngotError.self) { try await store.append(progress, lease: first) }
            #expect(error?.code == .leaseLost)
            #expect(try await store.execution(id: made.id)?.eventCount == 0)
            // What was lost is not given back.
            try await store.release(first)
            #expect(try await store.execution(id: made.id)?.driver == other)
            try await store.append(progress, lease: second)
            #expect(try await store.execution(id: made.id)?.eventCount == 1)
        },
        ExecutionStoreCompatTest("A lease that was given back appends no more, and the next one is another") { store in
            let made = try await store.create(start("a"))
            let first = try await lease(made.id, store)
            try await store.release(first)
            #expect(try await store.execution(id: made.id)?.driver == nil)
            await #expect(throws: IngotError.self) { try await store.append(ExecutionProgress(), lease: first) }
            #expect(try await lease(made.id, store) != first)
            #expect(try await store.leaseExecution(99, owner: owner) { _ in true } == nil)
        },
    ]

    static let givingBack = [
        ExecutionStoreCompatTest("A task that was cancelled gives its lease back") { store in
            let made = try await store.create(start("a"))
            let lease = try await lease(made.id, store)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    withUnsafeCurrentTask { $0?.cancel() }
                    try await store.release(lease)
                }
                try await group.waitForAll()
            }
            #expect(try await store.execution(id: made.id)?.driver == nil)
        }
    ]

    static let watching = [
        ExecutionStoreCompatTest("The mark changes when somebody commits, and stays while nobody does") { store in
            let mark = try await store.changeMark()
            #expect(try await store.changeMark() == mark)
            let made = try await store.create(start("a"))
            let second = try await store.changeMark()
            #expect(second != mark)
            try await store.post("1", to: made.id)
            let third = try await store.changeMark()
            #expect(third != second)
            let lease = try await lease(made.id, store)
            try await store.release(lease)
            #expect(try await store.changeMark() != third)
        },
        ExecutionStoreCompatTest("Executions that nobody drives are found, those of the dead among them") { store in
            var ids: [Int64] = []
            for name in ["a", "b", "c", "d", "e"] { ids.append(try await store.create(start(name)).id) }
            _ = try await store.leaseExecution(ids[1], owner: owner) { _ in true }
            _ = try await store.leaseExecution(ids[2], owner: other) { _ in true }
            var progress = ExecutionProgress()
            progress.ending = .init(status: .failed, time: 5, output: nil, error: nil, cause: nil)
            let lease = try await lease(ids[3], store)
            try await store.append(progress, lease: lease)
            try await store.release(lease)
            func found(limit: Int = 9, excluding: Set<Int64> = [], dead: Set<Int32> = []) async throws -> [String] {
                try await store.undrivenExecutions(limit: limit, excluding: excluding, at: 7) {
                    !dead.contains($0.process)
                }
                .map(\.name)
            }
            #expect(try await found() == ["a", "e"])
            #expect(try await found(limit: 1) == ["a"])
            #expect(try await found(limit: 1, excluding: [ids[0]]) == ["e"])
            #expect(try await found(dead: [2]) == ["a", "c", "e"])
            #expect(try await found(dead: [1, 2]) == ["a", "b", "c", "e"])
        },
        ExecutionStoreCompatTest("An execution rests until its moment or a message comes, or somebody drives it") {
            store in
            func found(at moment: Int64) async throws -> [String] {
                try await store.undrivenExecutions(limit: 9, excluding: [], at: moment) { _ in true }.map(\.name)
            }
            let (a, b) = (try await store.create(start("a")), try await store.create(start("b")))
            try await store.rest(try await lease(a.id, store), until: 50)
            try await store.rest(try await lease(b.id, store), until: nil)
            #expect(try await store.execution(id: a.id)?.driver == nil)
            #expect(try await found(at: 49) == [])
            #expect(try await found(at: 50) == ["a"])
            try await store.post("1", to: b.id)
            #expect(try await found(at: 0) == ["b"])
            // A message that nobody has taken in lets nobody rest.
            try await store.rest(try await lease(b.id, store), until: nil)
            #expect(try await found(at: 0) == ["b"])
            try await store.release(try await lease(a.id, store))
            #expect(try await found(at: 0) == ["a", "b"])
            let lost = try await lease(a.id, store)
            _ = try await store.leaseExecution(a.id, owner: other) { _ in false }
            try await store.rest(lost, until: 50)
            #expect(try await store.execution(id: a.id)?.driver == other)
        },
        ExecutionStoreCompatTest("What a task started hears of it while it runs, and is found by the task's token") {
            store in
            func child(_ name: String, of parent: String) async throws -> StoredExecution {
                var start = start(name)
                start.parent = parent
                return try await store.create(start)
            }
            let parent = try await store.create(start("p"))
            let (a, b) = (try await child("a", of: "t"), try await child("b", of: "t"))
            let other = try await child("c", of: "u")
            var progress = ExecutionProgress()
            progress.ending = .init(status: .failed, time: 5, output: nil, error: nil, cause: nil)
            try await store.append(progress, lease: try await lease(b.id, store))
            try await store.rest(try await lease(a.id, store), until: nil)
            progress = ExecutionProgress()
            progress.childMessages = ["t": "1"]
            try await store.append(progress, lease: try await lease(parent.id, store))
            #expect(try await store.messages(to: a.id).map(\.input) == ["1"])
            #expect(try await store.messages(to: b.id).isEmpty)
            #expect(try await store.messages(to: other.id).isEmpty)
            #expect(try await store.executions(matching: ExecutionFilter(parent: "t")).map(\.id) == [b.id, a.id])
            let undriven = try await store.undrivenExecutions(limit: 9, excluding: [], at: 0) { _ in true }
            #expect(undriven.map(\.name) == ["a", "c"])
        },
        ExecutionStoreCompatTest("New messages to all executions are found, and none to one that has ended") { store in
            let (a, b) = (try await store.create(start("a")), try await store.create(start("b")))
            for (text, id) in [("1", a.id), ("2", b.id), ("3", a.id)] { try await store.post(text, to: id) }
            let all = try await store.messages(after: 0)
            #expect(all.mapValues { $0.map(\.input) } == [a.id: ["1", "3"], b.id: ["2"]])
            let second = try #require(all[b.id]?.first)
            #expect(try await store.messages(after: second.id).mapValues { $0.map(\.input) } == [a.id: ["3"]])
            var progress = ExecutionProgress()
            progress.ending = .init(status: .failed, time: 5, output: nil, error: nil, cause: nil)
            try await store.append(progress, lease: try await lease(a.id, store))
            #expect(try await store.messages(after: 0).keys.map(\.self) == [b.id])
        },
    ]

    static let listing = [
        ExecutionStoreCompatTest("Executions are listed by workflow and status, the newest first, in pages") { store in
            for name in ["a", "b", "c"] { _ = try await store.create(start(name)) }
            let d = try await store.create(start("d", workflow: "v"))
            var progress = ExecutionProgress()
            progress.ending = .init(status: .failed, time: 5, output: nil, error: nil, cause: nil)
            try await store.append(progress, lease: try await lease(d.id, store))
            func names(_ filter: ExecutionFilter) async throws -> [String] {
                try await store.executions(matching: filter).map(\.name)
            }
            #expect(try await names(ExecutionFilter()) == ["d", "c", "b", "a"])
            #expect(try await names(ExecutionFilter(workflow: "w")) == ["c", "b", "a"])
            #expect(try await names(ExecutionFilter(statuses: [.failed, .aborted])) == ["d"])
            #expect(try await names(ExecutionFilter(statuses: [.running], limit: 2)) == ["c", "b"])
            #expect(try await names(ExecutionFilter(before: d.id, limit: 1)) == ["c"])
        }
    ]
}
