/// A table's new metadata, written to a file, which waits for its pointer to be moved.
public struct PreparedCommit: Sendable {
    /// How the pointer has to move.
    public var change: PointerChange
    /// The new metadata.
    public var metadata: TableMetadata
    /// Files that were written for the commit: to be synced before the pointer moves, useless if it does not.
    public var writtenFiles: [String]
    /// Files that nothing of the table needs once the pointer has moved.
    ///
    /// They are old metadata files, and what only expired snapshots held. Readers that have begun may still need them
    /// for a while, and a later commit may add a file of the same name again: before deleting, ask
    /// ``Reachability/unneeded(among:by:at:)``.
    public var releasedFiles: [String]

    /// The location of the new metadata file.
    public var location: String {
        change.new ?? ""
    }
}
