import IngotCore

/// What the program says to the shell.
struct ExitStatus: Error, RawRepresentable, Hashable {
    let rawValue: Int32

    /// Everything was done.
    static let success = ExitStatus(rawValue: 0)
    /// The work failed, or a part of it; what went wrong is said already.
    static let failure = ExitStatus(rawValue: 1)
    /// The command was used wrongly, or the project's files are wrong.
    static let wrongUse = ExitStatus(rawValue: 2)
    /// As a shell shows a program that ended because nobody read its output.
    static let outputClosed = ExitStatus(rawValue: 141)
}

extension ExitStatus {
    /// Codes that tell of the command, not of its work.
    private static let wrongUses: Set<ErrorCode> = [
        .unavailableStorage, .invalidSQL, .notReadOnly, .unknownTable, .fileExists, .unknownRun, .unknownDeadLetter,
        .unknownObject, .notBackfilled,
        .wrongUse, .invalidDefinition, .unusableJSON, .unknownWorkflow, .unknownExecution, .executionExists,
        .executionState,
    ]

    /// The status of an error: project files, and what the user typed, are wrong use.
    init(_ error: IngotError) {
        let isConfiguration = (100..<200).contains(error.code.number)
        self = isConfiguration || Self.wrongUses.contains(error.code) ? .wrongUse : .failure
    }
}
