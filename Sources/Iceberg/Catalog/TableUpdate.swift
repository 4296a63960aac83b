public import JSONTree

/// One change of a table's metadata, as the REST specification names them.
public enum TableUpdate: Sendable, Hashable {
    /// Gives the table its identity.
    case assignUUID(String)
    /// Raises the format version.
    case upgradeFormatVersion(Int)
    /// Adds a schema.
    case addSchema(Schema)
    /// Makes a schema the current one; -1 means the one added last.
    case setCurrentSchema(Int)
    /// Adds a partition spec; fields with the id 0 are given one.
    case addPartitionSpec(PartitionSpec)
    /// Makes a partition spec the default; -1 means the one added last.
    case setDefaultPartitionSpec(Int)
    /// Adds a sort order.
    case addSortOrder(SortOrder)
    /// Makes a sort order the default; -1 means the one added last.
    case setDefaultSortOrder(Int)
    /// Adds a snapshot.
    case addSnapshot(Snapshot)
    /// Points a branch or tag to a snapshot.
    case setSnapshotReference(String, SnapshotReference)
    /// Removes snapshots.
    case removeSnapshots([Int64])
    /// Removes a branch or tag.
    case removeSnapshotReference(String)
    /// Moves the folder for new files.
    case setLocation(String)
    /// Sets properties.
    case setProperties([String: String])
    /// Removes properties.
    case removeProperties([String])
    /// Sets the statistics of a snapshot.
    case setStatistics(snapshotID: Int64, JSON)
    /// Removes the statistics of a snapshot.
    case removeStatistics(snapshotID: Int64)
    /// Sets the partition statistics of a snapshot.
    case setPartitionStatistics(snapshotID: Int64, JSON)
    /// Removes the partition statistics of a snapshot.
    case removePartitionStatistics(snapshotID: Int64)
    /// Removes partition specs that are not the default.
    case removePartitionSpecs([Int])
    /// Removes schemas that are not the current one.
    case removeSchemas([Int])
}
