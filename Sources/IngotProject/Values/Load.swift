/// A table, or what a query gives, that is brought into a table of another database.
public struct Load: Hashable, Sendable {
    /// Where the rows come from.
    public enum Source: Hashable, Sendable {
        /// A table, view or seed of the project.
        case table(Located<TableName>)
        /// One SELECT over tables of the project.
        case query(SQLText)
    }

    /// How the rows meet those that are there.
    public enum WriteDisposition: String, Hashable, Sendable, CaseIterable {
        /// Rows are added.
        case append
        /// The rows take the place of all that are there.
        case replace
        /// A row takes the place of the one with its key, or is added.
        case merge
    }

    /// The load's name.
    public var name: Located<String>
    /// Its file, relative to the project folder.
    public var file: String
    /// What it is for.
    public var description: String?
    /// The words that it is tagged with.
    public var tags: [String]
    /// Where its rows come from.
    public var source: Source
    /// The connection to the database.
    public var connection: Located<String>
    /// The table that is loaded.
    public var table: Located<ServingTable>
    /// How rows meet those that are there.
    public var writeDisposition: WriteDisposition
    /// The columns that identify a row.
    public var primaryKey: [Located<String>]
    /// The column of the source that says of a row that it is to be deleted.
    public var hardDelete: Located<String>?
    /// The columns that are loaded; `nil` for all.
    public var columns: [Located<String>]?
    /// Whether the table is made where there is none.
    public var creates: Bool
}

/// A table of another database.
public struct ServingTable: Hashable, Sendable, CustomStringConvertible {
    /// The schema; of MySQL, the database; `nil` for the connection's own.
    public let schema: String?
    /// The name.
    public let name: String

    /// Names a table.
    public init(schema: String?, name: String) {
        self.schema = schema
        self.name = name
    }

    /// `schema.name`.
    public var description: String {
        schema.map { "\($0).\(name)" } ?? name
    }
}
