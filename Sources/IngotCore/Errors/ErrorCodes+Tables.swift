extension ErrorCode {
    /// Rows read, in silver, in quarantine and skipped do not add up.
    public static let rowsUnbalanced = ErrorCode(
        401,
        "rows do not add up",
        cause: "The rows of an object in silver and quarantine, and those skipped, are not as many as were read. "
            + "This is a defect of Ingot, and nothing of the batch was committed.",
        nextStep: "Please report it, with the pipeline's file and, if you may, the object."
    )
    /// A column's type cannot become the new one.
    public static let incompatibleColumn = ErrorCode(
        402,
        "a column cannot change its type so",
        cause: "A column of an existing table may only become wider: integer to bigint, float to double, "
            + "a decimal with more digits.",
        nextStep: "Give the column a new name, or keep its type; see also \"A changed contract\" in docs/pipelines.md."
    )
    /// A partition column does not exist.
    public static let unknownPartitionColumn = ErrorCode(
        403,
        "an unknown partition column",
        cause: "`partition_by` names a column that the table does not have.",
        nextStep: "Name one of the table's columns or a system column such as `_ingested_at`."
    )

    /// A table holds delete files.
    public static let deleteFiles = ErrorCode(
        404,
        "a table holds delete files",
        cause: "Another engine deleted rows of the table by position or by value instead of rewriting its files.",
        nextStep: "Rewrite the table's data files with that engine (in Spark: `CALL system.rewrite_data_files`)."
    )

    /// A data file of another engine that cannot be rewritten.
    public static let foreignFile = ErrorCode(
        405,
        "a file of another engine cannot be rewritten",
        cause: "Rows have to leave a data file that does not name its columns by ids, or that has a nested field under "
            + "another name than the table; the rows that stay would lose values.",
        nextStep: "Rewrite the table's data files with that engine (in Spark: `CALL system.rewrite_data_files`)."
    )

    /// The numbers of this file, in order.
    static let tables: [ErrorCode] = [
        rowsUnbalanced, incompatibleColumn, unknownPartitionColumn, deleteFiles, foreignFile,
    ]
}
