import Iceberg
import IngotCore

/// What a batch changes in one table, independent of the state that it will be applied to.
struct TableChange: Sendable {
    /// What the table should look like.
    var definition: TableDefinition
    /// The rows to add, staged.
    var added: [StagedFile] = []
    /// Files that are replaced: removed as a whole, or for the rows of theirs that stay, written anew.
    var rewrites: [FileRewrite] = []
    /// Whether everything that the table held is removed.
    var replacesAll = false

    var isEmpty: Bool { added.isEmpty && rewrites.isEmpty && !replacesAll }
}

/// A file of which rows are removed.
struct FileRewrite: Sendable {
    /// The file as it is part of the table.
    var old: DataFile
    /// What stays of it; `nil` if nothing does.
    var rest: StagedFile?
}
