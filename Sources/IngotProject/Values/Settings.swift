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
    public var maxBytesPerTrigger: ByteSize
    /// How long files that no snapshot needs stay on the disk.
    public var gcMinAge: Duration
    /// How old a snapshot may become.
    public var maxSnapshotAge: Duration
    /// How many snapshots of a table are kept at least, whatever their age.
    public var minSnapshotsToKeep: Int
    /// How many snapshots of a table are kept at most, whatever their age.
    public var maxSnapshotsToKeep: Int
}
