/// What a manifest list says of one manifest.
public struct ManifestFile: Sendable, Hashable {
    /// What the files of a manifest are.
    public enum Content: Int, Sendable, Hashable {
        /// Data files.
        case data = 0
        /// Delete files.
        case deletes = 1
    }

    /// What the values of one partition field are, over all files of a manifest.
    public struct FieldSummary: Sendable, Hashable {
        /// Whether a file has null.
        public var containsNull: Bool
        /// Whether a file has a value that is no number; `nil` if that is not known.
        public var containsNaN: Bool?
        /// The least value, in single-value binary form.
        public var lowerBound: [UInt8]?
        /// The greatest value, in single-value binary form.
        public var upperBound: [UInt8]?

        /// A summary.
        public init(
            containsNull: Bool,
            containsNaN: Bool? = nil,
            lowerBound: [UInt8]? = nil,
            upperBound: [UInt8]? = nil
        ) {
            self.containsNull = containsNull
            self.containsNaN = containsNaN
            self.lowerBound = lowerBound
            self.upperBound = upperBound
        }
    }

    /// The location of the manifest.
    public var path: String
    /// How many bytes it has.
    public var length: Int64
    /// The partition spec of its files.
    public var specID: Int
    /// What its files are.
    public var content: Content
    /// The sequence number of the snapshot that wrote it.
    public var sequenceNumber: Int64
    /// The least sequence number of its live files.
    public var minSequenceNumber: Int64
    /// The snapshot that wrote it.
    public var addedSnapshotID: Int64
    /// How many files are added; `nil` in old lists that do not say.
    public var addedFiles: Int?
    /// How many files were there before.
    public var existingFiles: Int?
    /// How many files are removed.
    public var deletedFiles: Int?
    /// How many rows the added files have.
    public var addedRows: Int64?
    /// How many rows the files have that were there before.
    public var existingRows: Int64?
    /// How many rows the removed files have.
    public var deletedRows: Int64?
    /// A summary for every partition field; `nil` if there is none.
    public var partitions: [FieldSummary]?
    /// How the manifest is encrypted.
    public var keyMetadata: [UInt8]?

    /// Whether the manifest may hold files that are still there.
    public var hasLiveFiles: Bool {
        guard let addedFiles, let existingFiles else { return true }
        return addedFiles + existingFiles > 0
    }

    /// How many live files the manifest has; `nil` in old lists that do not say.
    public var liveFiles: Int? {
        guard let addedFiles, let existingFiles else { return nil }
        return addedFiles + existingFiles
    }
}
