extension ErrorCode {
    /// Tables on a store that this version does not have.
    public static let unavailableStorage = ErrorCode(
        201,
        "a store that is not available",
        cause: "The environment keeps the lake, bronze or the state at an address that this version cannot use.",
        nextStep: "Write a path of this machine, or choose another environment with -e."
    )
    /// User SQL that does more than read.
    public static let notReadOnly = ErrorCode(
        802,
        "the SQL does more than read",
        cause: "Queries run one statement that reads the project's tables: SELECT, FROM, WITH, VALUES, DESCRIBE, "
            + "SUMMARIZE, SHOW or EXPLAIN.",
        nextStep: "Change tables through pipelines and models, or with another engine through the catalog."
    )
    /// A file that would be overwritten.
    public static let fileExists = ErrorCode(
        804,
        "a file exists already",
        cause: "A command would have to replace a file that somebody may have edited.",
        nextStep: "Move the file away, choose another folder or name, or allow it with --force."
    )
    /// A run that is not known.
    public static let unknownRun = ErrorCode(
        805,
        "an unknown run",
        cause: "No run has that id, or more than one begins with it.",
        nextStep: "Name one of the runs that `ingot runs` lists."
    )
    /// Files whose form cannot be told.
    public static let cannotInfer = ErrorCode(
        806,
        "a file's form cannot be told",
        cause: "The file is empty, is neither delimited text nor JSON nor Parquet, or cannot be read.",
        nextStep: "Look at the file's first lines; write the pipeline by hand if its form is unusual."
    )
    /// A key that fits no row.
    public static let nothingTraced = ErrorCode(
        807,
        "nothing to trace",
        cause: "No row has these values, or no object has this key.",
        nextStep: "Look at the table with `ingot query`, or at the objects with `ingot objects`."
    )
    /// Arguments that do not go together.
    public static let wrongUse = ErrorCode(
        808,
        "wrong use of a command",
        cause: "The arguments of the command do not go together or name nothing that exists.",
        nextStep: "See `ingot help <command>`."
    )
    /// Work that the user stopped.
    public static let interrupted = ErrorCode(
        809,
        "interrupted",
        cause: "The command was stopped by a signal, such as Ctrl-C. What was not committed is as it was before.",
        nextStep: "Run the command again; nothing is lost and nothing is done twice."
    )
    /// A check of the installation that failed.
    public static let unhealthy = ErrorCode(
        810,
        "a check of the installation failed",
        cause: "`ingot doctor` found something that keeps Ingot from working.",
        nextStep: "Do what the failed line says and run it again."
    )
    /// Output that cannot be written.
    public static let outputFailed = ErrorCode(
        811,
        "output that cannot be written",
        cause: "What a command prints could not be written where it goes, for example because the disk is full.",
        nextStep: "Make room, or send the output elsewhere. What the command did before is done."
    )
    /// A dead letter that is not known.
    public static let unknownDeadLetter = ErrorCode(
        812,
        "an unknown dead letter",
        cause: "No dead letter of the selected pipelines has that number; it may have been tried again meanwhile.",
        nextStep: "Name one of the dead letters that `ingot dlq list` lists."
    )
    /// An object that is not known.
    public static let unknownObject = ErrorCode(
        820,
        "an unknown object",
        cause: "No object has that key, or more than one fits the name.",
        nextStep: "Name one of the objects that `ingot objects` lists, by its key, or as key@version with a beginning "
            + "of the version; `-s` names the pipeline."
    )
    /// An object that cannot be taken out.
    public static let notUndone = ErrorCode(
        821,
        "an object that cannot be undone",
        cause: "A run holds the object or another version of it, or nothing of it is in the tables.",
        nextStep: "Wait for the run that holds it and try again; `ingot objects --key` tells how it stands."
    )
    /// A model that cannot be backfilled.
    public static let notBackfilled = ErrorCode(
        822,
        "a model that cannot be backfilled",
        cause: "There is no such model, it is not computed by intervals, or the time holds too many of them.",
        nextStep: "Only incremental models with a batch_size are; `ingot run --full-refresh` computes any other."
    )
    /// Events of lineage that cannot be sent.
    public static let lineageUnsent = ErrorCode(
        823,
        "events of lineage that cannot be sent",
        cause: "The file or the address that `lineage` in `ingot.yml` names does not take the events that tell of "
            + "runs.",
        nextStep: "Nothing of the runs is lost, and the events wait. See to the file or the receiver; the next run, "
            + "or the service that runs, sends them."
    )

    /// A notification that did not arrive.
    public static let notificationUnsent = ErrorCode(
        824,
        "a notification that was not sent",
        cause: "A target of `notifications` did not take what somebody was to be told, in several tries. Targets "
            + "beside it were told.",
        nextStep: "See to the receiver, the address and its secret; the message says what the target answered. What "
            + "was to be told is told again by the next check that fails."
    )

    /// The numbers of this file, in order, of set-up.
    static let setup: [ErrorCode] = [unavailableStorage]

    /// The numbers of this file, in order, of commands.
    static let commands: [ErrorCode] = [
        notReadOnly, fileExists, unknownRun, cannotInfer, nothingTraced, wrongUse,
        interrupted, unhealthy, outputFailed, unknownDeadLetter,
        unknownObject, notUndone, notBackfilled, lineageUnsent, notificationUnsent,
    ]
}
