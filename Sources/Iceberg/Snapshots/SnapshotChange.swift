/// What a new snapshot changes.
public struct SnapshotChange: Sendable {
    /// The kinds of snapshots.
    public enum Operation: String, Sendable, Hashable {
        /// Files were added.
        case append
        /// Files were added and removed.
        case overwrite
        /// Files were removed.
        case delete
        /// Files were replaced by others with the same rows.
        case replace
    }

    /// The kind of the snapshot; `nil` finds it out from what is added and removed.
    public var operation: Operation?
    /// The files to add.
    public var added: [DataFile]
    /// The files to remove, as a scan gave them; their partitions tell which manifests can hold them.
    public var removed: [DataFile]
    /// The locations of files to remove of which nothing else is known; every manifest may be read to find them.
    public var removedPaths: Set<String>
    /// The sequence numbers of the rows of added files, by their locations, where they are older rows written anew.
    public var sequenceNumbers: [String: Int64]
    /// What the summary is to hold besides the operation and the counts.
    public var summary: [String: String]
    /// The branch that the snapshot is made on.
    public var branch: String

    /// A change.
    public init(
        operation: Operation? = nil,
        adding added: [DataFile] = [],
        removing removed: [DataFile] = [],
        removingPaths removedPaths: Set<String> = [],
        sequenceNumbers: [String: Int64] = [:],
        summary: [String: String] = [:],
        branch: String = SnapshotReference.main
    ) {
        self.operation = operation
        self.added = added
        self.removed = removed
        self.removedPaths = removedPaths
        self.sequenceNumbers = sequenceNumbers
        self.summary = summary
        self.branch = branch
    }

    var effectiveOperation: Operation {
        if let operation { return operation }
        if removed.isEmpty, removedPaths.isEmpty { return .append }
        return added.isEmpty ? .delete : .overwrite
    }
}

/// A snapshot whose files are written and which waits for its commit.
public struct PreparedSnapshot: Sendable {
    /// The snapshot.
    public var snapshot: Snapshot
    /// The updates that add it to the table and move its branch.
    public var updates: [TableUpdate]
    /// What has to be true of the table for that.
    public var requirements: [TableRequirement]
    /// The locations of the manifests and of the list that were written.
    public var writtenFiles: [String]
}
