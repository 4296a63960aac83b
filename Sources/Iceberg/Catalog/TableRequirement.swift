/// What has to be true of a table for a commit, as the REST specification names it.
public enum TableRequirement: Sendable, Hashable {
    /// The table does not exist.
    case notExists
    /// The table has this identity.
    case uuid(String)
    /// A branch or tag points to a snapshot; `nil` means that it does not exist.
    case reference(String, snapshotID: Int64?)
    /// The highest column id that has been given.
    case lastAssignedFieldID(Int)
    /// The current schema.
    case currentSchemaID(Int)
    /// The highest partition field id that has been given.
    case lastAssignedPartitionID(Int)
    /// The default partition spec.
    case defaultSpecID(Int)
    /// The default sort order.
    case defaultSortOrderID(Int)
}
