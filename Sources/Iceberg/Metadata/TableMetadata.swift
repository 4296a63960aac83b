public import JSONTree

/// Everything that the table format keeps about a table in one metadata file.
public struct TableMetadata: Sendable, Hashable {
    /// The format version, 1 or 2.
    public var formatVersion: Int
    /// The identity of the table; `nil` in old files of format version 1.
    public var uuid: String?
    /// The folder of the table.
    public var location: String
    /// The highest sequence number that has been given.
    public var lastSequenceNumber: Int64
    /// When the metadata last changed, in milliseconds since 1970.
    public var lastUpdated: Int64
    /// The highest column id that has been given.
    public var lastColumnID: Int
    /// All schemas.
    public var schemas: [Schema]
    /// The id of the current schema.
    public var currentSchemaID: Int
    /// All partition specs.
    public var partitionSpecs: [PartitionSpec]
    /// The id of the spec for new data.
    public var defaultSpecID: Int
    /// The highest partition field id that has been given.
    public var lastPartitionID: Int
    /// The table's properties.
    public var properties: [String: String]
    /// The id of the current snapshot; `nil` for a table without data.
    public var currentSnapshotID: Int64?
    /// All snapshots.
    public var snapshots: [Snapshot]
    /// When which snapshot was current.
    public var snapshotLog: [SnapshotLogEntry]
    /// The metadata files before this one.
    public var metadataLog: [MetadataLogEntry]
    /// All sort orders.
    public var sortOrders: [SortOrder]
    /// The id of the sort order for new data.
    public var defaultSortOrderID: Int
    /// Branches and tags by name.
    public var references: [String: SnapshotReference]
    /// Table statistics, kept as they are.
    public var statistics: [JSON]
    /// Partition statistics, kept as they are.
    public var partitionStatistics: [JSON]
    /// Members of the JSON form that this library does not know.
    public var extra: JSONObject

    /// The metadata of a new table without data, with ids as they are given.
    public init(
        uuid: IcebergUUID,
        location: String,
        schema: Schema,
        partitionSpec: PartitionSpec = .unpartitioned,
        sortOrder: SortOrder = .unsorted,
        properties: [String: String] = [:],
        timestamp: Int64
    ) {
        formatVersion = 2
        self.uuid = uuid.description
        self.location = location
        lastSequenceNumber = 0
        lastUpdated = timestamp
        lastColumnID = schema.highestFieldID
        schemas = [schema]
        currentSchemaID = schema.id
        partitionSpecs = [partitionSpec]
        defaultSpecID = partitionSpec.id
        lastPartitionID = partitionSpec.fields.map(\.fieldID).max() ?? PartitionSpec.firstFieldID - 1
        self.properties = properties
        currentSnapshotID = nil
        snapshots = []
        snapshotLog = []
        metadataLog = []
        sortOrders = sortOrder.id == 0 ? [.unsorted] : [.unsorted, sortOrder]
        defaultSortOrderID = sortOrder.id
        references = [:]
        statistics = []
        partitionStatistics = []
        extra = [:]
    }

    /// The current schema.
    public var currentSchema: Schema {
        schema(id: currentSchemaID) ?? Schema(fields: [])
    }

    /// The partition spec for new data.
    public var defaultSpec: PartitionSpec {
        partitionSpec(id: defaultSpecID) ?? .unpartitioned
    }

    /// The current snapshot.
    public var currentSnapshot: Snapshot? {
        currentSnapshotID.flatMap(snapshot(id:))
    }

    /// The schema with this id.
    public func schema(id: Int) -> Schema? {
        schemas.first { $0.id == id }
    }

    /// The partition spec with this id.
    public func partitionSpec(id: Int) -> PartitionSpec? {
        partitionSpecs.first { $0.id == id }
    }

    /// The sort order with this id.
    public func sortOrder(id: Int) -> SortOrder? {
        sortOrders.first { $0.id == id }
    }

    /// The snapshot with this id.
    public func snapshot(id: Int64) -> Snapshot? {
        // The newest are asked for most.
        snapshots.last { $0.id == id }
    }

    /// The snapshot of a branch or tag.
    public func snapshot(reference name: String) -> Snapshot? {
        if let reference = references[name] { return snapshot(id: reference.snapshotID) }
        return name == SnapshotReference.main ? currentSnapshot : nil
    }

    /// The newest snapshot whose summary holds this value, such as the load that made it.
    public func snapshot(whereSummary key: String, is value: String) -> Snapshot? {
        snapshots.last { $0.summary[key] == value }
    }

    /// A copy with only the snapshots that a branch or tag points to, as the `snapshots=refs` answer has it.
    public func trimmedToReferences() -> TableMetadata {
        var trimmed = self
        var wanted = Set(references.values.map(\.snapshotID))
        if let currentSnapshotID { wanted.insert(currentSnapshotID) }
        trimmed.snapshots = snapshots.filter { wanted.contains($0.id) }
        return trimmed
    }
}

extension TableMetadata {
    /// The types of a spec's partition values; for a column that has been dropped, what it was last.
    public func partitionTypes(of spec: PartitionSpec) -> [IcebergType] {
        spec.fields.map { field in
            let candidates = [currentSchema] + schemas.reversed()
            let source = candidates.lazy.compactMap { $0.field(id: field.sourceID)?.type }.first
            // A column that no schema knows can only be read as what its values look like.
            return source.flatMap { field.transform.resultType(of: $0) } ?? .string
        }
    }
}
