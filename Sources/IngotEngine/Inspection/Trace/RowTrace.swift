public import IngotCore
public import IngotProject

/// Where a row came from.
public struct RowTrace: Sendable {
    /// Objects whose rows in a silver table a computed row was made from.
    public struct Source: Sendable, Hashable {
        /// The silver table.
        public var table: TableName
        /// The objects' keys, the first ones.
        public var objects: [String]
        /// How many objects there are.
        public var count: Int
    }

    /// The row's values by column, as text, in the table's order.
    public var values: [(column: String, value: String?)]
    /// The object that it came from; `nil` for a row that was computed.
    public var object: LedgerEntry?
    /// The record's number in the object, where the table keeps it.
    public var row: Int64?
    /// The batch that brought it, or that computed it.
    public var loadID: String?
    /// The attempts of that batch, the newest first.
    public var runs: [Run]
    /// The tables that a computed row was made from.
    public var inputs: [TableName]
    /// The objects that a computed row was made from, by silver table.
    public var sources: [Source] = []
    /// The interval in which a computed row lies, in words.
    public var interval: String?
}

/// Where the rows of an object are.
public struct ObjectTrace: Sendable {
    /// Rows of an object in one table.
    public struct Place: Sendable, Hashable {
        /// The table.
        public var table: TableName
        /// How many rows.
        public var rows: Int64
    }

    /// Intervals of a model in which rows of an object lie.
    public struct Reach: Sendable, Hashable {
        /// The model's table.
        public var table: TableName
        /// The table that it reads.
        public var input: TableName
        /// The intervals' beginnings, as text, the first ones; empty where the model does not work by intervals.
        public var intervals: [String]
        /// How many intervals there are.
        public var count: Int
    }

    /// What the ledger knows of the object's version.
    public var object: LedgerEntry
    /// The attempts to take it in, the newest first.
    public var runs: [Run]
    /// Where its rows are.
    public var places: [Place]
    /// Which models they reach.
    public var reach: [Reach]
}
