extension ErrorCode {
    /// An object that should be there is not.
    public static let objectNotFound = ErrorCode(
        380,
        "Object not found",
        cause: "A file or object that Ingot was told of, or saw before, is no longer in its store.",
        nextStep: "Look whether it was moved or removed, and put it back; or correct the path in the project file."
    )

    /// A conditional write or read met another state.
    public static let objectPreconditionFailed = ErrorCode(
        381,
        "Object is not in the expected state",
        cause: "Another writer created or replaced the object first.",
        nextStep: "Run again: the work starts from the state that is there now."
    )

    /// The store refused.
    public static let objectPermissionDenied = ErrorCode(
        382,
        "No permission for an object",
        cause: "The user or role that Ingot runs as may not read, list or write it.",
        nextStep: "Give it the right (for a file: ls -l shows owner and mode; a folder needs r and x), then run again."
    )

    /// The device is full.
    public static let objectNoSpace = ErrorCode(
        383,
        "No space left",
        cause: "The disk, or the quota of the user, is full. Nothing was replaced by half a file.",
        nextStep: "Free space (ingot tables expire removes old snapshots), then run again."
    )

    /// It cannot be an object.
    public static let objectNotReadable = ErrorCode(
        384,
        "Not a readable object",
        cause: "The name cannot be a key (it is not UTF-8, is too long, or has a segment ..), or what stands there is "
            + "a device, a socket, a link to a folder or a link that leaves the store.",
        nextStep: "Rename it, or put the file itself in place of the link."
    )

    /// Somebody writes while Ingot reads.
    public static let objectChangedWhileRead = ErrorCode(
        385,
        "Object changed while it was read",
        cause: "A program was still writing the file.",
        nextStep: "Nothing to do: the next run takes the finished file. Writers that write under another name and "
            + "rename the file when it is complete avoid this."
    )

    /// The store does not answer.
    public static let objectStoreUnavailable = ErrorCode(
        386,
        "Object store unavailable",
        cause: "The store could not be reached or its device reported an error.",
        nextStep: "Look at the cause, then run again: loads are safe to repeat."
    )

    /// What was kept is not there any more as it was.
    public static let objectDamaged = ErrorCode(
        387,
        "Kept object is damaged",
        cause: "The copy of an object in bronze is gone, or has other bytes than those that arrived: its hash is not "
            + "the object's version. Bronze is never written a second time by Ingot.",
        nextStep: "Put the copy back from a backup. The tables are as they were: nothing that was damaged is loaded."
    )

    /// The numbers of this file, in order.
    static let objects: [ErrorCode] = [
        objectNotFound,
        objectPreconditionFailed,
        objectPermissionDenied,
        objectNoSpace,
        objectNotReadable,
        objectChangedWhileRead,
        objectStoreUnavailable,
        objectDamaged,
    ]
}
