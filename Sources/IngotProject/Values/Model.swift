/// One SQL SELECT that makes one table or view of the lake.
public struct Model: Hashable, Sendable {
    /// How a result is kept.
    public enum Materialization: Hashable, Sendable {
        /// Computed when it is read.
        case view
        /// Computed anew as a whole.
        case table
        /// Computed for what changed.
        case incremental(Incremental)
    }

    /// How an incremental result takes in what was computed.
    public enum Strategy: String, Hashable, Sendable, CaseIterable {
        /// The intervals (or keys) that were computed are replaced.
        case deleteInsert = "delete+insert"
        /// Rows are updated by key, or inserted.
        case merge
        /// Rows are added.
        case append
    }

    /// The length of an interval.
    public enum BatchSize: String, Hashable, Sendable, CaseIterable {
        /// An hour.
        case hour
        /// A day, in UTC.
        case day
        /// An ISO week, from Monday.
        case week
        /// A calendar month.
        case month
        /// A calendar year.
        case year
    }

    /// The settings of an incremental model.
    public struct Incremental: Hashable, Sendable {
        /// How the result takes in what was computed.
        public var strategy: Strategy
        /// The length of an interval; set exactly where the model works by interval.
        public var batchSize: BatchSize?
        /// How many intervals of input before the computed one are read too.
        public var lookback: Int
        /// How many intervals before a changed row its output changes.
        public var affects: Int
        /// Where the first interval begins, an ISO date or timestamp; earlier input is not read.
        public var begin: Literal?
    }

    /// What a model says about one of its inputs.
    public struct Input: Hashable, Sendable {
        /// What a change of the input means where it cannot be placed in intervals.
        public enum OnChange: String, Hashable, Sendable, CaseIterable {
            /// Everything is computed anew.
            case restate
            /// Only what is computed for other reasons sees the change.
            case ignore
        }

        /// The table.
        public var table: Located<TableName>
        /// What a change of it means.
        public var onChange: OnChange
        /// Whether it is filtered to the interval where it names an event time.
        public var filter: Bool
    }

    /// One column of the result.
    public struct Column: Hashable, Sendable {
        /// The column's name.
        public var name: Located<String>
        /// Its declared type.
        public var dataType: Located<DataType>?
        /// What it means; becomes the table column's comment.
        public var description: String?
        /// What must hold for its values.
        public var tests: [Located<Test>]
    }

    /// A test of a column, in dbt's vocabulary.
    public enum Test: Hashable, Sendable {
        /// No value is NULL.
        case notNull
        /// No value occurs twice; NULLs are not compared.
        case unique
        /// Every value that is not NULL is one of these.
        case acceptedValues([Literal])
        /// Every value that is not NULL stands in a column of another table.
        case relationships(to: Located<TableName>, field: Located<String>)
    }

    /// The model's name: the file's name without `.sql`.
    public var name: Located<String>
    /// The file, relative to the project folder.
    public var file: String
    /// The table or view: `gold.<name>` unless the settings say otherwise.
    public var table: Located<TableName>
    /// What it is for; becomes the table's comment.
    public var description: String?
    /// Words to select it by.
    public var tags: [String]
    /// How the result is kept.
    public var materialization: Materialization
    /// The result's column that places a row in an interval.
    public var eventTime: Located<String>?
    /// The result's columns that identify a row; empty for none.
    public var uniqueKey: [Located<String>]
    /// The partitioning of the table.
    public var partitionBy: [PartitionField]
    /// The columns that the settings speak of, in order.
    public var columns: [Column]
    /// Whether the result must have exactly the declared columns and types.
    public var isContractEnforced: Bool
    /// What the settings say about inputs.
    public var inputs: [Input]
    /// Iceberg table properties.
    public var properties: [String: String]
    /// The query: everything after the settings block.
    public var sql: SQLText
}
