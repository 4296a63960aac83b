/// A file in a manifest, with when it came and whether it is still there.
public struct ManifestEntry: Sendable, Hashable {
    /// What a snapshot did to a file.
    public enum Status: Int, Sendable, Hashable {
        /// It was there before.
        case existing = 0
        /// The manifest's snapshot added it.
        case added = 1
        /// The manifest's snapshot removed it.
        case deleted = 2
    }

    /// What the snapshot did to the file.
    public var status: Status
    /// The snapshot that added the file or, if it is deleted, removed it; `nil` inherits the manifest's.
    public var snapshotID: Int64?
    /// The sequence number of the rows; `nil` inherits the manifest's.
    public var sequenceNumber: Int64?
    /// The sequence number of the snapshot that added the file; `nil` inherits the manifest's.
    public var fileSequenceNumber: Int64?
    /// The file.
    public var file: DataFile

    /// An entry.
    public init(
        status: Status,
        snapshotID: Int64?,
        sequenceNumber: Int64? = nil,
        fileSequenceNumber: Int64? = nil,
        file: DataFile
    ) {
        self.status = status
        self.snapshotID = snapshotID
        self.sequenceNumber = sequenceNumber
        self.fileSequenceNumber = fileSequenceNumber
        self.file = file
    }

    /// Whether the file is part of the snapshots that list the manifest.
    public var isLive: Bool {
        status != .deleted
    }
}
