extension ErrorCode {
    /// SQL names a table that does not exist.
    public static let unknownTable = ErrorCode(
        501,
        "an unknown table",
        cause: "The SQL names a table that is neither a table of the lake nor a model nor a seed of the project.",
        nextStep: "Write the name with its namespace, as `ingot tables list` prints it: `silver.users`."
    )
    /// Models that need each other.
    public static let modelCycle = ErrorCode(
        502,
        "models that need each other",
        cause: "A model reads, directly or through other models, what it makes itself.",
        nextStep: "Take one of the references that the message names out of the circle."
    )
    /// SQL that does not compile or cannot be computed.
    public static let invalidSQL = ErrorCode(
        503,
        "an error in SQL",
        cause: "The query engine cannot understand the SQL, or met a value that the SQL cannot handle.",
        nextStep: "Mend the SQL at the place that the message names. Nothing was committed."
    )
    /// SQL that is not one SELECT.
    public static let notOneSelect = ErrorCode(
        504,
        "not one SELECT",
        cause: "Models and queries are exactly one SELECT: they read, and Ingot writes.",
        nextStep: "Leave one SELECT (WITH, FROM and VALUES are fine) and remove the rest."
    )
    /// A result column of a type that tables do not have.
    public static let unsupportedType = ErrorCode(
        505,
        "a type that tables do not have",
        cause: "Tables are in the Iceberg format, which has no such type.",
        nextStep: "Cast the column in the SELECT, for example to VARCHAR."
    )
    /// A result that is not what its model's settings say.
    public static let contractBroken = ErrorCode(
        506,
        "a result that breaks its contract",
        cause: "The columns of the model's SELECT are not those that the model's settings name.",
        nextStep: "Change the SELECT or the settings, so that names and types agree. Nothing was committed."
    )
    /// An event time that places no row.
    public static let invalidEventTime = ErrorCode(
        507,
        "an event time that cannot place rows",
        cause: "The column of `event_time` is missing, is no date or timestamp, or is NULL in a row.",
        nextStep: "Give every row of the result a date or timestamp in that column. Nothing was committed."
    )
    /// A data test found rows.
    public static let dataTestFailed = ErrorCode(
        508,
        "a data test failed",
        cause: "Rows that the model computed do not pass one of its `data_tests`.",
        nextStep: "Look at the sample in the message, mend the data or the SELECT, and run again: "
            + "nothing was committed, and the table is as it was."
    )
    /// Rows with the same key.
    public static let duplicateModelKey = ErrorCode(
        509,
        "one key in several rows",
        cause: "`incremental_strategy: merge` replaces one row by one row, but the SELECT gives several with one key.",
        nextStep: "Aggregate or deduplicate in the SELECT, or use `delete+insert`. Nothing was committed."
    )
    /// A table that no run has made yet.
    public static let notComputed = ErrorCode(
        510,
        "a table that does not exist yet",
        cause: "The model of the table has not been computed.",
        nextStep: "ingot run"
    )

    /// The numbers of this file, in order.
    static let models: [ErrorCode] = [
        unknownTable, modelCycle, invalidSQL, notOneSelect, unsupportedType, contractBroken, invalidEventTime,
        dataTestFailed, duplicateModelKey, notComputed,
    ]
}
