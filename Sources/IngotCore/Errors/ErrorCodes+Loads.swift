extension ErrorCode {
    /// A database that cannot be reached.
    public static let servingUnreachable = ErrorCode(
        1001,
        "a database cannot be reached",
        cause: "The server of a connection does not answer, refuses the user or has no such database, or the file of "
            + "a connection cannot be opened.",
        nextStep: "Check the connection in `ingot.yml`, its variables and secrets, and that the server runs. Nothing "
            + "was changed."
    )
    /// A database that others hold.
    public static let servingBusy = ErrorCode(
        1002,
        "a database is in use",
        cause: "Another process holds the database, or the same load of another process has been under way for long.",
        nextStep: "Wait for it to end, and run the load again. Nothing was changed."
    )
    /// A table that is not there.
    public static let servingTableMissing = ErrorCode(
        1003,
        "the table of a load does not exist",
        cause: "The database has no table of the name that the load gives.",
        nextStep: "Make the table, or write `create: true` in the load's file to have it made. Nothing was changed."
    )
    /// A table that cannot take the rows.
    public static let servingTableUnfit = ErrorCode(
        1004,
        "the table of a load does not fit",
        cause: "The table lacks a column of the load, has no primary key or unique index of just the columns of the "
            + "load's `primary_key`, knows no transactions, or ends with the connection.",
        nextStep: "Change the table, or the load's `columns` or `primary_key`. Nothing was changed."
    )
    /// Columns of a load that cannot be loaded.
    public static let loadColumnsUnfit = ErrorCode(
        1005,
        "the columns of a load do not fit",
        cause: "The source of a load lacks a column that the load names, or gives one that no other database takes.",
        nextStep: "Mend the load's file or its source. Nothing was changed."
    )
    /// Rows that have no key of their own.
    public static let loadKeyInvalid = ErrorCode(
        1006,
        "rows of a load without a key of their own",
        cause: "Several rows of the source of a load have the same `primary_key`, for the source or as the table "
            + "compares it, or it is NULL in one of them.",
        nextStep: "Aggregate or deduplicate in a model or the load's `query`, or choose another `primary_key`. "
            + "Nothing was changed."
    )
    /// Values that a column would change.
    public static let valueLost = ErrorCode(
        1007,
        "values that a column cannot keep",
        cause: "A column of the table would keep another value than the source has: one rounded, without its "
            + "fraction of a second, or a text written in another way.",
        nextStep: "Change the type of the column, or cast the value in the load's `query`. Nothing was changed."
    )
    /// A statement that a database refuses.
    public static let servingRefused = ErrorCode(
        1008,
        "a database refuses a load",
        cause: "The database answered a statement of the load with an error, or the connection to it broke.",
        nextStep: "Read the cause, which is in the database's own words. Nothing was changed, unless the connection "
            + "broke at the very end: running the load again is safe in any case."
    )

    /// The numbers of this file, in order.
    static let loads: [ErrorCode] = [
        servingUnreachable, servingBusy, servingTableMissing, servingTableUnfit, loadColumnsUnfit, loadKeyInvalid,
        valueLost, servingRefused,
    ]
}
