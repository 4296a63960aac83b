import JSONTree

/// Applies updates to table metadata, one after the other.
struct TableMetadataBuilder {
    /// How far clocks of different writers may be apart, in milliseconds.
    static let clockTolerance: Int64 = 60_000

    var metadata: TableMetadata
    let now: Int64
    /// Whether a snapshot has said when the table changed.
    var hasTimestamp = false
    var lastAddedSchemaID: Int?
    var lastAddedSpecID: Int?
    var lastAddedSortOrderID: Int?
    var addedSnapshotIDs: Set<Int64> = []

    init(_ metadata: TableMetadata, now: Int64) {
        self.metadata = metadata
        self.now = now
    }

    mutating func apply(_ update: TableUpdate) throws {
        switch update {
        case .assignUUID(let uuid): try assignUUID(uuid)
        case .upgradeFormatVersion(let version): try upgrade(to: version)
        case .addSchema(let schema): try add(schema)
        case .setCurrentSchema(let id): try setCurrentSchema(id)
        case .addPartitionSpec(let spec): try add(spec)
        case .setDefaultPartitionSpec(let id): try setDefaultSpec(id)
        case .addSortOrder(let order): try add(order)
        case .setDefaultSortOrder(let id): try setDefaultSortOrder(id)
        case .addSnapshot(let snapshot): try add(snapshot)
        case .setSnapshotReference(let name, let reference): try set(reference, name)
        case .removeSnapshots(let ids): remove(snapshots: Set(ids))
        case .removeSnapshotReference(let name): remove(reference: name)
        case .setLocation(let location):
            guard !location.isEmpty else { throw Self.invalid("the location is empty") }
            metadata.location = location.count > 1 && location.hasSuffix("/") ? String(location.dropLast()) : location
        case .setProperties(let properties): metadata.properties.merge(properties) { $1 }
        case .removeProperties(let names):
            for name in names { metadata.properties[name] = nil }
        case .setStatistics(let id, let value):
            metadata.statistics.removeAll { $0["snapshot-id"]?.int64Value == id }
            metadata.statistics.append(value)
        case .removeStatistics(let id): metadata.statistics.removeAll { $0["snapshot-id"]?.int64Value == id }
        case .setPartitionStatistics(let id, let value):
            metadata.partitionStatistics.removeAll { $0["snapshot-id"]?.int64Value == id }
            metadata.partitionStatistics.append(value)
        case .removePartitionStatistics(let id):
            metadata.partitionStatistics.removeAll { $0["snapshot-id"]?.int64Value == id }
        case .removePartitionSpecs(let ids):
            guard !ids.contains(metadata.defaultSpecID) else {
                throw Self.invalid("the default partition spec \(metadata.defaultSpecID) cannot be removed")
            }
            metadata.partitionSpecs.removeAll { ids.contains($0.id) }
        case .removeSchemas(let ids):
            guard !ids.contains(metadata.currentSchemaID) else {
                throw Self.invalid("the current schema \(metadata.currentSchemaID) cannot be removed")
            }
            metadata.schemas.removeAll { ids.contains($0.id) }
        }
    }

    /// The metadata after all updates.
    func finished() -> TableMetadata {
        var result = metadata
        // Of the snapshots that came with these updates, only the last was ever current for readers.
        result.snapshotLog.removeAll {
            addedSnapshotIDs.contains($0.snapshotID) && $0.snapshotID != result.currentSnapshotID
        }
        if !hasTimestamp { result.lastUpdated = max(now, result.lastUpdated) }
        return result
    }

    static func invalid(_ message: String) -> IcebergError {
        IcebergError(.invalidArgument, message)
    }

    private mutating func assignUUID(_ text: String) throws {
        guard let uuid = IcebergUUID(text) else { throw Self.invalid("\"\(text)\" is not a UUID") }
        if let current = metadata.uuid, current.lowercased() != uuid.description {
            throw Self.invalid("the table has the UUID \(current), which cannot change")
        }
        metadata.uuid = metadata.uuid ?? uuid.description
    }

    private mutating func upgrade(to version: Int) throws {
        guard version <= 2 else {
            throw IcebergError(.unsupported, "format version \(version) is not supported; 1 and 2 are")
        }
        guard version >= metadata.formatVersion else {
            throw Self.invalid("format version \(metadata.formatVersion) cannot become version \(version)")
        }
        metadata.formatVersion = version
    }
}

extension TableMetadata {
    /// The metadata after a commit's updates, checked as the reference implementation checks them.
    ///
    /// - Throws: ``IcebergError`` with the code `invalidArgument` where an update cannot be applied.
    public func applying(_ updates: [TableUpdate], now: Int64) throws -> TableMetadata {
        guard !updates.isEmpty else { return self }
        var builder = TableMetadataBuilder(self, now: now)
        for update in updates { try builder.apply(update) }
        return builder.finished()
    }

    /// The metadata of a new table that is described by updates alone, as staged creation does it.
    ///
    /// - Throws: ``IcebergError`` where the updates do not describe a whole table.
    public static func creating(_ updates: [TableUpdate], now: Int64) throws -> TableMetadata {
        var blank = TableMetadata(
            uuid: IcebergUUID(high: 0, low: 0),
            location: "",
            schema: Schema(fields: []),
            timestamp: now
        )
        blank.uuid = nil
        blank.schemas = []
        blank.partitionSpecs = []
        blank.sortOrders = []
        var builder = TableMetadataBuilder(blank, now: now)
        for update in updates { try builder.apply(update) }
        var metadata = builder.finished()
        if metadata.partitionSpecs.isEmpty { metadata.partitionSpecs = [.unpartitioned] }
        if metadata.sortOrders.isEmpty { metadata.sortOrders = [.unsorted] }
        guard metadata.uuid != nil, !metadata.location.isEmpty, metadata.schema(id: metadata.currentSchemaID) != nil,
            metadata.partitionSpec(id: metadata.defaultSpecID) != nil,
            metadata.sortOrder(id: metadata.defaultSortOrderID) != nil
        else {
            throw TableMetadataBuilder.invalid(
                "the updates do not describe a whole table: a UUID, a location and a current schema are needed"
            )
        }
        return metadata
    }
}
