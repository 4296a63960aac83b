import Foundation
import IngotCore
import IngotEngine
import Testing

/// Whatever is replayed and undone, the tables are those of one load of the versions that count.
@Suite("The law of silver under replays and undos", .timeLimit(.minutes(30)))
struct LawOfReplayTests {
    /// What has arrived under one key.
    private struct Arrivals {
        /// The versions, in the order of their last arrivals.
        var versions: [LawOfSilverTests.Version] = []
        /// The texts of those that were undone since.
        var undone: Set<String> = []
        /// What the file holds, where it is there.
        var file: LawOfSilverTests.Version?

        /// The version that counts.
        var current: LawOfSilverTests.Version? { versions.last { !undone.contains($0.text) } }

        /// Notes what a listing finds.
        mutating func list() {
            guard let file, versions.last?.text != file.text else { return }
            versions.removeAll { $0.text == file.text }
            versions.append(file)
            undone.remove(file.text)
        }
    }

    @Test("Any history gives the tables of one load of what counts", arguments: LawOfSilverTests.contracts, 1...4)
    func anyHistory(contract: String, seed: Int) async throws {
        var random = SeededGenerator(seed: UInt64(seed) &+ 1_000)
        let lived = try LawOfSilverTests.project(contract)
        var keys: [String: Arrivals] = [:]
        for version in LawOfSilverTests.history(&random) {
            try LawOfSilverTests.write(version, to: lived)
            keys[version.key, default: Arrivals()].file = version
            for _ in 0..<Int.random(in: 0...2, using: &random) { try await step(in: lived, &keys, &random) }
        }
        try await ingest(lived, &keys)

        let fresh = try LawOfSilverTests.project(contract)
        for version in keys.values.compactMap(\.current) { try LawOfSilverTests.write(version, to: fresh) }
        try await fresh.ingest()
        for table in ["silver.things", "quarantine.things"] {
            let columns = "SELECT * EXCLUDE (_load_id, _ingested_at) FROM t ORDER BY ALL"
            #expect(try await lived.rows(table, columns) == fresh.rows(table, columns), "\(table), seed \(seed)")
        }
        try await lived.expectBalancedThings()

        // A lost state comes back with all of it, and nothing is loaded that was undone.
        let ledger = try await lived.ledger()
        let report = try await lived.rebuild().report
        #expect(report.problems == [])
        #expect(try await lived.ledger() == ledger, "seed \(seed)")
        try await lived.ingest()
        #expect(try await lived.ledger() == ledger, "seed \(seed)")
        try await lived.expectBalancedThings()
    }

    /// One thing that may happen.
    private func step(
        in project: TestProject,
        _ keys: inout [String: Arrivals],
        _ random: inout SeededGenerator
    ) async throws {
        let key = keys.keys.sorted().randomElement(using: &random) ?? ""
        switch Int.random(in: 0..<7, using: &random) {
        case 0, 1: try await ingest(project, &keys)
        case 2:
            let picks = (0..<16).map { _ in Bool.random(using: &random) }
            try await project.withEngine { engine in
                let all = try await engine.replayableObjects(of: ["things"], seen: .min ..< .max)
                _ = try await engine.replay(all.enumerated().filter { picks[$0.offset % 16] }.map(\.element))
            }
        case 3 where keys[key]?.current != nil:
            let report = try await project.withEngine { engine in
                try await engine.undo(try await engine.object(named: key))
            }
            #expect(report.objects.undone == 1)
            if let text = keys[key]?.current?.text { keys[key]?.undone.insert(text) }
        case 4 where keys[key]?.undone.isEmpty == false:
            // Of what was undone, only that comes back whose place nothing newer took.
            try await project.withEngine { engine in
                let all = try await engine.entries(LedgerFilter(keys: [key]))
                let last = all.filter { !$0.isUndone }.map(\.arrival).max() ?? 0
                let next = all.filter { $0.isUndone && $0.arrival > last }.min { $0.arrival < $1.arrival }
                _ = try await engine.replay(next.map { [$0] } ?? [])
            }
            if let arrivals = keys[key] {
                let last = arrivals.versions.lastIndex { !arrivals.undone.contains($0.text) } ?? -1
                if last + 1 < arrivals.versions.count { keys[key]?.undone.remove(arrivals.versions[last + 1].text) }
            }
        case 5 where keys[key]?.file != nil:
            try project.remove("landing/\(key)")
            keys[key]?.file = nil
        case 6: _ = try await project.withEngine { try await $0.compact(isWhole: true) }
        default: break
        }
    }

    private func ingest(_ project: TestProject, _ keys: inout [String: Arrivals]) async throws {
        try await project.ingest()
        for key in keys.keys { keys[key]?.list() }
    }
}
