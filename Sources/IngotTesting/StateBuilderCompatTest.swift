public import IngotCore
public import Testing

/// What every ``StateBuilder`` must keep: what it adds is found where it would be, had it come about there.
///
/// An adapter runs each case over a state of its own that remembers nothing.
public struct StateBuilderCompatTest: Sendable, CustomTestStringConvertible {
    /// A state that can be filled, and asked.
    public typealias Store = CleaningStore & Ledger & RunLog & StateBuilder & TablePointerStore

    /// What the case shows.
    public let name: String
    private let body: @Sendable (any Store) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (any Store) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// Runs the case over a state that remembers nothing, recording issues with Swift Testing.
    public func run(_ store: some Store) async throws {
        try await body(store)
    }

    /// What the case shows.
    public var testDescription: String { name }

    private static func object(_ key: String, _ state: ObjectState, cleaning: Cleaning? = nil) -> LedgerEntry {
        LedgerEntry(
            id: 0,
            object: ObjectVersion(source: "s", key: key, version: "1"),
            state: state,
            bronze: "/bronze/\(key)",
            size: 10,
            modified: 20,
            seen: 30,
            loadID: "l",
            runID: "r",
            counts: RowCounts(read: 4, silver: 2, quarantined: 1, skipped: 1),
            attempts: 3,
            error: state == .failed ? "why \u{FC}" : nil,
            cleaning: cleaning,
            published: state == .loaded ? .loaded : nil,
            arrival: 7
        )
    }

    /// Every case.
    public static let cases = [
        StateBuilderCompatTest("What is added is there, as it was") { store in
            let run = CommitStoreCompatTest.run("r")
            let look = LastLook(entityTag: "tag", version: "1")
            try await store.add([
                .namespace(name: "silver", properties: ["owner": "\u{FC}"]),
                .table(namespace: "silver", name: "users", metadata: "/lake/users/metadata/1.json"),
                .object(object("a", .loaded)), .object(object("b", .failed)),
                .look(source: "s", key: "a", look), .run(run),
            ])
            #expect(try await store.namespaces() == ["silver": ["owner": "\u{FC}"]])
            #expect(try await store.pointers() == ["silver": ["users": "/lake/users/metadata/1.json"]])
            let entries = try await store.entries(matching: LedgerFilter())
            var expected = [object("a", .loaded), object("b", .failed)]
            for (index, entry) in entries.enumerated() where index < expected.count { expected[index].id = entry.id }
            #expect(entries == expected)
            #expect(try await store.lastLooks(source: "s", keys: ["a", "b"]) == ["a": look])
            #expect(try await store.run(id: "r") == run)
        },
        StateBuilderCompatTest("Of records that cannot all be added none is") { store in
            let namespace = StateRecord.namespace(name: "silver", properties: [:])
            var isRefused = false
            do {
                try await store.add([namespace, .object(object("a", .loaded)), namespace])
            } catch {
                isRefused = true
            }
            #expect(isRefused)
            let (namespaces, entries) = (
                try await store.namespaces(), try await store.entries(matching: LedgerFilter())
            )
            #expect(namespaces.isEmpty && entries.isEmpty)
        },
        StateBuilderCompatTest("Work goes on from there") { store in
            try await store.add([.object(object("b", .loaded)), .object(object("a", .failed))])
            // What is loaded is known; a new version, and what failed before, come after what was added.
            try await store.register([
                LedgerCompatTest.arrival("b", "1"), LedgerCompatTest.arrival("b", "2"),
            ])
            let entries = try await store.entries(matching: LedgerFilter())
            #expect(entries.map { "\($0.object.key) \($0.object.version)" } == ["b 1", "a 1", "b 2"])
            #expect(entries.map(\.id) == entries.map(\.id).sorted())
            let batch = try await store.lease(source: "s", owner: LedgerCompatTest.owner, loadID: "m") { $0 }
            #expect(Set(batch?.entries.map(\.object.key) ?? []) == ["a", "b"])
        },
        StateBuilderCompatTest("A file that is to be taken away waits for that") { store in
            try await store.add([
                .object(object("a", .loaded, cleaning: Cleaning(due: 5))), .object(object("b", .loaded)),
            ])
            let waiting = try await store.cleanings(source: "s", due: 5, retry: .max, limit: 10)
            #expect(waiting.map(\.object.key) == ["a"])
        },
    ]
}
