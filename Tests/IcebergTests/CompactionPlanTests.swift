import Iceberg
import Testing

@Suite("Plans of compaction")
struct CompactionPlanTests {
    private static func entry(
        _ number: Int,
        rows: Int64,
        size: Int64 = 1_000,
        day: Int32 = 1,
        specID: Int = 0
    ) -> ManifestEntry {
        var file = TestTable.file("f\(number)", day: day, rows: rows)
        file.fileSize = size
        file.specID = specID
        return ManifestEntry(status: .added, snapshotID: 1, sequenceNumber: Int64(number), file: file)
    }

    private static func names(_ groups: [CompactionPlan.Group]) -> [[String]] {
        groups.map { group in
            group.files.map { String($0.path.dropFirst("/lake/silver/t/data/".count).dropLast(".parquet".count)) }
        }
    }

    @Test("Files become one when enough have gathered in a partition, in the order in which they came")
    func gathered() {
        let plan = CompactionPlan(minCount: 3, sizeMax: 100_000)
        let days = [1, 2, 1, 2, 1].enumerated().map { Self.entry($0.offset, rows: 1, day: Int32($0.element)) }
        #expect(plan.groups(of: Array(days.prefix(4))).isEmpty)
        let groups = plan.groups(of: days.reversed())
        #expect(Self.names(groups) == [["f0", "f2", "f4"]])
        #expect(groups.map(\.sequenceNumber) == [4])
        // Files of different specs have no partition in common.
        let specs = (0..<4).map { Self.entry($0, rows: 1, specID: $0 % 2) }
        #expect(plan.groups(of: specs).isEmpty)
    }

    @Test("What is large enough stays, and nothing is joined across it")
    func large() {
        let plan = CompactionPlan(minCount: 2, sizeMax: 10_000)
        let sizes: [Int64] = [1_000, 1_000, 5_001, 1_000, 5_000, 4_000, 4_000, 4_000]
        let entries = sizes.enumerated().map { Self.entry($0.offset, rows: 1, size: $0.element) }
        #expect(Self.names(plan.groups(of: entries)) == [["f0", "f1"], ["f3", "f4", "f5"], ["f6", "f7"]])
    }

    @Test("A group has a thousand files at most, since each takes memory to read")
    func many() {
        let entries = (0..<2_500).map { Self.entry($0, rows: 1, size: 1) }
        let groups = CompactionPlan(minCount: 50, sizeMax: 1 << 30).groups(of: entries)
        #expect(groups.map(\.files.count) == [1_000, 1_000, 500])
        #expect(groups.map(\.sequenceNumber) == [999, 1_999, 2_499])
    }

    @Test("A large file is not written anew for a few small ones, unless as few files as possible are wanted")
    func tiers() {
        let entries = [Self.entry(0, rows: 1_000)] + (1..<9).map { Self.entry($0, rows: 1) }
        #expect(CompactionPlan(minCount: 10, sizeMax: 1 << 30).groups(of: entries).isEmpty)
        let whole = CompactionPlan(minCount: 2, sizeMax: 1 << 30, isWhole: true).groups(of: entries)
        #expect(whole.map(\.files.count) == [9])
        let more = entries + (9..<12).map { Self.entry($0, rows: 1) }
        #expect(CompactionPlan(minCount: 10, sizeMax: 1 << 30).groups(of: more).map(\.files.count) == [11])
    }

    @Test("Delete files and files that are gone are in no group")
    func others() {
        var entries = (0..<4).map { Self.entry($0, rows: 1) }
        entries[1].status = .deleted
        entries[2].file.content = .positionDeletes
        #expect(Self.names(CompactionPlan(minCount: 2, sizeMax: 1 << 20).groups(of: entries)) == [["f0", "f3"]])
    }

    /// What becomes of a table to which a file of some rows is added again and again, with a plan after each.
    private static func lived(_ rows: some Sequence<Int64>, minCount: Int) -> (files: [ManifestEntry], rewritten: Int64)
    {
        let plan = CompactionPlan(minCount: minCount, sizeMax: .max / 4)
        var (entries, rewritten): ([ManifestEntry], Int64) = ([], 0)
        for (number, rows) in rows.enumerated() {
            entries.append(entry(number, rows: rows))
            for group in plan.groups(of: entries) {
                let old = Set(group.files.map(\.path))
                let count = group.files.reduce(0) { $0 + $1.recordCount }
                rewritten += count
                let place = entries.firstIndex { old.contains($0.file.path) } ?? entries.endIndex
                // Only files that follow each other become one.
                #expect(entries[place..<(place + old.count)].allSatisfy { old.contains($0.file.path) })
                entries.removeSubrange(place..<(place + old.count))
                var new = entry(number, rows: count)
                new.file.path += "-c"
                new.sequenceNumber = group.sequenceNumber
                entries.insert(new, at: place)
            }
        }
        return (entries, rewritten)
    }

    @Test("However files come, few are left and a row is written anew at most once a tier", arguments: 0..<20)
    func amortised(seed: Int) {
        var random = SplitMix(state: UInt64(seed) &+ 1)
        let most = Int64([1, 5, 20, 400][seed % 4])
        let rows = (0..<3_000).map { _ in Int64.random(in: 1...most, using: &random) }
        let (files, rewritten) = Self.lived(rows, minCount: 10)
        let total = rows.reduce(0, +)
        #expect(files.reduce(0) { $0 + $1.file.recordCount } == total)
        // Tiers end at 10, 100, ...: a row is written anew when it comes into the next one.
        var (tiers, end): (Int64, Int64) = (0, 1)
        while end <= total { (tiers, end) = (tiers + 1, end * 10) }
        #expect(rewritten <= total * tiers)
        #expect(files.count <= 10 * Int(tiers))
    }
}
