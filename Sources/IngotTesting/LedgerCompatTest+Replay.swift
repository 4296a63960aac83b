import IngotCore
import Testing

extension LedgerCompatTest {
    /// Registers one version of a key and settles it.
    @discardableResult
    private static func settle(
        _ ledger: any Ledger,
        _ key: String,
        _ version: String,
        _ state: ObjectState = .loaded
    ) async throws -> LedgerEntry {
        try await ledger.register([arrival(key, version)])
        let taken = try #require(
            try await ledger.lease(source: "s", owner: owner, loadID: key + version) { waiting in
                waiting.filter { $0.object.key == key && $0.object.version == version }
            }
        )
        try await ledger.release(taken.lease, outcomes: outcomes(taken.entries, state))
        let entries = try await ledger.entries(matching: LedgerFilter(keys: [key]))
        return try #require(entries.first { $0.object.version == version })
    }

    private static func entry(_ ledger: any Ledger, _ key: String, _ version: String) async throws -> LedgerEntry {
        let entries = try await ledger.entries(matching: LedgerFilter(keys: [key]))
        return try #require(entries.first { $0.object.version == version })
    }

    static let replaying: [LedgerCompatTest] = [
        LedgerCompatTest("what is loaded again waits, and its rows are known to be in the tables") { ledger in
            let loaded = try await settle(ledger, "a", "1")
            let bad = try await settle(ledger, "b", "1", .quarantined)
            let failed = try await settle(ledger, "c", "1", .failed)
            let ids = [loaded.id, bad.id, failed.id]
            for _ in 0..<2 {
                #expect(try await ledger.reload(ids + [9_999]) == Set(ids))
                #expect(try await states(ledger) == ["a 1 seen", "b 1 seen", "c 1 seen"])
            }
            let published = try await ledger.entries(matching: LedgerFilter(isPublished: true))
            #expect(published.map(\.published) == [.loaded, .quarantined])
            #expect(published.map(\.counts) == [loaded.counts, bad.counts])
            let held = try #require(try await ledger.lease(source: "s", owner: owner, loadID: "again") { $0 })
            #expect(held.entries.map(\.published) == [.loaded, .quarantined, nil])
            #expect(try await ledger.reload(ids) == [], "a run holds them")
            try await ledger.release(held.lease, outcomes: outcomes(held.entries, .failed))
            let after = try await ledger.entries(matching: LedgerFilter(loadID: "again"))
            #expect(after.map(\.published) == [.loaded, .quarantined, nil])
            #expect(after.map(\.counts) == [loaded.counts, bad.counts, failed.counts])
            #expect(after.map(\.error) == ["why", "why", "why"])
        },
        LedgerCompatTest("a newer version ends what waits to be loaded again, which is what it was") { ledger in
            let old = try await settle(ledger, "a", "1", .quarantined)
            #expect(try await ledger.reload([old.id]) == [old.id])
            try await ledger.register([arrival("a", "2")])
            #expect(try await states(ledger) == ["a 1 quarantined", "a 2 seen"])
            #expect(try await ledger.reload([old.id]) == [], "a newer version waits")

            let held = try await settle(ledger, "b", "1")
            #expect(try await ledger.reload([held.id]) == [held.id])
            let lease = try #require(
                try await ledger.lease(source: "s", owner: owner, loadID: "l") { $0.filter { $0.id == held.id } }
            )
            try await ledger.register([arrival("b", "2")])
            try await ledger.release(lease.lease, outcomes: outcomes(lease.entries, .seen))
            #expect(try await entry(ledger, "b", "1").state == .loaded)
        },
        LedgerCompatTest("a superseded version is not loaded again") { ledger in
            try await ledger.register([arrival("a", "1"), arrival("a", "2")])
            let old = try await entry(ledger, "a", "1")
            #expect(try await ledger.reload([old.id]) == [])
            #expect(try await ledger.undo(old.id) == false)
            #expect(try await states(ledger) == ["a 1 superseded", "a 2 seen"])
        },
        LedgerCompatTest("what is undone waits to be taken out, and stays out until another version was there") {
            ledger in
            let old = try await settle(ledger, "a", "1")
            #expect(try await ledger.undo(old.id))
            let taken = try #require(try await ledger.lease(source: "s", owner: owner, loadID: "l") { $0 })
            #expect(taken.entries.map(\.isUndone) == [true])
            #expect(try await ledger.undo(old.id) == false, "a run holds it")
            try await ledger.release(taken.lease, outcomes: outcomes(taken.entries, .undone))
            #expect(try await ledger.undo(old.id) == false, "it is undone already")
            #expect(try await entry(ledger, "a", "1").published == nil)
            try await ledger.register([arrival("a", "1")])
            #expect(try await states(ledger) == ["a 1 undone"])
            try await ledger.register([arrival("a", "2")])
            try await ledger.register([arrival("a", "1")])
            #expect(try await states(ledger) == ["a 1 seen", "a 2 superseded"])
            #expect(try await entry(ledger, "a", "1").isUndone == false)
            #expect(try await entry(ledger, "a", "1").arrival == 3)
        },
        LedgerCompatTest("what arrives again while it waits to be taken out, or is, is loaded again") { ledger in
            for isHeld in [false, true] {
                let key = "\(isHeld)"
                let old = try await settle(ledger, key, "1")
                #expect(try await ledger.undo(old.id))
                let taken = isHeld ? try await ledger.lease(source: "s", owner: owner, loadID: key) { $0 } : nil
                try await ledger.register([arrival(key, "2")])
                try await ledger.register([arrival(key, "1")])
                if let taken {
                    #expect(try await entry(ledger, key, "1").state == .leased)
                    try await ledger.release(taken.lease, outcomes: outcomes(taken.entries, .undone))
                }
                let both = try await ledger.entries(matching: LedgerFilter(keys: [key]))
                #expect(both.map(\.state) == [.seen, .superseded])
                #expect(both[0].isUndone == false && both[0].published == (isHeld ? nil : .loaded))
                let next = try #require(
                    try await ledger.lease(source: "s", owner: owner, loadID: key + "n") { $0 }
                )
                try await ledger.release(next.lease, outcomes: outcomes(next.entries, .loaded))
            }
        },
        LedgerCompatTest("what is undone comes back where it is loaded again, unless a newer version took its place") {
            ledger in
            for isReplaced in [false, true] {
                let key = "\(isReplaced)"
                let old = try await settle(ledger, key, "1")
                #expect(try await ledger.undo(old.id))
                let taken = try #require(try await ledger.lease(source: "s", owner: owner, loadID: key) { $0 })
                try await ledger.release(taken.lease, outcomes: outcomes(taken.entries, .undone))
                if isReplaced { try await settle(ledger, key, "2") }
                #expect(try await ledger.reload([old.id]) == (isReplaced ? [] : [old.id]))
            }
        },
        LedgerCompatTest("what waits to be taken out goes on waiting beside a newer version, and supersedes nothing") {
            ledger in
            let old = try await settle(ledger, "a", "1")
            #expect(try await ledger.undo(old.id))
            try await ledger.register([arrival("a", "1")])
            try await ledger.register([arrival("a", "2")])
            #expect(try await states(ledger) == ["a 1 seen", "a 2 seen"])
            let taken = try #require(try await ledger.lease(source: "s", owner: owner, loadID: "l") { $0 })
            #expect(taken.entries.map(\.isUndone) == [true, false])
            try await ledger.release(taken.lease, outcomes: outcomes(taken.entries, .seen))
            #expect(try await states(ledger) == ["a 1 seen", "a 2 seen"])
        },
        LedgerCompatTest("a live version that is back after others is the last one") { ledger in
            try await settle(ledger, "a", "1")
            let bad = try await settle(ledger, "a", "2", .failed)
            try await ledger.register([arrival("a", "1")])
            #expect(try await states(ledger) == ["a 1 loaded", "a 2 superseded"])
            #expect(try await entry(ledger, "a", "1").arrival > bad.arrival)
        },
        LedgerCompatTest("entries are found by batch and by time") { ledger in
            try await settle(ledger, "a", "1")
            try await ledger.register([arrival("b", "1")])
            func keys(_ filter: LedgerFilter) async throws -> [String] {
                try await ledger.entries(matching: filter).map(\.object.key)
            }
            #expect(try await keys(LedgerFilter(loadID: "a1")) == ["a"])
            #expect(try await keys(LedgerFilter(seen: 30..<31)) == ["a", "b"])
            #expect(try await keys(LedgerFilter(seen: 0..<30)) == [])
            #expect(try await keys(LedgerFilter(seen: Int64.min..<Int64.max, isPublished: true)) == ["a"])
        },
    ]
}
