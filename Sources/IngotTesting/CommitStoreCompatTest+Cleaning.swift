import IngotCore
import Testing

extension CommitStoreCompatTest {
    private static func waiting(_ store: any Store, due: Int64 = 100, retry: Int64 = 0) async throws -> [String] {
        try await store.cleanings(source: "s", due: due, retry: retry, limit: 10).map(\.object.key)
    }

    /// Two objects that are loaded, of which one's file is to be taken away at 50.
    private static func loaded(_ store: any Store) async throws -> [LedgerEntry] {
        let batch = try await batch(store)
        var commit = commit(batch, [swap(nil, "1")])
        commit.cleanings = [batch.entries[0].id: 50]
        try await store.commit(commit)
        return batch.entries
    }

    static let cleanings: [CommitStoreCompatTest] = [
        CommitStoreCompatTest("a file is to be taken away from the commit on, when it is due, until that is done") {
            store in
            let batch = try await batch(store)
            var commit = commit(batch, [swap("wrong", "1")])
            commit.cleanings = [batch.entries[0].id: 50]
            await expectError(.tableChanged) { try await store.commit(commit) }
            #expect(try await waiting(store) == [])
            commit.pointers = [swap(nil, "1")]
            try await store.commit(commit)
            #expect(try await waiting(store, due: 49) == [])
            #expect(try await waiting(store, due: 50) == ["a"])
            #expect(try await store.cleanings(source: "t", due: 100, retry: 0, limit: 10).isEmpty)
            #expect(try await store.cleanings(source: "s", due: 100, retry: 0, limit: 0).isEmpty)
            let entries = try await store.entries(matching: LedgerFilter())
            #expect(entries.map(\.cleaning) == [Cleaning(due: 50), nil])
            let moved = Cleaning(state: .moved, due: 50, attempts: 1, tried: 60, destination: "/x")
            try await store.settle([batch.entries[0].id: moved, batch.entries[1].id: moved])
            #expect(try await waiting(store) == [])
            let settled = try await store.entries(matching: LedgerFilter())
            #expect(settled.map(\.cleaning) == [moved, nil])
            try await store.settle([batch.entries[0].id: Cleaning(state: .gone, due: 50)])
            #expect(try await store.entries(matching: LedgerFilter(keys: ["a"])).map(\.cleaning) == [moved])
        },
        CommitStoreCompatTest("a file that could not be taken away waits, and the others are tried before it") {
            store in
            let entries = try await loaded(store)
            let failed = Cleaning(due: 50, retry: 500, attempts: 1, tried: 60, error: "no")
            try await store.settle([entries[0].id: failed])
            #expect(try await waiting(store, retry: 499) == [])
            #expect(try await waiting(store, retry: 500) == ["a"])
            var again = LedgerCompatTest.arrival("b", "1")
            again.cleaningDue = 70
            try await store.register([again])
            #expect(try await waiting(store, retry: .max) == ["b", "a"])
        },
        CommitStoreCompatTest("a file that comes back as it was loaded is to be taken away again") { store in
            let entries = try await loaded(store)
            try await store.settle([entries[0].id: Cleaning(state: .deleted, due: 50, attempts: 1, tried: 60)])
            var again = LedgerCompatTest.arrival("a", "1")
            try await store.register([again])
            #expect(try await waiting(store) == [])
            again.cleaningDue = 70
            try await store.register([again])
            #expect(try await waiting(store, due: 69) == [])
            #expect(try await waiting(store, due: 70) == ["a"])
            var newer = LedgerCompatTest.arrival("a", "2")
            newer.cleaningDue = 70
            try await store.register([newer])
            #expect(try await waiting(store, due: 70) == ["a"])
        },
        CommitStoreCompatTest("a replay looks for the file again, and knows where the first load's file was moved to") {
            store in
            let old = try await loaded(store)
            let moved = Cleaning(state: .moved, due: 50, attempts: 1, tried: 60, destination: "/x")
            try await store.settle([old[0].id: moved])
            #expect(try await store.reload([old[0].id]) == [old[0].id])
            let lease = try await store.lease(source: "s", owner: LedgerCompatTest.owner, loadID: "m") { $0 }
            var commit = commit(try #require(lease), [swap("1", "2")])
            commit.cleanings = [old[0].id: 80]
            try await store.commit(commit)
            let entries = try await store.entries(matching: LedgerFilter(keys: ["a"]))
            #expect(entries.map(\.cleaning) == [Cleaning(due: 80, destination: "/x")])
        },
        CommitStoreCompatTest("the file of an object that is undone is left alone") { store in
            let old = try await loaded(store)
            #expect(try await store.undo(old[0].id))
            #expect(try await waiting(store) == [])
            let lease = try await store.lease(source: "s", owner: LedgerCompatTest.owner, loadID: "m") { $0 }
            var commit = commit(try #require(lease), [swap("1", "2")])
            commit.outcomes = [BatchCommit.Outcome(id: old[0].id, state: .undone, counts: RowCounts())]
            try await store.commit(commit)
            #expect(try await waiting(store) == [])
            #expect(try await store.entries(matching: LedgerFilter(keys: ["a"])).map(\.cleaning) == [nil])
        },
        CommitStoreCompatTest("the file of a version whose place another one took is left alone") { store in
            let old = try await loaded(store)
            try await store.register([LedgerCompatTest.arrival("a", "2")])
            let lease = try await store.lease(source: "s", owner: LedgerCompatTest.owner, loadID: "m") { $0 }
            let newer = try #require(lease)
            var commit = commit(newer, [swap("1", "2")])
            commit.superseded = [old[0].id]
            try await store.commit(commit)
            #expect(try await waiting(store) == [])
            #expect(try await store.entries(matching: LedgerFilter()).map(\.cleaning) == [nil, nil, nil])
        },
    ]
}
