public import JSONTree

extension TableUpdate {
    /// Reads an update as the REST specification writes it.
    ///
    /// - Throws: ``IcebergError`` with the path of what is wrong.
    public init(json: JSON, path: String = "$") throws {
        var reader = try ObjectReader(json, path: path)
        switch try reader.string("action") {
        case "assign-uuid": self = .assignUUID(try reader.string("uuid"))
        case "upgrade-format-version": self = .upgradeFormatVersion(try reader.int("format-version"))
        case "add-schema":
            self = .addSchema(try Schema(json: reader.required("schema"), path: reader.path(of: "schema")))
        case "set-current-schema": self = .setCurrentSchema(try reader.int("schema-id"))
        case "add-spec":
            self = .addPartitionSpec(
                try PartitionSpec(unassigned: reader.required("spec"), path: reader.path(of: "spec"))
            )
        case "set-default-spec": self = .setDefaultPartitionSpec(try reader.int("spec-id"))
        case "add-sort-order":
            self = .addSortOrder(
                try SortOrder(json: reader.required("sort-order"), path: reader.path(of: "sort-order"))
            )
        case "set-default-sort-order": self = .setDefaultSortOrder(try reader.int("sort-order-id"))
        case "add-snapshot":
            self = .addSnapshot(
                try Snapshot(json: reader.required("snapshot"), path: reader.path(of: "snapshot"))
            )
        case "set-snapshot-ref":
            self = .setSnapshotReference(try reader.string("ref-name"), try SnapshotReference(reader: &reader))
        case "remove-snapshots":
            self = .removeSnapshots(
                try reader.array("snapshot-ids") { json, path in
                    guard let id = json.int64Value else {
                        throw IcebergError(
                            .invalidMetadata,
                            "expected an integer, found \(json.kindName)",
                            path: path
                        )
                    }
                    return id
                }
            )
        case "remove-snapshot-ref": self = .removeSnapshotReference(try reader.string("ref-name"))
        case "set-location": self = .setLocation(try reader.string("location"))
        case "set-properties":
            // Early clients called it "updated".
            let current = try reader.stringMap("updates")
            self = .setProperties(current.isEmpty ? try reader.stringMap("updated") : current)
        case "remove-properties":
            self = .removeProperties(
                try reader.optionalStrings("removals") ?? reader.optionalStrings("removed") ?? []
            )
        case let action:
            guard let update = try Self.statisticsOrRemoval(action, &reader) else {
                throw IcebergError(
                    .invalidMetadata,
                    "\"\(action)\" is not an update that is supported",
                    path: reader.path(of: "action")
                )
            }
            self = update
        }
    }

    private static func statisticsOrRemoval(_ action: String, _ reader: inout ObjectReader) throws -> TableUpdate? {
        switch action {
        case "set-statistics", "set-partition-statistics":
            let isPartition = action == "set-partition-statistics"
            let key = isPartition ? "partition-statistics" : "statistics"
            let value = try reader.required(key)
            var inner = try ObjectReader(value, path: reader.path(of: key))
            let id = try inner.int64("snapshot-id")
            return isPartition
                ? .setPartitionStatistics(snapshotID: id, value) : .setStatistics(snapshotID: id, value)
        case "remove-statistics": return .removeStatistics(snapshotID: try reader.int64("snapshot-id"))
        case "remove-partition-statistics":
            return .removePartitionStatistics(snapshotID: try reader.int64("snapshot-id"))
        case "remove-partition-specs": return .removePartitionSpecs(try reader.optionalInts("spec-ids") ?? [])
        case "remove-schemas": return .removeSchemas(try reader.optionalInts("schema-ids") ?? [])
        default: return nil
        }
    }

    /// The update as the REST specification writes it.
    public var json: JSON {
        switch self {
        case .assignUUID(let uuid): ["action": "assign-uuid", "uuid": .string(uuid)]
        case .upgradeFormatVersion(let version):
            ["action": "upgrade-format-version", "format-version": JSON(version)]
        case .addSchema(let schema):
            ["action": "add-schema", "schema": schema.json, "last-column-id": JSON(schema.highestFieldID)]
        case .setCurrentSchema(let id): ["action": "set-current-schema", "schema-id": JSON(id)]
        case .addPartitionSpec(let spec): ["action": "add-spec", "spec": spec.json]
        case .setDefaultPartitionSpec(let id): ["action": "set-default-spec", "spec-id": JSON(id)]
        case .addSortOrder(let order): ["action": "add-sort-order", "sort-order": order.json]
        case .setDefaultSortOrder(let id): ["action": "set-default-sort-order", "sort-order-id": JSON(id)]
        case .addSnapshot(let snapshot): ["action": "add-snapshot", "snapshot": snapshot.json]
        case .setSnapshotReference(let name, let reference):
            .object(
                {
                    var object: JSONObject = ["action": "set-snapshot-ref", "ref-name": .string(name)]
                    object.add(reference.object)
                    return object
                }()
            )
        case .removeSnapshots(let ids):
            ["action": "remove-snapshots", "snapshot-ids": .array(ids.map(JSON.integer))]
        case .removeSnapshotReference(let name): ["action": "remove-snapshot-ref", "ref-name": .string(name)]
        case .setLocation(let location): ["action": "set-location", "location": .string(location)]
        case .setProperties(let properties): ["action": "set-properties", "updates": JSON(properties)]
        case .removeProperties(let names):
            ["action": "remove-properties", "removals": .array(names.map(JSON.string))]
        case .setStatistics(let id, let value):
            ["action": "set-statistics", "snapshot-id": .integer(id), "statistics": value]
        case .removeStatistics(let id): ["action": "remove-statistics", "snapshot-id": .integer(id)]
        case .setPartitionStatistics(_, let value):
            ["action": "set-partition-statistics", "partition-statistics": value]
        case .removePartitionStatistics(let id):
            ["action": "remove-partition-statistics", "snapshot-id": .integer(id)]
        case .removePartitionSpecs(let ids): ["action": "remove-partition-specs", "spec-ids": JSON(ids)]
        case .removeSchemas(let ids): ["action": "remove-schemas", "schema-ids": JSON(ids)]
        }
    }
}

extension PartitionSpec {
    /// Reads a spec whose fields may not have ids yet; those get the id 0 and are given one when the spec is added.
    init(unassigned json: JSON, path: String) throws {
        var reader = try ObjectReader(json, path: path)
        let id = try reader.optionalInt("spec-id") ?? 0
        let fields = try reader.array("fields") { try PartitionField(json: $0, path: $1, defaultFieldID: 0) }
        self.init(id: id, fields: fields, extra: reader.rest)
    }
}
