/// The identity of an object: one immutable version of a file.
public struct ObjectVersion: Hashable, Sendable {
    /// The name of the pipeline whose source the object arrived under.
    public var source: String
    /// The file's name under the source, as it stands in `_source_file`.
    public var key: String
    /// The S3 version id or ETag; locally the SHA-256 of the content, in hexadecimal.
    public var version: String

    /// Names one version of a file.
    public init(source: String, key: String, version: String) {
        self.source = source
        self.key = key
        self.version = version
    }
}
