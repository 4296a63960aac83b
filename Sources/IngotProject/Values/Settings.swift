/// Sizes and limits.
public struct Settings: Hashable, Sendable {
    /// How much memory the engine may use; `nil` for the engine's own choice.
    public var memoryLimit: ByteSize?
    /// How many threads the engine may use; `nil` for one per core.
    public var threads: Int?
    /// Where the engine puts what does not fit in memory; `nil` for a folder inside the state folder.
    public var tempDirectory: Template?
    /// How much it may put there; `nil` for no limit.
    public var maxTempDirectorySize: ByteSize?
    /// How many objects one batch holds at most.
    public var maxFilesPerTrigger: Int
    /// How many bytes of objects one batch holds at most; a single larger object is a batch of its own.
    public var maxBatchBytes: ByteSize
    /// How long the first arrival of a batch waits for others.
    public var maxBatchDelay: Duration
    /// How long to wait between two listings of a source, which find what no event told of.
    public var backfillInterval: Duration
    /// How often an arrival is tried before it becomes a dead letter.
    public var maxReceives: Int
    /// How long a worker may be silent about an arrival before another may have it.
    public var visibilityTimeout: Duration
    /// How long files that no snapshot needs stay on the disk.
    public var gcMinAge: Duration
    /// How old a snapshot may become.
    public var maxSnapshotAge: Duration
    /// How many snapshots of a table are kept at least, whatever their age.
    public var minSnapshotsToKeep: Int
    /// How many snapshots of a table are kept at most, whatever their age.
    public var maxSnapshotsToKeep: Int
    /// From how many small data files of a partition on they become one; 0 for never.
    public var autoCompactMinFiles: Int
    /// How many bytes of data files become one file at most.
    public var autoCompactMaxFileSize: ByteSize
}
