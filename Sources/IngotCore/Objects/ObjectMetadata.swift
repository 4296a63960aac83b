/// What a store knows of an object without reading it.
public struct ObjectMetadata: Hashable, Sendable {
    /// The object's name.
    public var key: ObjectKey
    /// The size in bytes.
    public var size: Int64
    /// When its bytes were last written, in nanoseconds since 1970 UTC; on S3 in whole seconds.
    public var modified: Int64
    /// An opaque mark that differs whenever the bytes do, and may differ when they do not.
    ///
    /// On S3 the ETag; on a file system the file's number, size and times (see ``Fingerprint/entityTag``).
    public var entityTag: String
    /// The version id, where the store keeps versions.
    public var version: String?

    /// Describes an object.
    public init(
        key: ObjectKey,
        size: Int64,
        modified: Int64,
        entityTag: String,
        version: String? = nil
    ) {
        self.key = key
        self.size = size
        self.modified = modified
        self.entityTag = entityTag
        self.version = version
    }
}
