public import IngotProject

/// A table of the lake in a few numbers.
public struct TableSummary: Sendable, Hashable {
    /// The table.
    public var name: TableName
    /// Its rows; `nil` where no snapshot tells.
    public var rows: Int64?
    /// Its data files.
    public var files: Int64?
    /// The bytes of its data files.
    public var bytes: Int64?
    /// How it is divided: `day(event_time), region`; empty for not at all.
    public var partitionedBy: String
    /// How many snapshots are kept.
    public var snapshots: Int
    /// When its rows changed last, in nanoseconds since 1970 UTC.
    public var changed: Int64?
    /// The batch that changed them last, where Ingot did.
    public var loadID: String?
}

/// A table of the lake in full.
public struct TableDetails: Sendable, Hashable {
    /// Its numbers.
    public var summary: TableSummary
    /// Its columns, in order.
    public var columns: [TableColumn]
    /// Its folder.
    public var location: String
    /// The metadata file that is current; `nil` for a view.
    public var metadataLocation: String?
    /// The table's identity.
    public var uuid: String?
    /// Its properties.
    public var properties: [String: String]
}

/// One state of a table.
public struct TableSnapshot: Sendable, Hashable {
    /// The snapshot's id.
    public var id: Int64
    /// When it was made, in nanoseconds since 1970 UTC.
    public var time: Int64
    /// What was done: `append`, `overwrite`, `delete`, `replace`.
    public var operation: String
    /// Rows added.
    public var addedRows: Int64
    /// Rows removed.
    public var removedRows: Int64
    /// Files added.
    public var addedFiles: Int64
    /// Files removed.
    public var removedFiles: Int64
    /// The table's rows from then on.
    public var rows: Int64?
    /// The batch that made it, where Ingot did.
    public var loadID: String?
    /// Whether it is the current one.
    public var isCurrent: Bool
}
