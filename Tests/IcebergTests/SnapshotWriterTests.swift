import Iceberg
import Testing

@Suite("Snapshots")
struct SnapshotWriterTests {
    @Test("An append adds files and counts them as the reference implementation does")
    func append() async throws {
        var table = try await TestTable()
        try await table.commit(
            SnapshotChange(
                adding: [TestTable.file("a", day: 1, rows: 3), TestTable.file("b", day: 2, rows: 4)],
                summary: ["ingot.load-id": "L1"]
            )
        )
        try await table.commit(SnapshotChange(adding: [TestTable.file("c", day: 1, rows: 5)]))
        #expect(try await table.livePaths().count == 3)
        let metadata = try await table.metadata
        let snapshot = try #require(metadata.currentSnapshot)
        #expect(
            snapshot.summary == [
                "operation": "append", "added-data-files": "1", "added-records": "5", "added-files-size": "1000",
                "changed-partition-count": "1", "total-data-files": "3", "total-delete-files": "0",
                "total-records": "12", "total-files-size": "3000", "total-position-deletes": "0",
                "total-equality-deletes": "0",
            ]
        )
        #expect(snapshot.sequenceNumber == 2)
        #expect(snapshot.parentID == metadata.snapshots.first?.id)
        #expect(metadata.snapshot(whereSummary: "ingot.load-id", is: "L1")?.sequenceNumber == 1)
    }

    @Test("An append reads no manifest")
    func appendReadsNothing() async throws {
        var table = try await TestTable(cacheByteCountMax: 0)
        for number in 0..<3 { try await table.commit(SnapshotChange(adding: [TestTable.file("f\(number)", day: 1)])) }
        let before = table.io.counts.reads
        try await table.commit(SnapshotChange(adding: [TestTable.file("z", day: 1)]))
        // The metadata and the manifest list.
        #expect(table.io.counts.reads - before == 2)
    }

    @Test("An overwrite reads and rewrites only the manifests that hold removed files")
    func overwrite() async throws {
        var table = try await TestTable(cacheByteCountMax: 0)
        let files = (0..<10).map { TestTable.file("f\($0)", day: Int32($0)) }
        for file in files { try await table.commit(SnapshotChange(adding: [file])) }
        let manifests = try await table.files.manifests(of: try #require(await table.metadata.currentSnapshot))
        let before = table.io.counts
        try await table.commit(SnapshotChange(adding: [TestTable.file("g", day: 3)], removing: [files[3]]))
        // Metadata, list, one manifest; and a manifest each for what is removed and added, the list, the metadata.
        #expect(table.io.counts.reads - before.reads == 3)
        #expect(table.io.counts.writes - before.writes == 4)
        let metadata = try await table.metadata
        let after = try await table.files.manifests(of: try #require(metadata.currentSnapshot))
        #expect(Set(manifests.map(\.path)).intersection(after.map(\.path)).count == 9)
        #expect(metadata.currentSnapshot?.summary["operation"] == "overwrite")
        #expect(metadata.currentSnapshot?.summary["deleted-data-files"] == "1")
        #expect(metadata.currentSnapshot?.summary["total-data-files"] == "10")
        #expect(try await table.livePaths().count == 10)
        #expect(try await !table.livePaths().contains(files[3].path))
        try await table.commit(SnapshotChange(removingPaths: [files[4].path]))
        #expect(try await table.metadata.currentSnapshot?.summary["operation"] == "delete")
        #expect(try await table.livePaths().count == 9)
    }

    @Test("Removing a file that is gone is a conflict and leaves nothing behind")
    func conflict() async throws {
        var table = try await TestTable()
        let file = TestTable.file("a", day: 1)
        try await table.commit(SnapshotChange(adding: [file, TestTable.file("b", day: 2)]))
        try await table.commit(SnapshotChange(removing: [file]))
        let before = table.io.locations
        for change in [
            SnapshotChange(adding: [TestTable.file("c", day: 1)], removing: [file]),
            SnapshotChange(removingPaths: [file.path]), SnapshotChange(removing: [TestTable.file("b", day: 9)]),
        ] {
            let error = try await #require(throws: IcebergError.self) { try await table.commit(change) }
            #expect(error.code == .commitConflict)
        }
        #expect(table.io.locations == before)
    }

    @Test("A file that is added twice, or added and removed at once, is refused")
    func addedTwice() async throws {
        var table = try await TestTable()
        let file = TestTable.file("a", day: 1)
        await #expect(throws: IcebergError.self) { try await table.commit(SnapshotChange(adding: [file, file])) }
        try await table.commit(SnapshotChange(adding: [file]))
        await #expect(throws: IcebergError.self) {
            try await table.commit(SnapshotChange(adding: [file], removing: [file]))
        }
        await #expect(throws: IcebergError.self) {
            try await table.commit(SnapshotChange(adding: [file], removingPaths: [file.path]))
        }
        #expect(try await table.livePaths() == [file.path])
    }

    @Test("A file with partition values of the wrong number or type is refused")
    func wrongPartition() async throws {
        var table = try await TestTable()
        var file = TestTable.file("a", day: 1)
        file.partition = []
        await #expect(throws: IcebergError.self) { try await table.commit(SnapshotChange(adding: [file])) }
        file.partition = [.string("x")]
        await #expect(throws: IcebergError.self) { try await table.commit(SnapshotChange(adding: [file])) }
        #expect(table.io.locations.count == 1)
    }

    @Test("Whatever is added and removed, the live files are those of a plain set", arguments: [2, 4, 16])
    func model(minCountToMerge: Int) async throws {
        var table = try await TestTable(
            properties: [
                "commit.manifest.min-count-to-merge": "\(minCountToMerge)",
                "history.expire.max-snapshots-to-keep": "5", "write.metadata.previous-versions-max": "3",
                "write.metadata.delete-after-commit.enabled": "true",
            ],
            seed: UInt64(minCountToMerge)
        )
        var generator = SplitMix(state: UInt64(minCountToMerge))
        var model: [String: DataFile] = [:]
        var sequences: [String: Int64] = [:]
        for round in 0..<60 {
            let added = (0..<Int.random(in: 0...3, using: &generator)).map { number in
                TestTable.file(
                    "r\(round)-\(number)",
                    day: Bool.random(using: &generator) ? Int32(round % 7) : nil,
                    rows: Int64(round + 1)
                )
            }
            let removed = model.values.sorted { $0.path < $1.path }
                .filter { _ in Int.random(in: 0..<6, using: &generator) == 0 }
            let byPath = Bool.random(using: &generator)
            let change = SnapshotChange(
                adding: added,
                removing: byPath ? [] : removed,
                removingPaths: byPath ? Set(removed.map(\.path)) : []
            )
            let commit = try await table.commit(change, retention: SnapshotRetention())
            for file in removed { model[file.path] = nil }
            for file in added {
                model[file.path] = file
                sequences[file.path] = commit.metadata.lastSequenceNumber
            }
            // Another reader, which has nothing but the bytes.
            let fresh = TableFiles(io: table.io)
            let metadata = try await fresh.metadata(at: table.pointer)
            var live: [String: ManifestEntry] = [:]
            try await TableScan(fresh, metadata: metadata).forEachManifest { entries in
                for entry in entries {
                    #expect(live.updateValue(entry, forKey: entry.file.path) == nil)
                }
            }
            #expect(live.mapValues(\.file) == model)
            #expect(live.mapValues(\.sequenceNumber) == sequences.filter { model[$0.key] != nil }.mapValues { $0 })
            let summary = metadata.currentSnapshot?.summary
            #expect(summary?["total-data-files"] == "\(model.count)")
            #expect(summary?["total-records"] == "\(model.values.reduce(0) { $0 + $1.recordCount })")
        }
        #expect(try await table.metadata.snapshots.count == 5)
        // Nothing that was released is needed, and nothing that is needed was released.
        let metadata = try await table.metadata
        let reachability = Reachability(table.files)
        let needed = Set(try await reachability.allFiles(of: metadata, at: table.pointer))
        #expect(needed.isDisjoint(with: table.released))
        #expect(Set(table.released).count == table.released.count)
        let unneeded = try await reachability.unneeded(
            among: table.io.locations,
            by: metadata,
            at: table.pointer
        )
        #expect(Set(unneeded).isSubset(of: table.released))
        let dataFiles = Set((model.keys.map { $0 } + table.released).filter { $0.hasSuffix(".parquet") })
        let inSnapshots = try await liveInAnySnapshot(metadata, table.files)
        #expect(dataFiles.union(inSnapshots) == Set(sequences.keys))
    }

    private func liveInAnySnapshot(_ metadata: TableMetadata, _ files: TableFiles) async throws -> Set<String> {
        var paths: Set<String> = []
        for snapshot in metadata.snapshots {
            paths.formUnion(try await TableScan(files, metadata: metadata, snapshot: snapshot).dataFiles().map(\.path))
        }
        return paths
    }

    @Test("A manifest that grows too large is divided")
    func division() async throws {
        var table = try await TestTable(properties: ["commit.manifest.target-size-bytes": "20000"])
        let files = (0..<4_000).map { TestTable.file("some/long/folder/\($0 &* 7_919)", day: Int32($0 % 50)) }
        try await table.commit(SnapshotChange(adding: files))
        let manifests = try await table.files.manifests(of: try #require(await table.metadata.currentSnapshot))
        #expect(manifests.count > 1)
        #expect(manifests.allSatisfy { $0.length < 40_000 })
        #expect(try await table.livePaths().count == 4_000)
    }

    @Test("Branches have histories of their own")
    func branches() async throws {
        var table = try await TestTable()
        try await table.commit(SnapshotChange(adding: [TestTable.file("a", day: 1)]))
        let first = try #require(await table.metadata.currentSnapshotID)
        try await table.update([.setSnapshotReference("audit", SnapshotReference(snapshotID: first))])
        try await table.commit(SnapshotChange(adding: [TestTable.file("b", day: 1)], branch: "audit"))
        try await table.commit(SnapshotChange(adding: [TestTable.file("c", day: 1)]))
        let metadata = try await table.metadata
        let audit = try await TableScan(
            table.files,
            metadata: metadata,
            snapshot: metadata.snapshot(reference: "audit")
        ).dataFiles()
        #expect(Set(audit.map { FileLocation.name(of: $0.path) }) == ["a.parquet", "b.parquet"])
        #expect(try await table.livePaths().count == 2)
        #expect(metadata.snapshot(reference: "audit")?.sequenceNumber == 2)
    }
}
