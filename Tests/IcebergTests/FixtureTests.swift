import Iceberg
import JSONTree
import Testing

@Suite("Tables that other programs wrote")
struct FixtureTests {
    @Test("Live files are those that pyiceberg finds", arguments: ["pyiceberg", "duckdb"])
    func liveFiles(name: String) async throws {
        let fixture = try await Fixture(name)
        let snapshots = try #require(fixture.facts["snapshots"]?.arrayValue)
        #expect(snapshots.count == fixture.metadata.snapshots.count)
        for facts in snapshots {
            let id = try #require(facts["id"]?.int64Value)
            let snapshot = try #require(fixture.metadata.snapshot(id: id))
            var entries: [ManifestEntry] = []
            try await TableScan(fixture.files, metadata: fixture.metadata, snapshot: snapshot)
                .forEachManifest { entries += $0 }
            entries.sort { $0.file.path.utf8.lexicographicallyPrecedes($1.file.path.utf8) }
            let expected = try #require(facts["files"]?.arrayValue)
            #expect(entries.count == expected.count)
            for (entry, facts) in zip(entries, expected) {
                try check(entry, facts, fixture.metadata)
            }
        }
    }

    private func check(_ entry: ManifestEntry, _ facts: JSON, _ metadata: TableMetadata) throws {
        let file = entry.file
        #expect(file.path == facts["path"]?.stringValue)
        #expect(file.content.rawValue == facts["content"]?.intValue)
        #expect(file.recordCount == facts["records"]?.int64Value)
        #expect(file.fileSize == facts["size"]?.int64Value)
        #expect(entry.sequenceNumber == facts["sequence"]?.int64Value)
        #expect(entry.snapshotID == facts["snapshot"]?.int64Value)
        let spec = try #require(metadata.partitionSpec(id: file.specID))
        #expect(spec.path(of: file.partition) == facts["partition"]?.stringValue)
        #expect(counts(file.valueCounts) == facts["values"])
        #expect(counts(file.nullValueCounts) == facts["nulls"])
        #expect(try bounds(file.lowerBounds, metadata.currentSchema) == facts["lower"])
        #expect(try bounds(file.upperBounds, metadata.currentSchema) == facts["upper"])
    }

    private func counts(_ counts: [Int: Int64]) -> JSON {
        .object(JSONObject(counts.map { ("\($0.key)", .integer($0.value)) }))
    }

    /// Bounds in the form in which the facts have them: what pyiceberg's `from_bytes` answers.
    private func bounds(_ bounds: [Int: [UInt8]], _ schema: Schema) throws -> JSON {
        var object = JSONObject()
        for (id, bytes) in bounds {
            guard let type = schema.field(id: id)?.type else { continue }
            object["\(id)"] =
                switch try #require(Literal(singleValueBytes: bytes, type: type)) {
                case .boolean(let value): .bool(value)
                case .int(let value), .date(let value): .integer(Int64(value))
                case .long(let value), .timestamp(let value), .timestamptz(let value): .integer(value)
                case let value: .string(value.description)
                }
        }
        return .object(object)
    }

    @Test("DuckDB's position deletes are found for the files that they concern")
    func deletes() async throws {
        let fixture = try await Fixture("duckdb")
        let tasks = try await TableScan(fixture.files, metadata: fixture.metadata).tasks()
        // A delete file without the name of its data file is handed to every file of its partition.
        let deleted = Set(tasks.flatMap(\.deletes)).reduce(0) { $0 + $1.recordCount }
        // Ids 3 and 7 were deleted, and 5 was written anew.
        #expect(deleted == 3)
        #expect(tasks.reduce(0) { $0 + $1.file.recordCount } - deleted == 10)
        #expect(tasks.filter { !$0.deletes.isEmpty }.allSatisfy { $0.file.recordCount >= 1 })
    }

    @Test("Metadata survives reading and writing", arguments: ["pyiceberg", "duckdb"])
    func metadataRoundTrip(name: String) async throws {
        let metadata = try await Fixture(name).metadata
        #expect(try TableMetadata(bytes: metadata.bytes) == metadata)
    }

    @Test("pyiceberg's metadata keeps every member", arguments: [1, 2])
    func pyicebergMetadata(version: Int) async throws {
        let bytes = try await Fixture.bytes("metadata/v\(version).metadata.json")
        let json = try JSON(parsing: bytes)
        let metadata = try TableMetadata(json: json)
        #expect(metadata.formatVersion == version)
        #expect(metadata.currentSchema.identifierFieldIDs == [1])
        #expect(metadata.currentSchema.field(named: "seen.value")?.type == .timestamp)
        #expect(metadata.currentSchema.field(named: "tags.element")?.type == .uuid)
        #expect(metadata.currentSchema.field(named: "place.zip")?.type == .fixed(length: 5))
        let written = try #require(metadata.json.objectValue)
        for (key, value) in try #require(json.objectValue) where !value.isNull {
            #expect(written[key] == value, "\(key)")
        }
    }

    @Test("A table of another writer takes a commit of ours and keeps its files", arguments: ["pyiceberg", "duckdb"])
    func commitOnTop(name: String) async throws {
        let fixture = try await Fixture(name)
        let before = try await TableScan(fixture.files, metadata: fixture.metadata).dataFiles()
        let removed = try #require(before.first)
        let added = DataFile(
            path: "/new.parquet",
            specID: removed.specID,
            partition: removed.partition,
            recordCount: 1,
            fileSize: 1
        )
        let prepared = try await SnapshotWriter(fixture.files).write(
            SnapshotChange(adding: [added], removing: [removed]),
            to: fixture.metadata
        )
        let metadata = try fixture.metadata.applying(prepared.updates, now: fixture.metadata.lastUpdated)
        // What was written is read again from its bytes.
        let fresh = TableFiles(io: fixture.files.io)
        let after = try await TableScan(fresh, metadata: metadata).dataFiles()
        #expect(Set(after) == Set(before).subtracting([removed]).union([added]))
        #expect(
            Set(try await TableScan(fresh, metadata: metadata).deleteFiles())
                == Set(try await TableScan(fixture.files, metadata: fixture.metadata).deleteFiles())
        )
    }
}
