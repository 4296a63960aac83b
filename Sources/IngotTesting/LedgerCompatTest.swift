public import IngotCore
public import Testing

/// What every ``Ledger`` must keep.
///
/// An adapter runs each case over a ledger of its own that is empty.
public struct LedgerCompatTest: Sendable, CustomTestStringConvertible {
    /// What the case shows.
    public let name: String
    private let body: @Sendable (any Ledger) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (any Ledger) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// Every case.
    public static let cases: [LedgerCompatTest] =
        registering + leasing + takingOver + outdating + replaying + listing

    /// Runs the case over an empty ledger, recording issues with Swift Testing.
    public func run(_ ledger: some Ledger) async throws {
        try await body(ledger)
    }

    /// What the case shows.
    public var testDescription: String { name }
}

extension LedgerCompatTest {
    static let owner = LeaseOwner(host: "here", process: 1, start: "1")
    static let other = LeaseOwner(host: "here", process: 2, start: "1")

    static func arrival(_ key: String, _ version: String, tag: String? = nil, source: String = "s") -> Arrival {
        Arrival(
            object: ObjectVersion(source: source, key: key, version: version),
            bronze: "/bronze/\(key)-\(version)",
            entityTag: tag,
            size: 10,
            modified: 20,
            seen: 30
        )
    }

    static func states(_ ledger: any Ledger) async throws -> [String] {
        try await ledger.entries(matching: LedgerFilter()).map { entry in
            "\(entry.object.key) \(entry.object.version) \(entry.state.rawValue)"
        }
    }

    static func outcomes(_ entries: [LedgerEntry], _ state: ObjectState) -> [BatchCommit.Outcome] {
        entries.map { entry in
            let counts = RowCounts(read: 4, silver: 3, quarantined: 1)
            return BatchCommit.Outcome(
                id: entry.id,
                state: state,
                counts: counts,
                error: state == .failed ? "why" : nil
            )
        }
    }
}

extension LedgerCompatTest {
    private static let registering: [LedgerCompatTest] = [
        LedgerCompatTest("an object that arrives again is the same object") { ledger in
            try await ledger.register([arrival("a", "1"), arrival("b", "1"), arrival("a", "1")])
            try await ledger.register([arrival("b", "1")])
            let entries = try await ledger.entries(matching: LedgerFilter())
            #expect(entries.map(\.object.key) == ["a", "b"])
            #expect(entries.map(\.state) == [.seen, .seen])
            #expect(entries.first?.bronze == "/bronze/a-1")
            #expect(entries.first.map { [$0.size, $0.modified, $0.seen] } == [10, 20, 30])
            #expect(entries.first?.attempts == 0)
        },
        LedgerCompatTest("what a file looked like is remembered only where it can be told") { ledger in
            try await ledger.register([arrival("a", "1", tag: "x"), arrival("b", "1"), arrival("a", "2", tag: "y")])
            try await ledger.register([arrival("a", "9", tag: "z", source: "t")])
            let looks = try await ledger.lastLooks(source: "s", keys: ["b", "a", "c", "a"])
            #expect(looks == ["a": LastLook(entityTag: "y", version: "2")])
            #expect(try await ledger.lastLooks(source: "s", keys: ["b"]).isEmpty)
            #expect(try await ledger.lastLooks(source: "s", keys: []).isEmpty)
            #expect(try await ledger.lastLooks(source: "u", keys: ["a"]).isEmpty)
            // One that was read before another one and is recorded after it: nothing is known of how it looked.
            try await ledger.register([arrival("a", "3")])
            #expect(try await ledger.lastLooks(source: "s", keys: ["a"]).isEmpty)
            #expect(try await ledger.lastLooks(source: "t", keys: ["a"]).count == 1)
        },
        LedgerCompatTest("a newer version supersedes one that waits or failed, and an older one that is back waits") {
            ledger in
            try await ledger.register([arrival("a", "1"), arrival("b", "1")])
            let taken = try #require(
                try await ledger.lease(source: "s", owner: owner, loadID: "l") { Array($0.suffix(1)) }
            )
            try await ledger.release(taken.lease, outcomes: outcomes(taken.entries, .failed))
            try await ledger.register([arrival("a", "2"), arrival("b", "2")])
            #expect(try await states(ledger) == ["a 1 superseded", "b 1 superseded", "a 2 seen", "b 2 seen"])
            try await ledger.register([arrival("a", "1")])
            #expect(try await states(ledger) == ["a 1 seen", "b 1 superseded", "a 2 superseded", "b 2 seen"])
        },
        LedgerCompatTest("a version that a run holds stays, and the newer one waits for it") { ledger in
            try await ledger.register([arrival("a", "1")])
            let held = try #require(try await ledger.lease(source: "s", owner: owner, loadID: "l") { $0 })
            try await ledger.register([arrival("a", "2"), arrival("b", "1")])
            #expect(try await states(ledger) == ["a 1 leased", "a 2 seen", "b 1 seen"])
            let next = try #require(try await ledger.lease(source: "s", owner: other, loadID: "m") { $0 })
            #expect(next.entries.map(\.object.key) == ["b"])
            try await ledger.release(held.lease, outcomes: outcomes(held.entries, .loaded))
            let last = try #require(try await ledger.lease(source: "s", owner: other, loadID: "n") { $0 })
            #expect(last.entries.map(\.object.version) == ["2"])
        },
        LedgerCompatTest("an object of the same name under another source is another object") { ledger in
            try await ledger.register([arrival("a", "1"), arrival("a", "2", source: "t")])
            #expect(try await states(ledger) == ["a 1 seen", "a 2 seen"])
        },
    ]

    private static let leasing: [LedgerCompatTest] = [
        LedgerCompatTest("what is chosen is taken in that order, and nothing else") { ledger in
            try await ledger.register(["a", "b", "c"].map { arrival($0, "1") })
            let taken = try #require(
                try await ledger.lease(source: "s", owner: owner, loadID: "l") { [$0[2], $0[0]] }
            )
            #expect(taken.entries.map(\.object.key) == ["c", "a"])
            #expect(taken.lease.loadID == "l")
            #expect(taken.lease.owner == owner)
            #expect(try await states(ledger) == ["a 1 leased", "b 1 seen", "c 1 leased"])
            let entries = try await ledger.entries(matching: LedgerFilter(states: [.leased]))
            #expect(entries.map(\.loadID) == ["l", "l"])
            #expect(entries.map(\.attempts) == [1, 1])
        },
        LedgerCompatTest("an empty choice takes nothing") { ledger in
            try await ledger.register([arrival("a", "1")])
            #expect(try await ledger.lease(source: "s", owner: owner, loadID: "l") { _ in [] } == nil)
            #expect(try await ledger.lease(source: "t", owner: owner, loadID: "l") { $0 } == nil)
            #expect(try await states(ledger) == ["a 1 seen"])
        },
        LedgerCompatTest("a batch that is given back has its outcomes, and failed objects are offered again") {
            ledger in
            try await ledger.register([arrival("a", "1"), arrival("b", "1")])
            let taken = try #require(try await ledger.lease(source: "s", owner: owner, loadID: "l") { $0 })
            let ends = outcomes([taken.entries[0]], .failed) + outcomes([taken.entries[1]], .quarantined)
            try await ledger.release(taken.lease, outcomes: ends)
            let entries = try await ledger.entries(matching: LedgerFilter())
            #expect(entries.map(\.state) == [.failed, .quarantined])
            #expect(entries.map(\.error) == ["why", nil])
            #expect(entries[1].counts == RowCounts(read: 4, silver: 3, quarantined: 1))
            await expectError(.leaseLost) { try await ledger.release(taken.lease, outcomes: []) }
            let again = try #require(try await ledger.lease(source: "s", owner: owner, loadID: "m") { $0 })
            #expect(again.entries.map(\.object.key) == ["a"])
            #expect(again.lease.token > taken.lease.token)
        },
        LedgerCompatTest("many that take at once take every object once") { ledger in
            try await ledger.register((0..<60).map { arrival("k\($0)", "1") })
            let taken = try await withThrowingTaskGroup(of: [String].self) { group in
                for number in 0..<12 {
                    group.addTask {
                        let batch = try await ledger.lease(source: "s", owner: owner, loadID: "l\(number)") {
                            Array($0.prefix(5))
                        }
                        return batch?.entries.map(\.object.key) ?? []
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(taken.count == 60)
            #expect(Set(taken).count == 60)
        },
    ]

    private static let takingOver: [LedgerCompatTest] = [
        LedgerCompatTest("the batch of a dead owner is taken over whole, under its own name") { ledger in
            try await ledger.register([arrival("a", "1"), arrival("b", "1"), arrival("c", "1")])
            let dead = try #require(
                try await ledger.lease(source: "s", owner: owner, loadID: "l") { Array($0.dropLast()) }
            )
            #expect(try await ledger.resume(source: "s", owner: other) { _ in true } == nil)
            #expect(try await ledger.resume(source: "t", owner: other) { _ in false } == nil)
            let taken = try #require(try await ledger.resume(source: "s", owner: other) { $0 != owner })
            #expect(taken.lease.loadID == "l")
            #expect(taken.lease.owner == other)
            #expect(taken.lease.token > dead.lease.token)
            #expect(taken.entries.map(\.object.key) == ["a", "b"])
            #expect(try await ledger.resume(source: "s", owner: other) { $0 != owner } == nil)
            let entries = try await ledger.entries(matching: LedgerFilter(states: [.leased]))
            #expect(entries.map(\.attempts) == [2, 2])
        },
        LedgerCompatTest("an owner that was thought dead can no longer give anything back") { ledger in
            try await ledger.register([arrival("a", "1")])
            let dead = try #require(try await ledger.lease(source: "s", owner: owner, loadID: "l") { $0 })
            let taken = try #require(try await ledger.resume(source: "s", owner: other) { _ in false })
            await expectError(.leaseLost) {
                try await ledger.release(dead.lease, outcomes: outcomes(dead.entries, .failed))
            }
            #expect(try await states(ledger) == ["a 1 leased"])
            try await ledger.release(taken.lease, outcomes: outcomes(taken.entries, .loaded))
            #expect(try await states(ledger) == ["a 1 loaded"])
        },
    ]

    private static let outdating: [LedgerCompatTest] = [
        LedgerCompatTest("of a key one version waits at most, the newest, also when an older one is given back") {
            ledger in
            for state in [ObjectState.seen, .failed] {
                let key = state.rawValue
                try await ledger.register([arrival(key, "1")])
                let held = try #require(try await ledger.lease(source: "s", owner: owner, loadID: key) { $0 })
                try await ledger.register([arrival(key, "2")])
                try await ledger.release(held.lease, outcomes: outcomes(held.entries, state))
                let next = try #require(try await ledger.lease(source: "s", owner: owner, loadID: key + "2") { $0 })
                #expect(next.entries.map(\.object.version) == ["2"])
                try await ledger.release(next.lease, outcomes: outcomes(next.entries, .loaded))
            }
            let expected = ["seen 1 superseded", "seen 2 loaded", "failed 1 superseded", "failed 2 loaded"]
            #expect(try await states(ledger) == expected)
        }
    ]

    private static let listing: [LedgerCompatTest] = [
        LedgerCompatTest("entries are found by source, key, state and number") { ledger in
            try await ledger.register(
                ["a", "b", "it's", "c"].map { arrival($0, "1") } + [arrival("d", "1", source: "t")]
            )
            let taken = try #require(
                try await ledger.lease(source: "s", owner: owner, loadID: "l") { Array($0.prefix(1)) }
            )
            try await ledger.release(taken.lease, outcomes: outcomes(taken.entries, .loaded))
            func keys(_ filter: LedgerFilter) async throws -> [String] {
                try await ledger.entries(matching: filter).map(\.object.key)
            }
            #expect(try await keys(LedgerFilter(source: "t")) == ["d"])
            #expect(try await keys(LedgerFilter(keys: ["it's", "a", "none"])) == ["a", "it's"])
            #expect(try await keys(LedgerFilter(states: [.loaded])) == ["a"])
            #expect(try await keys(LedgerFilter(states: [])) == [])
            #expect(try await keys(LedgerFilter(source: "s", limit: 2)) == ["it's", "c"])
            #expect(try await keys(LedgerFilter(limit: 0)) == [])
            #expect(try await ledger.counts(source: "s") == [.loaded: 1, .seen: 3])
            #expect(try await ledger.counts(source: "t") == [.seen: 1])
            #expect(try await ledger.counts(source: "none") == [:])
        }
    ]
}
