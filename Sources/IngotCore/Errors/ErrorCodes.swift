// The catalogue of error numbers. 01xx project files, 02xx setup and environment, 03xx reading objects,
// 04xx tables and commits, 05xx models, 06xx state, 07xx catalog service, 08xx commands, 09xx workflows,
// 10xx loads.

extension ErrorCode {
    /// Every number, in order.
    public static let all: [ErrorCode] =
        project + setup + objects + tables + models + state + catalog + commands + workflows + loads

    /// The numbers of project files, in order.
    static let project: [ErrorCode] = [
        .notAProject, .unreadableFile, .yamlSyntax, .duplicateKey, .unknownKey, .missingKey, .wrongType, .invalidValue,
        .invalidName, .unknownName, .duplicateName, .conflictingKeys, .pathOutsideProject, .unavailableExpectation,
        .unknownEnvironment, .newerProject, .unsetVariable, .unknownSecret, .invalidSelection, .invalidSettingsBlock,
        .ignoredFile, .unavailableNotification,
    ]
}

// MARK: - 01xx project files

extension ErrorCode {
    /// No `ingot.yml` in the folder.
    public static let notAProject = ErrorCode(
        101,
        "not an Ingot project",
        cause: "The folder has no ingot.yml, so it is not a project folder.",
        nextStep: "Change into a project folder, name one with -C, or make one with `ingot init`."
    )
    /// A project file that cannot be read as text.
    public static let unreadableFile = ErrorCode(
        102,
        "unreadable project file",
        cause: "A project file could not be opened, is larger than 1 MiB, is not UTF-8, or holds control characters.",
        nextStep: "Save the file as UTF-8 text that the user who runs Ingot may read."
    )
    /// YAML that does not parse.
    public static let yamlSyntax = ErrorCode(
        103,
        "invalid YAML",
        cause: "The file is not one well-formed YAML document, or it exceeds a limit on nesting or size.",
        nextStep: "Mend the line that the message names; quotes, brackets and indentation above it are often the cause."
    )
    /// One key twice in a mapping.
    public static let duplicateKey = ErrorCode(
        104,
        "key given twice",
        cause: "YAML allows a key once in a mapping; of two, one would be lost without a word.",
        nextStep: "Remove one of the two, or join them."
    )
    /// A key that means nothing here.
    public static let unknownKey = ErrorCode(
        105,
        "unknown key",
        cause: "The key is not one of those that are known at this place, often because of a slip or its indentation.",
        nextStep: "Use one of the keys that the message lists."
    )
    /// A key that must be there.
    public static let missingKey = ErrorCode(
        106,
        "missing key",
        cause: "A key that has no default is not given.",
        nextStep: "Add the key; docs/project-files.md says what it means."
    )
    /// A list where a text is needed, and the like.
    public static let wrongType = ErrorCode(
        107,
        "wrong kind of value",
        cause: "The value is of another kind than the key takes, for example a list where one text is needed.",
        nextStep: "Write the value as the message says."
    )
    /// A value of the right kind that is not allowed.
    public static let invalidValue = ErrorCode(
        108,
        "invalid value",
        cause: "The value is not one of those that the key allows, or cannot be understood.",
        nextStep: "Write one of the values that the message lists."
    )
    /// A name with characters that names cannot have.
    public static let invalidName = ErrorCode(
        109,
        "invalid name",
        cause: "The name is reserved or holds characters that such a name cannot have.",
        nextStep: "Choose a name as the message says."
    )
    /// A name that nothing has.
    public static let unknownName = ErrorCode(
        110,
        "unknown name",
        cause: "A column, table, seed or other thing is referred to by a name that nothing in the project has.",
        nextStep: "Mend the name, or declare what it names."
    )
    /// One name for two things.
    public static let duplicateName = ErrorCode(
        111,
        "name given twice",
        cause: "Two things of one kind have the same name.",
        nextStep: "Rename one of the two."
    )
    /// Keys that do not go together.
    public static let conflictingKeys = ErrorCode(
        112,
        "keys that do not go together",
        cause: "Each key is right alone, but one excludes the other or needs another one.",
        nextStep: "Remove the key that the message names, or add the one that it misses."
    )
    /// A path that leaves the project folder.
    public static let pathOutsideProject = ErrorCode(
        113,
        "path outside the project",
        cause: "A relative path leads out of the project folder.",
        nextStep: "Write a path inside the project folder, an absolute path, or an s3:// address."
    )
    /// An expectation that this version does not have.
    public static let unavailableExpectation = ErrorCode(
        114,
        "expectation not available yet",
        cause: "The name is one of Great Expectations', but this version of Ingot does not have it.",
        nextStep: "Use one of the expectations that the message lists, or a rule with an SQL expression."
    )
    /// An environment that `ingot.yml` does not name.
    public static let unknownEnvironment = ErrorCode(
        115,
        "unknown environment",
        cause: "The environment that was asked for is not one of those in ingot.yml.",
        nextStep: "Name one of the environments that the message lists, or add it to ingot.yml."
    )
    /// A project that needs another version of Ingot.
    public static let newerProject = ErrorCode(
        116,
        "made for another version of Ingot",
        cause: "require_ingot_version in ingot.yml does not allow the version that runs.",
        nextStep: "Install a version that the project allows."
    )
    /// A `${VAR}` without a value.
    public static let unsetVariable = ErrorCode(
        117,
        "unset environment variable",
        cause: "A project file refers to an environment variable that is not set and has no default.",
        nextStep: "Set the variable, or write ${NAME:-default}."
    )
    /// A `${secret:name}` that no store knows.
    public static let unknownSecret = ErrorCode(
        118,
        "unknown secret",
        cause: "A project file refers to a secret that the secret store does not have.",
        nextStep: "Add the secret to the store under that name: on one machine, as the environment variable "
            + "`INGOT_SECRET_NAME`, or as a line `name=value` of the file `secrets` in the state folder."
    )
    /// A selection that cannot be understood or selects a thing that is not there.
    public static let invalidSelection = ErrorCode(
        119,
        "invalid selection",
        cause: "The argument of --select is not well formed, or names nothing in the project.",
        nextStep: "Write names as `ingot plan` prints them; docs/commands.md says how they are combined."
    )
    /// The `/* @ingot */` block of a model is not where or what it should be.
    public static let invalidSettingsBlock = ErrorCode(
        120,
        "invalid settings block of a model",
        cause:
            "The /* @ingot ... */ block does not stand at the top of the file, does not end, or the query is missing.",
        nextStep: "Begin the file with one /* @ingot ... */ block, followed by one SELECT."
    )
    /// A file or folder that is not read.
    public static let ignoredFile = ErrorCode(
        121,
        "file that is not read",
        cause: "A file in the project folder is of a kind that this version of Ingot does not read.",
        nextStep: "Rename or move the file if it was meant to be read."
    )
    /// Notifications that would travel in a way that this version does not have.
    public static let unavailableNotification = ErrorCode(
        122,
        "notifications that this version cannot send",
        cause: "A notification target of the environment is of a type that is known and cannot be sent yet.",
        nextStep: "Use another type: command starts a program of yours, which can send mail or anything else."
    )
}
