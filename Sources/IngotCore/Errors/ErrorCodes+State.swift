extension ErrorCode {
    /// The state database cannot be opened, read or written.
    public static let stateUnusable = ErrorCode(
        601,
        "the state cannot be used",
        cause: "The folder of the state database is missing, is not writable, the disk is full, or another process "
            + "holds the database for longer than 30 seconds.",
        nextStep: "Look at the cause that is printed with it; `ingot doctor` checks the folder. Nothing was committed."
    )
    /// A newer Ingot wrote the state database.
    public static let stateNewer = ErrorCode(
        602,
        "the state is newer than this Ingot",
        cause: "A newer version of Ingot has changed the schema of `.ingot/state.db`.",
        nextStep: "Use the newer version for this project."
    )
    /// A table's pointer moved between planning and commit.
    public static let tableChanged = ErrorCode(
        603,
        "a table changed during a commit",
        cause: "Another run, or another engine through the catalog, committed to the same table first.",
        nextStep: "Ingot tries again by itself; run again if it has given up. Nothing was committed."
    )
    /// The lease of a batch was taken over.
    public static let leaseLost = ErrorCode(
        604,
        "a lease was lost",
        cause: "This process was thought to be dead, and another one took over its batch.",
        nextStep: "Nothing was committed by this attempt; the other process commits the batch."
    )
    /// A namespace holds tables.
    public static let namespaceNotEmpty = ErrorCode(
        605,
        "the namespace is not empty",
        cause: "Only an empty namespace can be dropped.",
        nextStep: "Drop or move its tables first."
    )

    /// A run stopped for a reason outside the project.
    public static let runFailed = ErrorCode(
        606,
        "a run stopped",
        cause: "Something that Ingot depends on failed: the disk, the query engine, the table library.",
        nextStep: "Look at the cause that is printed with it and run again: nothing of the batch was committed."
    )

    /// A state is to be made where there is one.
    public static let stateExists = ErrorCode(
        607,
        "there is a state already",
        cause:
            "`ingot state import` and `ingot state rebuild` fill a state that remembers nothing yet, so that nothing "
            + "which is known is lost.",
        nextStep: "Keep the state that is there, or give `--force`: it is put aside under another name, not deleted."
    )
    /// A file is no export of a state.
    public static let stateFileInvalid = ErrorCode(
        608,
        "a file cannot be imported as a state",
        cause: "The file was not written by `ingot state export`, was cut off or changed, or was written by a newer "
            + "version of Ingot.",
        nextStep: "Export the state again, or import the file with the version of Ingot that wrote it. Nothing was "
            + "changed."
    )

    /// The lake has more than the state knows.
    public static let stateLost = ErrorCode(
        609,
        "the state does not know the lake",
        cause: "The lake has tables and a history of objects, and the state remembers nothing: it was deleted, or "
            + "`state` names another folder than before.",
        nextStep: "`ingot state rebuild` makes the state anew from the lake and bronze. To begin anew instead, move "
            + "the folders of the lake and bronze away."
    )

    /// The numbers of this file, in order.
    static let state: [ErrorCode] = [
        stateUnusable, stateNewer, tableChanged, leaseLost, namespaceNotEmpty, runFailed, stateExists,
        stateFileInvalid, stateLost,
    ]
}
