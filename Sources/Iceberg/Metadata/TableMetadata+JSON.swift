public import JSONTree

extension TableMetadata {
    /// Reads metadata of format version 1 or 2 from the bytes of a metadata file.
    ///
    /// - Throws: ``IcebergError`` with the path of what is wrong.
    public init(bytes: [UInt8]) throws {
        let json: JSON
        do {
            json = try JSON(parsing: bytes)
        } catch {
            throw IcebergError(.invalidMetadata, "the table metadata is no JSON: \(error)", cause: error)
        }
        try self.init(json: json)
    }

    /// Reads metadata of format version 1 or 2 from its JSON form.
    ///
    /// - Throws: ``IcebergError`` with the path of what is wrong.
    public init(json: JSON, path: String = "$") throws {
        var reader = try ObjectReader(json, path: path)
        formatVersion = try reader.int("format-version")
        guard formatVersion == 1 || formatVersion == 2 else {
            throw IcebergError(
                .unsupported,
                "format version \(formatVersion) is not supported; 1 and 2 are",
                path: reader.path(of: "format-version")
            )
        }
        uuid = try reader.optionalString("table-uuid")
        location = try reader.string("location")
        lastSequenceNumber = try reader.optionalInt64("last-sequence-number") ?? 0
        lastUpdated = try reader.int64("last-updated-ms")
        lastColumnID = try reader.int("last-column-id")
        (schemas, currentSchemaID) = try Self.readSchemas(&reader)
        (partitionSpecs, defaultSpecID) = try Self.readSpecs(&reader)
        let highest = partitionSpecs.flatMap(\.fields).map(\.fieldID).max() ?? PartitionSpec.firstFieldID - 1
        lastPartitionID = try reader.optionalInt("last-partition-id") ?? highest
        properties = try reader.stringMap("properties")
        // Some writers say -1 where there is no snapshot.
        currentSnapshotID = try reader.optionalInt64("current-snapshot-id").flatMap { $0 == -1 ? nil : $0 }
        snapshots = try reader.optionalArray("snapshots") { try Snapshot(json: $0, path: $1) } ?? []
        snapshotLog = try reader.optionalArray("snapshot-log") { try SnapshotLogEntry(json: $0, path: $1) } ?? []
        metadataLog = try reader.optionalArray("metadata-log") { try MetadataLogEntry(json: $0, path: $1) } ?? []
        sortOrders = try reader.optionalArray("sort-orders") { try SortOrder(json: $0, path: $1) } ?? [.unsorted]
        defaultSortOrderID = try reader.optionalInt("default-sort-order-id") ?? 0
        references = try Self.readReferences(&reader)
        statistics = try reader.optionalArray("statistics") { json, _ in json } ?? []
        partitionStatistics = try reader.optionalArray("partition-statistics") { json, _ in json } ?? []
        extra = reader.rest
        if let currentSnapshotID, references[SnapshotReference.main] == nil {
            references[SnapshotReference.main] = SnapshotReference(snapshotID: currentSnapshotID)
        }
        try check(path: path)
    }

    private static func readSchemas(_ reader: inout ObjectReader) throws -> ([Schema], Int) {
        // Format version 1 repeats the current schema on its own; only old files have nothing else.
        let single = reader.optional("schema")
        if let schemas = try reader.optionalArray("schemas", { try Schema(json: $0, path: $1) }), !schemas.isEmpty {
            return (schemas, try reader.int("current-schema-id"))
        }
        guard let single else {
            throw IcebergError(.invalidMetadata, "the member \"schemas\" is missing", path: reader.path)
        }
        let schema = try Schema(json: single, path: reader.path(of: "schema"))
        return ([schema], schema.id)
    }

    private static func readSpecs(_ reader: inout ObjectReader) throws -> ([PartitionSpec], Int) {
        let single = reader.optional("partition-spec")
        if let specs = try reader.optionalArray("partition-specs", { try PartitionSpec(json: $0, path: $1) }),
            !specs.isEmpty
        {
            return (specs, try reader.int("default-spec-id"))
        }
        guard single != nil else {
            throw IcebergError(.invalidMetadata, "the member \"partition-specs\" is missing", path: reader.path)
        }
        var next = PartitionSpec.firstFieldID
        let fields = try reader.array("partition-spec") { json, path in
            defer { next += 1 }
            return try PartitionField(json: json, path: path, defaultFieldID: next)
        }
        return ([PartitionSpec(id: 0, fields: fields)], 0)
    }

    private static func readReferences(_ reader: inout ObjectReader) throws -> [String: SnapshotReference] {
        guard let json = reader.optional("refs") else { return [:] }
        let path = reader.path(of: "refs")
        guard let members = json.objectValue else {
            throw IcebergError(.invalidMetadata, "expected an object, found \(json.kindName)", path: path)
        }
        var references: [String: SnapshotReference] = [:]
        for (name, value) in members {
            references[name] = try SnapshotReference(json: value, path: "\(path).\(name)")
        }
        return references
    }

    /// Checks that whatever the metadata points to exists.
    private func check(path: String) throws {
        if formatVersion > 1, uuid == nil {
            throw IcebergError(.invalidMetadata, "the member \"table-uuid\" is missing", path: path)
        }
        guard schema(id: currentSchemaID) != nil else {
            throw IcebergError(
                .invalidMetadata,
                "the current schema \(currentSchemaID) is not among the schemas",
                path: path
            )
        }
        guard partitionSpec(id: defaultSpecID) != nil else {
            throw IcebergError(
                .invalidMetadata,
                "the default partition spec \(defaultSpecID) is not among the specs",
                path: path
            )
        }
        guard sortOrder(id: defaultSortOrderID) != nil || (defaultSortOrderID == 0 && sortOrders.isEmpty) else {
            throw IcebergError(
                .invalidMetadata,
                "the default sort order \(defaultSortOrderID) is not among the orders",
                path: path
            )
        }
        let ids = Set(snapshots.map(\.id))
        guard ids.count == snapshots.count else {
            throw IcebergError(.invalidMetadata, "two snapshots have the same id", path: path)
        }
        if let currentSnapshotID, !ids.contains(currentSnapshotID) {
            throw IcebergError(
                .invalidMetadata,
                "the current snapshot \(currentSnapshotID) is not among the snapshots",
                path: path
            )
        }
        for (name, reference) in references where !ids.contains(reference.snapshotID) {
            throw IcebergError(
                .invalidMetadata,
                "the snapshot \(reference.snapshotID) of \"\(name)\" is not among the snapshots",
                path: path
            )
        }
    }

    /// The JSON form.
    public var json: JSON {
        var object: JSONObject = ["format-version": JSON(formatVersion)]
        object["table-uuid"] = uuid.map(JSON.string)
        object["location"] = .string(location)
        if formatVersion > 1 { object["last-sequence-number"] = .integer(lastSequenceNumber) }
        object["last-updated-ms"] = .integer(lastUpdated)
        object["last-column-id"] = JSON(lastColumnID)
        if formatVersion == 1 { object["schema"] = currentSchema.json }
        object["current-schema-id"] = JSON(currentSchemaID)
        object["schemas"] = .array(schemas.map(\.json))
        if formatVersion == 1 { object["partition-spec"] = .array(defaultSpec.fields.map(\.json)) }
        object["default-spec-id"] = JSON(defaultSpecID)
        object["partition-specs"] = .array(partitionSpecs.map(\.json))
        object["last-partition-id"] = JSON(lastPartitionID)
        object["default-sort-order-id"] = JSON(defaultSortOrderID)
        object["sort-orders"] = .array(sortOrders.map(\.json))
        object["properties"] = JSON(properties)
        // Readers of format version 1 and 2 do not all take an absent or null id.
        object["current-snapshot-id"] = .integer(currentSnapshotID ?? -1)
        object["refs"] = .object(
            JSONObject(references.sorted { $0.key < $1.key }.map { ($0.key, .object($0.value.object)) })
        )
        object["snapshots"] = .array(snapshots.map(\.json))
        object["statistics"] = .array(statistics)
        object["partition-statistics"] = .array(partitionStatistics)
        object["snapshot-log"] = .array(snapshotLog.map(\.json))
        object["metadata-log"] = .array(metadataLog.map(\.json))
        object.add(extra)
        return .object(object)
    }

    /// The bytes of a metadata file.
    public var bytes: [UInt8] {
        json.bytes()
    }
}
