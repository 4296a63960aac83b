public import IngotCore
public import Testing

/// What every ``CommitStore`` must keep, together with what its commits change: pointers, ledger, runs, models, garbage.
///
/// An adapter runs each case over a state of its own that is empty.
public struct CommitStoreCompatTest: Sendable, CustomTestStringConvertible {
    /// A state whose commits are one transaction over all of it.
    public typealias Store = CleaningStore & CommitStore & GarbageStore & Ledger & LineageStore & MessageQueue
        & ModelStore & RunLog & TablePointerStore

    /// What the case shows.
    public let name: String
    private let body: @Sendable (any Store) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (any Store) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// Every case.
    public static let cases: [CommitStoreCompatTest] = commits + letters + undoing + runs + models + cleanings + lineage

    /// Runs the case over an empty state, recording issues with Swift Testing.
    public func run(_ store: some Store) async throws {
        try await body(store)
    }

    /// What the case shows.
    public var testDescription: String { name }
}

extension CommitStoreCompatTest {
    private typealias Objects = LedgerCompatTest

    static func run(_ id: String, _ status: Run.Status = .succeeded, started: Int64 = 1) -> Run {
        Run(
            id: id,
            loadID: "l",
            kind: .ingest,
            name: "users",
            status: status,
            started: started,
            ended: status == .running ? nil : started + 5,
            inputs: 2,
            counts: RowCounts(read: 4, silver: 3, quarantined: 1),
            sources: ["a", "b"],
            targets: ["silver.users"],
            error: status == .failed ? "why" : nil
        )
    }

    static func swap(_ expected: String?, _ replacement: String?) -> PointerSwap {
        PointerSwap(namespace: "silver", table: "users", expected: expected, replacement: replacement)
    }

    /// A batch of two objects that is ready to commit.
    static func batch(_ store: any Store) async throws -> (lease: Lease, entries: [LedgerEntry]) {
        _ = try await store.createNamespace("silver", properties: [:])
        try await store.register([Objects.arrival("a", "1"), Objects.arrival("b", "1")])
        return try #require(try await store.lease(source: "s", owner: Objects.owner, loadID: "l") { $0 })
    }

    /// Expects that nothing of a commit is there.
    private static func expectNothing(_ store: any Store, pointer: String?) async throws {
        #expect(try await store.pointer(namespace: "silver", table: "users") == pointer)
        #expect(try await Objects.states(store) == ["a 1 leased", "b 1 leased"])
        #expect(try await store.run(id: "r") == nil)
        #expect(try await store.pending(model: "daily").isEmpty)
        #expect(try await store.modelStates().isEmpty)
        #expect(try await store.garbage(before: .max, limit: 10).isEmpty)
    }

    static func commit(_ batch: (lease: Lease, entries: [LedgerEntry]), _ swaps: [PointerSwap]) -> BatchCommit {
        let state = ModelState(model: "daily", fingerprint: "f", inputs: ["silver.users": 7], computed: 9)
        return BatchCommit(
            pointers: swaps,
            lease: batch.lease,
            outcomes: Objects.outcomes(batch.entries, .loaded),
            run: run("r"),
            pending: [PendingChange(model: "daily", input: "silver.users", extent: .interval(5))],
            model: ModelCommit(state: state, cleared: []),
            garbage: [Garbage(location: "/old", after: 3)]
        )
    }
}

extension CommitStoreCompatTest {
    private static let commits: [CommitStoreCompatTest] = [
        CommitStoreCompatTest("everything of a batch is true at once") { store in
            let batch = try await batch(store)
            try await store.commit(commit(batch, [swap(nil, "1")]))
            #expect(try await store.pointer(namespace: "silver", table: "users") == "1")
            let entries = try await store.entries(matching: LedgerFilter())
            #expect(entries.map(\.state) == [.loaded, .loaded])
            #expect(entries.map(\.runID) == ["r", "r"])
            #expect(entries.first?.counts == RowCounts(read: 4, silver: 3, quarantined: 1))
            #expect(try await store.run(id: "r") == run("r"))
            let pending = try await store.pending(model: "daily")
            #expect(pending.map(\.extent) == [.interval(5)])
            #expect(try await store.modelStates()["daily"]?.inputs == ["silver.users": 7])
            #expect(try await store.garbage(before: 3, limit: 10) == [Garbage(location: "/old", after: 3)])
            await expectError(.leaseLost) { try await store.commit(commit(batch, [swap("1", "2")])) }
            #expect(try await store.pointer(namespace: "silver", table: "users") == "1")
        },
        CommitStoreCompatTest("messages end with the commit, and only with it") { store in
            let batch = try await batch(store)
            let sent = ["a", "b", "c"].map { OutgoingMessage(group: $0, body: "") }
            try await store.send(sent, to: "q", now: 0)
            let request = ReceiveRequest(limit: 3, visibility: 100, receivesMax: 3, receiver: Objects.owner)
            let receipts = try await store.receive(from: "q", request, now: 0).map(\.receipt)
            var done = commit(batch, [swap("9", "1")])
            done.acknowledged = [receipts[0]]
            done.givenBack = [
                MessageFailure(receipts[1], error: "refused", fate: .bury),
                MessageFailure(receipts[2], error: "busy", fate: .retry(after: 7)),
            ]
            await expectError(.tableChanged) { try await store.commit(done) }
            #expect(try await store.depth(of: "q", now: 1) == QueueDepth(held: 3, oldest: 0))
            done.pointers = [swap(nil, "1")]
            try await store.commit(done)
            #expect(try await store.depth(of: "q", now: 1) == QueueDepth(waiting: 1, dead: 1, oldest: 0))
            let dead = try await store.deadLetters(of: "q", after: nil, limit: 9)
            #expect(dead.map { $0.attempts.map(\.error) } == [["refused"]])
        },
        CommitStoreCompatTest("a pointer that has moved leaves everything as it was") { store in
            let batch = try await batch(store)
            _ = try await store.swap([swap(nil, "0")])
            await expectError(.tableChanged) { try await store.commit(commit(batch, [swap(nil, "1")])) }
            await expectError(.tableChanged) { try await store.commit(commit(batch, [swap("9", "1")])) }
            try await expectNothing(store, pointer: "0")
            try await store.commit(commit(batch, [swap("0", "1")]))
        },
        CommitStoreCompatTest("a lease that was taken over leaves everything as it was") { store in
            let batch = try await batch(store)
            let taken = try #require(try await store.resume(source: "s", owner: Objects.other) { _ in false })
            await expectError(.leaseLost) { try await store.commit(commit(batch, [swap(nil, "1")])) }
            try await expectNothing(store, pointer: nil)
            try await store.commit(commit(taken, [swap(nil, "1")]))
            #expect(try await Objects.states(store) == ["a 1 loaded", "b 1 loaded"])
        },
        CommitStoreCompatTest("an object that the batch does not hold leaves everything as it was") { store in
            let batch = try await batch(store)
            var wrong = commit(batch, [swap(nil, "1")])
            wrong.outcomes[1].id = 9_999
            await expectError(.leaseLost) { try await store.commit(wrong) }
            try await expectNothing(store, pointer: nil)
        },
        CommitStoreCompatTest("rows of earlier objects are superseded and recounted") { store in
            let first = try await batch(store)
            try await store.commit(commit(first, [swap(nil, "1")]))
            try await store.register([Objects.arrival("a", "2")])
            let next = try #require(try await store.lease(source: "s", owner: Objects.owner, loadID: "m") { $0 })
            var second = commit(next, [swap("1", "2")])
            second.run = run("q")
            second.superseded = [first.entries[0].id]
            let counts = RowCounts(read: 4, silver: 4, quarantined: 0)
            second.recounted = [BatchCommit.Outcome(id: first.entries[1].id, state: .loaded, counts: counts)]
            try await store.commit(second)
            #expect(try await Objects.states(store) == ["a 1 superseded", "b 1 loaded", "a 2 loaded"])
            let entries = try await store.entries(matching: LedgerFilter(keys: ["b"]))
            #expect(entries.first?.counts == counts)
        },
        CommitStoreCompatTest("an object that is not as it was cannot be recounted") { store in
            let batch = try await batch(store)
            var wrong = commit(batch, [swap(nil, "1")])
            wrong.recounted = [BatchCommit.Outcome(id: 9_999, state: .loaded, counts: RowCounts())]
            await expectError(.tableChanged) { try await store.commit(wrong) }
            try await expectNothing(store, pointer: nil)
        },
    ]

    private static let undoing: [CommitStoreCompatTest] = [
        CommitStoreCompatTest("an object is taken out, and the one that it had superseded comes back") { store in
            let first = try await batch(store)
            try await store.commit(commit(first, [swap(nil, "1")]))
            try await store.register([Objects.arrival("a", "2")])
            let next = try #require(try await store.lease(source: "s", owner: Objects.owner, loadID: "m") { $0 })
            var second = commit(next, [])
            second.superseded = [first.entries[0].id]
            try await store.commit(second)
            #expect(try await store.undo(next.entries[0].id))
            let taken = try #require(try await store.lease(source: "s", owner: Objects.owner, loadID: "n") { $0 })
            var third = commit(taken, [])
            third.run = run("back")
            third.outcomes = [BatchCommit.Outcome(id: taken.entries[0].id, state: .undone, counts: RowCounts())]
            third.restored = Objects.outcomes([first.entries[0]], .quarantined)
            try await store.commit(third)
            let entries = try await store.entries(matching: LedgerFilter(keys: ["a"]))
            #expect(entries.map(\.state) == [.quarantined, .undone])
            #expect(entries.map(\.published) == [.quarantined, nil])
            #expect(entries.map(\.counts.read) == [4, 0])
            #expect(entries.map(\.loadID) == ["n", "n"] && entries.map(\.runID) == ["back", "back"])
        },
        CommitStoreCompatTest("a version that is not superseded cannot come back") { store in
            let batch = try await batch(store)
            var wrong = commit(batch, [swap(nil, "1")])
            wrong.restored = Objects.outcomes([batch.entries[0]], .loaded)
            await expectError(.tableChanged) { try await store.commit(wrong) }
            try await expectNothing(store, pointer: nil)
        },
        CommitStoreCompatTest("a newer version that is loaded takes out what waits for that") { store in
            let first = try await batch(store)
            try await store.commit(commit(first, [swap(nil, "1")]))
            #expect(try await store.undo(first.entries[0].id))
            try await store.register([Objects.arrival("a", "2")])
            let next = try #require(
                try await store.lease(source: "s", owner: Objects.owner, loadID: "m") { $0.filter { !$0.isUndone } }
            )
            var second = commit(next, [])
            second.superseded = [first.entries[0].id]
            try await store.commit(second)
            #expect(try await Objects.states(store) == ["a 1 undone", "b 1 loaded", "a 2 loaded"])
        },
    ]

    private static let runs: [CommitStoreCompatTest] = [
        CommitStoreCompatTest("runs that ended before a time are forgotten, the oldest first, and others stay") {
            store in
            for (number, status) in [Run.Status.succeeded, .failed, .running, .succeeded].enumerated() {
                try await store.begin(run("r\(number)", status, started: Int64(number * 10)))
            }
            #expect(try await store.removeRuns(before: 15, limit: 1) == 1)
            #expect(try await store.runs(name: nil, limit: 10).map(\.id) == ["r3", "r2", "r1"])
            #expect(try await store.removeRuns(before: 15, limit: 10) == 0)
            #expect(try await store.removeRuns(before: 36, limit: 10) == 2)
            #expect(try await store.runs(name: nil, limit: 10).map(\.id) == ["r2"])
            #expect(try await store.run(id: "r3") == nil)
        },
        CommitStoreCompatTest("a run is known from its beginning to its end") { store in
            try await store.begin(run("r1", .running))
            #expect(try await store.run(id: "r1")?.status == .running)
            #expect(try await store.run(id: "r1")?.standing { _ in true }.status == .interrupted, "nobody is known")
            var owned = run("r9", .running)
            owned.owner = Objects.owner
            try await store.begin(owned)
            #expect(try await store.run(id: "r9") == owned)
            #expect(try await store.run(id: "r9")?.standing { $0 == Objects.owner } == owned)
            #expect(try await store.run(id: "r9")?.standing { _ in false }.status == .interrupted)
            try await store.fail(run("r1", .failed))
            #expect(try await store.run(id: "r1") == run("r1", .failed))
        },
        CommitStoreCompatTest("runs are listed newest first, and found by the beginning of their names") { store in
            for (id, started) in [("ab1", 1), ("ab2", 3), ("b", 2)] as [(String, Int64)] {
                try await store.begin(run(id, .running, started: started))
            }
            #expect(try await store.runs(name: nil, limit: 10).map(\.id) == ["ab2", "b", "ab1"])
            #expect(try await store.runs(name: "users", limit: 1).map(\.id) == ["ab2"])
            #expect(try await store.runs(name: "other", limit: 10).isEmpty)
            #expect(try await store.runs(loadID: "l").map(\.id) == ["ab2", "b", "ab1"])
            #expect(try await store.runs(loadID: "no batch").isEmpty)
            #expect(try await store.run(id: "ab") == nil)
            #expect(try await store.run(id: "ab1")?.id == "ab1")
            #expect(try await store.run(id: "b")?.id == "b")
        },
    ]

    private static let models: [CommitStoreCompatTest] = [
        CommitStoreCompatTest("a backfill is as far as the last commit of a slice says") { store in
            #expect(try await store.backfill(model: "daily") == nil)
            var backfill = Backfill(
                model: "daily",
                fingerprint: "f",
                start: -5,
                end: 7,
                sliceSize: 3,
                isNewestFirst: true
            )
            for done in 1...2 {
                backfill.done = done
                try await store.commit(BatchCommit(pointers: [], run: run("r\(done)"), backfill: backfill))
                #expect(try await store.backfill(model: "daily") == backfill)
            }
            #expect(try await store.backfill(model: "other") == nil)
        },
        CommitStoreCompatTest("what a model took in is cleared, and what came meanwhile stays") { store in
            let change = PendingChange(model: "daily", input: "i", extent: .key("[\"1\"]"))
            let everything = PendingChange(model: "daily", input: "i", extent: .everything)
            try await store.commit(BatchCommit(pointers: [], run: run("r1"), pending: [change, everything]))
            let seen = try await store.pending(model: "daily")
            #expect(Set(seen.map(\.extent)) == [.key("[\"1\"]"), .everything])
            try await store.commit(BatchCommit(pointers: [], run: run("r2"), pending: [change]))
            let state = ModelState(model: "daily", fingerprint: "f", inputs: [:], computed: 1)
            let model = ModelCommit(state: state, cleared: seen)
            try await store.commit(BatchCommit(pointers: [], run: run("r3"), model: model))
            let left = try await store.pending(model: "daily")
            #expect(left.map(\.extent) == [.key("[\"1\"]")])
            #expect(try await store.pending(model: "other").isEmpty)
            #expect(try await store.changedModels() == ["daily"])
            let rest = ModelCommit(state: state, cleared: left)
            try await store.commit(BatchCommit(pointers: [], run: run("r4"), model: rest))
            #expect(try await store.changedModels().isEmpty)
            #expect(try await store.modelStates() == ["daily": state])
        },
    ]
}
