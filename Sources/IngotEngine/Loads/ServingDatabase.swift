public import IngotProject

/// A database outside the lake, into which loads bring rows.
///
/// A load and the record of it are one transaction of that database: whoever dies when, either both are there or neither.
/// Loads of one name into one table take turns. The record is what makes a load idempotent: an order for the version of the
/// source that was loaded last changes nothing, unless it is forced.
public protocol ServingDatabase: Sendable {
    /// What was brought into an order's table last under its name; `nil` where nothing was, or the table is gone.
    ///
    /// Changes nothing.
    ///
    /// - Throws: `IngotError`: `servingUnreachable`, `servingRefused`.
    func lastLoad(_ order: LoadOrder) async throws -> LoadRecord?

    /// Brings rows into a table.
    ///
    /// - Throws: `IngotError`: `servingUnreachable`, `servingBusy`, `servingTableMissing`, `servingTableUnfit`, `valueLost`,
    ///   `servingRefused`. Nothing was changed then, but that tables without rows may have been made.
    func load(_ rows: LoadRows, _ order: LoadOrder) async throws -> LoadOutcome
}

/// What is to be loaded, and how.
public struct LoadOrder: Sendable, Hashable {
    /// The load's name.
    public var load: String
    /// Names this load of one version of the source.
    public var loadID: String
    /// The table.
    public var table: ServingTable
    /// How rows meet those that are there.
    public var disposition: Load.WriteDisposition
    /// The columns that identify a row, spelled as the rows spell them.
    public var primaryKey: [String]
    /// Whether the table is made where there is none.
    public var creates: Bool
    /// Which version of its source is loaded; at most 255 characters.
    public var version: String
    /// A hash of all that decides what the version's rows become.
    public var definition: String
    /// Whether the load is done though the version was loaded before.
    public var isForced: Bool
    /// The time, in nanoseconds since 1970 UTC.
    public var time: Int64

    /// Gives an order.
    public init(
        load: String,
        loadID: String,
        table: ServingTable,
        disposition: Load.WriteDisposition,
        primaryKey: [String],
        creates: Bool,
        version: String,
        definition: String,
        isForced: Bool,
        time: Int64
    ) {
        self.load = load
        self.loadID = loadID
        self.table = table
        self.disposition = disposition
        self.primaryKey = primaryKey
        self.creates = creates
        self.version = version
        self.definition = definition
        self.isForced = isForced
        self.time = time
    }
}

/// Rows that wait in a Parquet file to be loaded.
///
/// No two of them have the same primary key, and none has NULL in it.
public struct LoadRows: Sendable, Hashable {
    /// A column.
    public struct Column: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Its type: none of lists, structures and maps.
        public var type: DataType

        /// Describes a column.
        public init(name: String, type: DataType) {
            self.name = name
            self.type = type
        }
    }

    /// The BOOLEAN column of the file that says of a row that it is to be deleted.
    public static let deletionMark = "_ingot_deleted"

    /// The file.
    public var path: String
    /// The columns that are loaded.
    public var columns: [Column]
    /// Whether the file has a ``deletionMark``.
    public var marksDeletions: Bool

    /// Describes rows.
    public init(path: String, columns: [Column], marksDeletions: Bool) {
        self.path = path
        self.columns = columns
        self.marksDeletions = marksDeletions
    }
}

/// What a database remembers of a load.
public struct LoadRecord: Sendable, Hashable {
    /// Names the load.
    public var loadID: String
    /// Which version of its source was loaded.
    public var version: String
    /// The hash of what decided what the rows became.
    public var definition: String
    /// How many rows were loaded.
    public var rows: Int
    /// How many rows of the source asked for a deletion.
    public var deletions: Int

    /// Makes a record.
    public init(loadID: String, version: String, definition: String, rows: Int, deletions: Int) {
        self.loadID = loadID
        self.version = version
        self.definition = definition
        self.rows = rows
        self.deletions = deletions
    }

    /// Whether an order asks for nothing that is not there.
    public func satisfies(_ order: LoadOrder) -> Bool {
        !order.isForced && version == order.version && definition == order.definition
    }
}

/// What became of a load.
public enum LoadOutcome: Sendable, Hashable {
    /// The rows are there, as recorded.
    case loaded(LoadRecord)
    /// The version had been loaded before, as recorded then.
    case upToDate(LoadRecord)
}
