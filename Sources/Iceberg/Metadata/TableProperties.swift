/// The table properties that this library reads, with their defaults.
public struct TableProperties: Sendable, Hashable {
    /// Whether commits merge manifests.
    public var mergesManifests: Bool
    /// How many manifests of about one size are merged.
    public var minManifestsToMerge: Int
    /// How many bytes a manifest should have at most.
    public var manifestSizeTarget: Int64
    /// How many earlier metadata files the metadata names.
    public var previousMetadataFilesMax: Int
    /// Whether metadata files that are no longer named are removed.
    public var deletesOldMetadataFiles: Bool
    /// How old snapshots get, in milliseconds.
    public var maxSnapshotAge: Int64
    /// How many snapshots are kept, however old.
    public var minSnapshotsToKeep: Int
    /// How many snapshots are kept at most, however young; `nil` for any number.
    public var maxSnapshotsToKeep: Int?
    /// How old a branch or tag gets, in milliseconds.
    public var maxReferenceAge: Int64
    /// The folder of metadata files, if it is not `metadata` in the table's.
    public var metadataFolder: String?

    /// The names of the properties.
    public enum Key: Sendable {
        /// Whether commits merge manifests.
        public static let mergesManifests = "commit.manifest-merge.enabled"
        /// How many manifests of about one size are merged.
        public static let minManifestsToMerge = "commit.manifest.min-count-to-merge"
        /// How many bytes a manifest should have at most.
        public static let manifestSizeTarget = "commit.manifest.target-size-bytes"
        /// How many earlier metadata files the metadata names.
        public static let previousMetadataFilesMax = "write.metadata.previous-versions-max"
        /// Whether metadata files that are no longer named are removed.
        public static let deletesOldMetadataFiles = "write.metadata.delete-after-commit.enabled"
        /// How old snapshots get, in milliseconds.
        public static let maxSnapshotAge = "history.expire.max-snapshot-age-ms"
        /// How many snapshots are kept, however old.
        public static let minSnapshotsToKeep = "history.expire.min-snapshots-to-keep"
        /// How many snapshots are kept at most, however young.
        public static let maxSnapshotsToKeep = "history.expire.max-snapshots-to-keep"
        /// How old a branch or tag gets, in milliseconds.
        public static let maxReferenceAge = "history.expire.max-ref-age-ms"
        /// The folder of metadata files.
        public static let metadataFolder = "write.metadata.path"
        /// Field ids by names, for data files without field ids.
        public static let nameMapping = "schema.name-mapping.default"
    }

    /// The values of a table's properties; those that are no values count as absent.
    public init(_ properties: [String: String]) {
        func bool(_ key: String, _ standard: Bool) -> Bool {
            switch properties[key]?.lowercased() {
            case "true": true
            case "false": false
            default: standard
            }
        }
        func number<Value: FixedWidthInteger>(_ key: String, _ least: Value) -> Value? {
            properties[key].flatMap { Value($0) }.flatMap { $0 >= least ? $0 : nil }
        }
        mergesManifests = bool(Key.mergesManifests, true)
        // The reference implementation waits for 100; merging few of one size keeps lists shorter at the same cost.
        minManifestsToMerge = number(Key.minManifestsToMerge, 2) ?? 16
        manifestSizeTarget = number(Key.manifestSizeTarget, 1) ?? 8 << 20
        previousMetadataFilesMax = number(Key.previousMetadataFilesMax, 1) ?? 100
        deletesOldMetadataFiles = bool(Key.deletesOldMetadataFiles, false)
        maxSnapshotAge = number(Key.maxSnapshotAge, 1) ?? 5 * 86_400_000
        minSnapshotsToKeep = number(Key.minSnapshotsToKeep, 1) ?? 1
        maxSnapshotsToKeep = number(Key.maxSnapshotsToKeep, 1)
        maxReferenceAge = number(Key.maxReferenceAge, 1) ?? .max
        metadataFolder = properties[Key.metadataFolder]
    }
}

extension TableMetadata {
    /// The values of the properties that this library reads.
    public var propertyValues: TableProperties {
        TableProperties(properties)
    }

    /// The location of a metadata file with this name.
    public func metadataLocation(_ name: String) -> String {
        FileLocation.join(propertyValues.metadataFolder ?? FileLocation.join(location, "metadata"), name)
    }

    /// The number in the name of a metadata file, such as 12 of `00012-....metadata.json` and of `v12.metadata.json`;
    /// 0 for the first one, and without a number.
    public static func version(of location: String) -> Int {
        var name = FileLocation.name(of: location)[...]
        if name.hasPrefix("v") { name = name.dropFirst() }
        return Int(name.prefix { $0.isASCII && $0.isNumber }.prefix(9)) ?? 0
    }
}
