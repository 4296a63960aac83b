import Iceberg
import IngotCore

/// What a batch changes in one table.
struct TableChange: Sendable {
    /// The schema and spec that the staged files were written with.
    var shape: TableShape
    /// The rows to add, staged.
    var added: [StagedFile] = []
    /// Files of which rows are removed.
    var rewrites: [FileRewrite] = []
    /// A SELECT that gives the rows which the rewrites remove.
    var removedRows: String?
    /// Whether everything that the table held is removed.
    var replacesAll = false
    /// Whether the rewrites together hold the rows that the old files held: only files change, and the table's rows do not.
    var keepsRows = false
    /// The state of the table that the change was computed from; `nil` where it fits any.
    var base: Base?

    /// A state of a table.
    struct Base: Sendable {
        /// The metadata file; `nil` for a table that does not exist yet.
        var metadataLocation: String?
    }

    var isEmpty: Bool { added.isEmpty && rewrites.isEmpty && !replacesAll }
}

/// A file of which rows are removed.
struct FileRewrite: Sendable {
    /// The file as it is part of the table.
    var old: DataFile
    /// What stays of it; `nil` if nothing does.
    var rest: StagedFile?
    /// The sequence number of what stays, where it is to be an older one than the commit's.
    var sequenceNumber: Int64?
}
