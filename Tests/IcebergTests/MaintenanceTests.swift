import Iceberg
import Testing

@Suite("Maintenance")
struct MaintenanceTests {
    @Test("Snapshots leave by count and by age, and what a tag or the caller needs stays")
    func retention() async throws {
        var table = try await TestTable(properties: [
            "history.expire.max-snapshot-age-ms": "1000", "history.expire.min-snapshots-to-keep": "2",
        ])
        for number in 0..<6 {
            table.clock.advance(400)
            try await table.commit(
                SnapshotChange(adding: [TestTable.file("f\(number)", day: 1)], summary: ["load": "\(number)"])
            )
        }
        let metadata = try await table.metadata
        let now = metadata.lastUpdated
        func kept(_ metadata: TableMetadata, at time: Int64, protecting load: String? = nil) throws -> [String] {
            let retention = SnapshotRetention { $0.summary["load"] == load }
            return try metadata.applying(retention.updates(for: metadata, now: time), now: time)
                .snapshots.compactMap { $0.summary["load"] }
        }
        #expect(try kept(metadata, at: now) == ["3", "4", "5"])
        #expect(try kept(metadata, at: now + 100_000) == ["4", "5"])
        #expect(try kept(metadata, at: now + 100_000, protecting: "1") == ["1", "4", "5"])
        let tagged = try metadata.applying(
            [
                .setSnapshotReference("v1", SnapshotReference(snapshotID: metadata.snapshots[0].id, kind: .tag)),
                .setSnapshotReference(
                    "short",
                    SnapshotReference(snapshotID: metadata.snapshots[1].id, kind: .tag, maxReferenceAge: 50_000)
                ),
            ],
            now: now
        )
        #expect(try kept(tagged, at: now) == ["0", "1", "3", "4", "5"])
        #expect(try kept(tagged, at: now + 100_000) == ["0", "4", "5"])
        let counted = try metadata.applying(
            [
                .setProperties([
                    "history.expire.max-snapshots-to-keep": "3", "history.expire.min-snapshots-to-keep": "1",
                ])
            ],
            now: now
        )
        #expect(try kept(counted, at: now) == ["3", "4", "5"])
        #expect(try kept(counted, at: now + 1_000_000) == ["5"])
        var unasked = metadata
        unasked.properties = [:]
        #expect(SnapshotRetention().updates(for: unasked, now: .max / 2).isEmpty)
        #expect(!SnapshotRetention(onlyWhereAsked: false).updates(for: unasked, now: .max / 2).isEmpty)
    }

    @Test("Histories that are not one line release only what nothing needs")
    func branchedHistory() async throws {
        var table = try await TestTable()
        try await table.commit(SnapshotChange(adding: [TestTable.file("a", day: 1)]))
        let first = try #require(await table.metadata.currentSnapshotID)
        try await table.update([.setSnapshotReference("audit", SnapshotReference(snapshotID: first))])
        try await table.commit(SnapshotChange(adding: [TestTable.file("audited", day: 1)], branch: "audit"))
        try await table.commit(
            SnapshotChange(adding: [TestTable.file("b", day: 1)], removing: [TestTable.file("a", day: 1)])
        )
        // Rolled back: the removal did not happen after all.
        try await table.update([.setSnapshotReference("main", SnapshotReference(snapshotID: first))])
        try await table.commit(SnapshotChange(adding: [TestTable.file("c", day: 1)]))
        let before = try await table.metadata
        let gone = before.snapshots.filter { $0.summary["deleted-data-files"] == "1" }.map(\.id)
        let after = try before.applying(
            [.removeSnapshotReference("audit"), .removeSnapshots(gone + [before.snapshots[1].id])],
            now: before.lastUpdated
        )
        let released = try await Reachability(table.files).released(from: before, to: after)
        let names = Set(released.filter { $0.hasSuffix(".parquet") }.map(FileLocation.name(of:)))
        #expect(names == ["b.parquet", "audited.parquet"])
        let needed = try await Reachability(table.files).allFiles(of: after, at: table.pointer)
        #expect(Set(needed).isDisjoint(with: released))
    }

    @Test("Commit 2,000 reads and writes what commit 200 did", .timeLimit(.minutes(30)))
    func flatCost() async throws {
        var table = try await TestTable(properties: [
            "history.expire.max-snapshots-to-keep": "10", "write.metadata.previous-versions-max": "10",
            "write.metadata.delete-after-commit.enabled": "true",
        ])
        var bytesWritten: [Int] = []
        var reads: [Int] = []
        var writes: [Int] = []
        for number in 0..<2_000 {
            let before = table.io.counts
            // Every tenth commit replaces a file, as a corrected one would.
            let removed = number % 10 == 9 ? [TestTable.file("f\(number - 5)", day: Int32(number - 5) / 50)] : []
            let commit = try await table.commit(
                SnapshotChange(adding: [TestTable.file("f\(number)", day: Int32(number) / 50)], removing: removed),
                retention: SnapshotRetention()
            )
            let after = table.io.counts
            bytesWritten.append(after.bytesWritten - before.bytesWritten)
            reads.append(after.reads - before.reads)
            writes.append(after.writes - before.writes)
            try await table.io.delete(commit.releasedFiles)
        }
        // Windows of 256 commits hold the same number of merges of every size.
        let early = bytesWritten[200..<456].reduce(0, +)
        let late = bytesWritten[1_744..<2_000].reduce(0, +)
        #expect(Double(late) < 1.25 * Double(early), "\(early / 256) bytes became \(late / 256)")
        let earlyWrites = writes[200..<456].reduce(0, +)
        let lateWrites = writes[1_744..<2_000].reduce(0, +)
        #expect(lateWrites <= earlyWrites + 10)
        #expect(reads.reduce(0, +) == 0)
        #expect(try await table.livePaths().count == 1_800)
        // Nothing piles up: a list, a few manifests and a metadata file for each of the last commits.
        #expect(table.io.locations.count < 120)
        // Nor is much kept in memory: no metadata but the last two, and no more lists and manifests than there are.
        #expect(table.files.keptCount < 80, "\(table.files.keptCount)")
        let metadata = try await table.metadata
        let unneeded = try await Reachability(table.files).unneeded(
            among: table.io.locations,
            by: metadata,
            at: table.pointer
        )
        #expect(unneeded.isEmpty)
    }
}

extension MemoryFileIO {
    fileprivate func delete(_ locations: [String]) async throws {
        for location in locations where !location.hasSuffix(".parquet") {
            try await delete(location)
        }
    }
}
