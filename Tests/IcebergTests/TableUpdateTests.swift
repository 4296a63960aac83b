import Iceberg
import JSONTree
import Testing

@Suite("Updates of table metadata")
struct TableUpdateTests {
    private static let schema = Schema(fields: [
        NestedField(id: 1, name: "id", type: .long, required: true), NestedField(id: 2, name: "at", type: .timestamptz),
    ])

    private func table() -> TableMetadata {
        TableMetadata(
            uuid: IcebergUUID(high: 1, low: 2),
            location: "/t",
            schema: Self.schema,
            timestamp: 1_000_000
        )
    }

    private func snapshot(_ id: Int64, parent: Int64? = nil, sequence: Int64, at time: Int64 = 2_000_000) -> Snapshot {
        Snapshot(
            id: id,
            parentID: parent,
            sequenceNumber: sequence,
            timestamp: time,
            manifestList: "/l\(id)",
            summary: ["operation": "append"],
            schemaID: 0
        )
    }

    private func code(_ updates: [TableUpdate], _ metadata: TableMetadata? = nil) -> IcebergError.Code? {
        do {
            _ = try (metadata ?? table()).applying(updates, now: 3_000_000)
            return nil
        } catch {
            return (error as? IcebergError)?.code
        }
    }

    @Test("A schema gets the next id, -1 means it, and the same one is not added twice")
    func schemas() throws {
        let wider = Schema(id: 77, fields: Self.schema.fields + [NestedField(id: 9, name: "x", type: .int)])
        let updated = try table().applying([.addSchema(wider), .setCurrentSchema(-1)], now: 3_000_000)
        #expect(updated.currentSchemaID == 1)
        #expect(updated.lastColumnID == 9)
        #expect(updated.lastUpdated == 3_000_000)
        let again = try updated.applying([.addSchema(Self.schema), .setCurrentSchema(-1)], now: 4_000_000)
        #expect(again.currentSchemaID == 0)
        #expect(again.schemas.count == 2)
        #expect(code([.setCurrentSchema(-1)]) == .invalidArgument)
        #expect(code([.setCurrentSchema(5)]) == .invalidArgument)
        #expect(code([.removeSchemas([0])]) == .invalidArgument)
        #expect(try again.applying([.removeSchemas([1])], now: 5_000_000).schemas.map(\.id) == [0])
    }

    @Test("Partition fields get ids that are never used for something else")
    func specs() throws {
        func spec(_ name: String, _ source: Int, _ transform: Transform, id: Int = 0) -> PartitionSpec {
            PartitionSpec(fields: [PartitionField(sourceID: source, fieldID: id, name: name, transform: transform)])
        }
        var metadata = try table().applying(
            [.addPartitionSpec(spec("at_day", 2, .day)), .setDefaultPartitionSpec(-1)],
            now: 0
        )
        #expect(metadata.defaultSpecID == 1)
        #expect(metadata.defaultSpec.fields.map(\.fieldID) == [1000])
        #expect(metadata.lastPartitionID == 1000)
        metadata = try metadata.applying([.addPartitionSpec(spec("id_bucket", 1, .bucket(4)))], now: 0)
        #expect(metadata.partitionSpecs.last?.fields.map(\.fieldID) == [1001])
        metadata = try metadata.applying([.addPartitionSpec(spec("renamed", 2, .day))], now: 0)
        #expect(metadata.partitionSpecs.last?.fields.map(\.fieldID) == [1000])
        let count = metadata.partitionSpecs.count
        metadata = try metadata.applying(
            [.addPartitionSpec(spec("at_day", 2, .day)), .setDefaultPartitionSpec(-1)],
            now: 0
        )
        #expect(metadata.partitionSpecs.count == count)
        #expect(metadata.defaultSpecID == 1)
        #expect(code([.addPartitionSpec(spec("x", 99, .identity))]) == .invalidArgument)
        #expect(code([.addPartitionSpec(spec("x", 1, .day))]) == .invalidArgument)
        #expect(code([.addPartitionSpec(spec("at", 1, .bucket(2)))]) == .invalidArgument)
        #expect(code([.addPartitionSpec(spec("x", 1, .unknown("z")))]) == .unsupported)
        #expect(code([.setDefaultPartitionSpec(4)]) == .invalidArgument)
        #expect(code([.removePartitionSpecs([0])]) == .invalidArgument)
        let withoutSource = Schema(fields: [Self.schema.fields[0]])
        #expect(code([.addSchema(withoutSource), .setCurrentSchema(-1)], metadata) == .invalidArgument)
    }

    @Test("Sort orders are numbered from 1; the unsorted one is 0")
    func sortOrders() throws {
        let order = SortOrder(id: 9, fields: [SortField(sourceID: 1, direction: .descending, nullOrder: .last)])
        let metadata = try table().applying([.addSortOrder(order), .setDefaultSortOrder(-1)], now: 0)
        #expect(metadata.defaultSortOrderID == 1)
        let back = try metadata.applying([.addSortOrder(.unsorted), .setDefaultSortOrder(-1)], now: 0)
        #expect(back.defaultSortOrderID == 0)
        #expect(back.sortOrders.count == 2)
        #expect(code([.addSortOrder(SortOrder(fields: [SortField(sourceID: 5)]))]) == .invalidArgument)
    }

    @Test("Snapshots come in order; the branch, the log and the clock follow")
    func snapshots() throws {
        let first = try table().applying(
            [
                .addSnapshot(snapshot(10, sequence: 1)),
                .setSnapshotReference("main", SnapshotReference(snapshotID: 10)),
            ],
            now: 3_000_000
        )
        #expect(first.currentSnapshotID == 10)
        #expect(first.lastSequenceNumber == 1)
        #expect(first.lastUpdated == 2_000_000)
        #expect(first.snapshotLog == [SnapshotLogEntry(timestamp: 2_000_000, snapshotID: 10)])
        #expect(code([.addSnapshot(snapshot(10, sequence: 2))], first) == .invalidArgument)
        #expect(code([.addSnapshot(snapshot(11, parent: 10, sequence: 1))], first) == .commitConflict)
        #expect(code([.addSnapshot(snapshot(11, parent: 10, sequence: 2, at: 1_930_000))], first) == .invalidArgument)
        #expect(code([.addSnapshot(snapshot(11, parent: 10, sequence: 2, at: 1_950_000))], first) == nil)
        #expect(code([.setSnapshotReference("x", SnapshotReference(snapshotID: 5))], first) == .invalidArgument)
        #expect(
            code([.setSnapshotReference("main", SnapshotReference(snapshotID: 10, kind: .tag))], first)
                == .invalidArgument
        )
        // Two snapshots in one commit: readers only ever see the second.
        let both = try first.applying(
            [
                .addSnapshot(snapshot(11, parent: 10, sequence: 2)),
                .setSnapshotReference("main", SnapshotReference(snapshotID: 11)),
                .addSnapshot(snapshot(12, parent: 11, sequence: 3)),
                .setSnapshotReference("main", SnapshotReference(snapshotID: 12)),
            ],
            now: 3_000_000
        )
        #expect(both.snapshotLog.map(\.snapshotID) == [10, 12])
        let rolledBack = try both.applying(
            [.setSnapshotReference("main", SnapshotReference(snapshotID: 10))],
            now: 9_000_000
        )
        #expect(rolledBack.snapshotLog.last == SnapshotLogEntry(timestamp: 9_000_000, snapshotID: 10))
        let removed = try both.applying([.removeSnapshots([10])], now: 9_000_000)
        #expect(removed.snapshotLog.map(\.snapshotID) == [12])
        #expect(removed.snapshots.map(\.id) == [11, 12])
        let emptied = try both.applying([.removeSnapshotReference("main")], now: 9_000_000)
        #expect(emptied.currentSnapshotID == nil)
        #expect(try TableMetadata(bytes: emptied.bytes) == emptied)
    }

    @Test("Removing a snapshot takes its tags and statistics along")
    func removal() throws {
        let metadata = try table().applying(
            [
                .addSnapshot(snapshot(10, sequence: 1)), .addSnapshot(snapshot(11, parent: 10, sequence: 2)),
                .setSnapshotReference("main", SnapshotReference(snapshotID: 11)),
                .setSnapshotReference("v1", SnapshotReference(snapshotID: 10, kind: .tag)),
                .setStatistics(snapshotID: 10, ["snapshot-id": 10, "statistics-path": "/s"]),
            ],
            now: 0
        )
        #expect(metadata.statistics.count == 1)
        let removed = try metadata.applying([.removeSnapshots([10])], now: 0)
        #expect(removed.references.keys.sorted() == ["main"])
        #expect(removed.statistics.isEmpty)
    }

    @Test("A table keeps its identity and never goes back a version")
    func identity() throws {
        #expect(code([.assignUUID(IcebergUUID(high: 1, low: 2).description)]) == nil)
        #expect(code([.assignUUID(IcebergUUID(high: 9, low: 9).description)]) == .invalidArgument)
        #expect(code([.assignUUID("x")]) == .invalidArgument)
        #expect(code([.upgradeFormatVersion(1)]) == .invalidArgument)
        #expect(code([.upgradeFormatVersion(2)]) == nil)
        #expect(code([.upgradeFormatVersion(3)]) == .unsupported)
        #expect(code([.setLocation("")]) == .invalidArgument)
        let metadata = try table().applying(
            [.setLocation("/new/"), .setProperties(["a": "1", "b": "2"]), .removeProperties(["a", "z"])],
            now: 0
        )
        #expect(metadata.location == "/new")
        #expect(metadata.properties == ["b": "2"])
    }

    @Test("A new table is described by updates alone, or not at all")
    func creation() throws {
        let updates: [TableUpdate] = [
            .assignUUID(IcebergUUID(high: 3, low: 4).description), .upgradeFormatVersion(2),
            .addSchema(Self.schema), .setCurrentSchema(-1), .addPartitionSpec(.unpartitioned),
            .setDefaultPartitionSpec(-1), .addSortOrder(.unsorted), .setDefaultSortOrder(-1), .setLocation("/n"),
        ]
        let metadata = try TableMetadata.creating(updates, now: 5)
        #expect(metadata.currentSchema == Self.schema)
        #expect(metadata.lastColumnID == 2)
        #expect(metadata.lastPartitionID == 999)
        #expect(try TableMetadata(bytes: metadata.bytes) == metadata)
        for missing in [0, 2, 8] {
            var fewer = updates
            fewer.remove(at: missing)
            #expect(throws: IcebergError.self) { try TableMetadata.creating(fewer, now: 5) }
        }
    }

    @Test("Every update survives its JSON form")
    func updateJSON() throws {
        let order = SortOrder(id: 1, fields: [SortField(sourceID: 1)])
        let spec = PartitionSpec(
            id: 1,
            fields: [PartitionField(sourceID: 1, fieldID: 1000, name: "b", transform: .bucket(3))]
        )
        var reference = SnapshotReference(snapshotID: 5, minSnapshotsToKeep: 2, maxSnapshotAge: 3, maxReferenceAge: 4)
        let updates: [TableUpdate] = [
            .assignUUID("u"), .upgradeFormatVersion(2), .addSchema(Self.schema), .setCurrentSchema(-1),
            .addPartitionSpec(spec), .setDefaultPartitionSpec(1), .addSortOrder(order), .setDefaultSortOrder(1),
            .addSnapshot(snapshot(1, parent: 2, sequence: 3)), .setSnapshotReference("main", reference),
            .removeSnapshots([1, .max]), .removeSnapshotReference("x"), .setLocation("/l"),
            .setProperties(["a": "b"]), .removeProperties(["c"]),
            .setStatistics(snapshotID: 4, ["snapshot-id": 4, "x": [1]]), .removeStatistics(snapshotID: 4),
            .setPartitionStatistics(snapshotID: 4, ["snapshot-id": 4]), .removePartitionStatistics(snapshotID: 4),
            .removePartitionSpecs([1]), .removeSchemas([2]),
        ]
        for update in updates {
            #expect(try TableUpdate(json: JSON(parsing: update.json.text())) == update)
        }
        reference.kind = .tag
        #expect(TableUpdate.setSnapshotReference("t", reference).json["type"] == "tag")
    }

    @Test("Every requirement survives its JSON form and is checked")
    func requirements() throws {
        var metadata = table()
        metadata.references["b"] = SnapshotReference(snapshotID: 7)
        let holding: [TableRequirement] = [
            .uuid(IcebergUUID(high: 1, low: 2).description), .reference("main", snapshotID: nil),
            .reference("b", snapshotID: 7), .lastAssignedFieldID(2), .currentSchemaID(0),
            .lastAssignedPartitionID(999), .defaultSpecID(0), .defaultSortOrderID(0),
        ]
        let failing: [TableRequirement] = [
            .notExists, .uuid("x"), .reference("main", snapshotID: 7), .reference("b", snapshotID: nil),
            .reference("b", snapshotID: 8), .lastAssignedFieldID(3), .currentSchemaID(1),
            .lastAssignedPartitionID(1000), .defaultSpecID(1), .defaultSortOrderID(1),
        ]
        for requirement in holding + failing {
            #expect(try TableRequirement(json: JSON(parsing: requirement.json.text())) == requirement)
        }
        for requirement in holding { #expect(throws: Never.self) { try requirement.check(metadata) } }
        for requirement in failing {
            let error = try #require(throws: IcebergError.self) { try requirement.check(metadata) }
            #expect(error.code == .commitConflict)
        }
        #expect(throws: Never.self) { try TableRequirement.notExists.check(nil) }
        #expect(throws: IcebergError.self) { try TableRequirement.defaultSpecID(0).check(nil) }
    }

    @Test("Unknown members are kept at every level")
    func unknownMembers() throws {
        let text = """
            {"format-version":2,"table-uuid":"f79c3e09-677c-4bbd-a479-3f349cb785e7","location":"/t",
            "last-sequence-number":1,"last-updated-ms":5,"last-column-id":4,"current-schema-id":0,"x-table":1,
            "schemas":[{"type":"struct","schema-id":0,"x-schema":2,"fields":[
              {"id":1,"name":"a","required":false,"type":{"type":"struct","x-struct":3,"fields":[
                 {"id":2,"name":"b","required":true,"type":"int","x-field":4,"initial-default":5}]}},
              {"id":3,"name":"l","required":false,"type":
                 {"type":"list","element-id":4,"element":"int","element-required":true,"x-list":6}}]}],
            "default-spec-id":0,"partition-specs":[{"spec-id":0,"x-spec":7,"fields":[
               {"source-id":2,"field-id":1000,"name":"p","transform":"zorder[2]","x-part":8}]}],
            "last-partition-id":1000,"default-sort-order-id":1,"sort-orders":[{"order-id":1,"x-order":9,"fields":[
               {"transform":"identity","source-id":2,"direction":"asc","null-order":"nulls-first","x-sort":10}]}],
            "properties":{},"current-snapshot-id":7,"refs":{"main":{"snapshot-id":7,"type":"branch","x-ref":11}},
            "snapshots":[{"snapshot-id":7,"timestamp-ms":5,"sequence-number":1,"manifest-list":"/l","schema-id":0,
               "summary":{"operation":"append"},"key-id":"k"}],
            "statistics":[{"snapshot-id":7,"x-stat":12}],"partition-statistics":[],
            "snapshot-log":[{"timestamp-ms":5,"snapshot-id":7,"x-log":13}],
            "metadata-log":[{"timestamp-ms":4,"metadata-file":"/m","x-mlog":14}]}
            """
        let json = try JSON(parsing: text)
        #expect(try TableMetadata(json: json).json == json)
    }

    @Test(
        "What is wrong is told with its path",
        arguments: [
            (#"{"format-version":3}"#, "$.format-version"), (#"{"format-version":"2"}"#, "$.format-version"),
            (#"{"format-version":2,"location":1}"#, "$.location"), (#"[]"#, "$"),
        ]
    )
    func paths(text: String, path: String) throws {
        let error = try #require(throws: IcebergError.self) { try TableMetadata(bytes: Array(text.utf8)) }
        #expect(error.path == path)
    }

    @Test("A wrong type deep in a schema is told with its path")
    func deepPath() throws {
        let json: JSON = [
            "fields": [["id": 1, "name": "a", "required": true, "type": ["type": "list", "element-id": 2]]]
        ]
        let error = try #require(throws: IcebergError.self) { try Schema(json: json) }
        #expect(error.path == "$.fields[0].type")
        let duplicate: JSON = [
            "fields": [
                ["id": 1, "name": "a", "required": true, "type": "int"],
                ["id": 1, "name": "b", "required": true, "type": "int"],
            ]
        ]
        #expect(throws: IcebergError.self) { try Schema(json: duplicate) }
    }

    @Test("A name mapping survives its JSON form and finds nested fields")
    func nameMapping() throws {
        let schema = Schema(fields: [
            NestedField(id: 1, name: "a", type: .int),
            NestedField(id: 2, name: "l", type: .list(ListType(elementID: 3, element: .int))),
        ])
        let mapping = NameMapping(schema: schema)
        #expect(mapping.fieldID(of: ["l", "element"]) == 3)
        #expect(mapping.fieldID(of: ["nope"]) == nil)
        #expect(try NameMapping(json: JSON(parsing: mapping.json.text())) == mapping)
    }
}
