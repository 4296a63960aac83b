/// Keeps the exact bytes of objects, immutable.
public protocol BronzeStore: Sendable {
    /// Copies objects' bytes, and returns once the copies survive a loss of power.
    ///
    /// One object that cannot be read does not stop the others.
    /// - Parameters:
    ///   - objects: The files, with the locations to read them from.
    ///   - source: The pipeline.
    ///   - date: The day of ingestion, `YYYY-MM-DD` in UTC.
    /// - Returns: The outcomes, in the order of the objects.
    /// - Throws: `IngotError` if the store itself fails.
    func keep(_ objects: [SourceFile], source: String, date: String) async throws -> [Result<KeptObject, any Error>]

    /// The first bytes of a kept object, at most `size` of them.
    func prefix(of location: String, size: Int) async throws -> [UInt8]

    /// Puts a kept object's exact bytes back where its file was; a file that is there stays as it is.
    ///
    /// - Parameters:
    ///   - location: Where the bytes lie.
    ///   - path: Where the file was.
    ///   - modified: The time that the file gets, in nanoseconds since 1970 UTC.
    /// - Returns: Whether the bytes were put there.
    /// - Throws: `IngotError` if the bytes cannot be read or written.
    func putBack(_ location: String, at path: String, modified: Int64) async throws -> Bool

    /// The copies of a source's objects, page by page, the days in their order.
    ///
    /// - Parameters:
    ///   - source: The pipeline.
    ///   - date: Only of days before this one, `YYYY-MM-DD`; `nil` for all.
    /// - Returns: The pages; they end with an `IngotError` if bronze cannot be listed.
    func copies(of source: String, before date: String?) -> AsyncThrowingStream<[BronzeCopy], any Error>

    /// Finds out the version of an object from its bytes, of one that is kept or of a file under a source.
    func version(of location: String) async throws -> String

    /// Deletes copies; those that are gone already are no error.
    func delete(_ locations: [String]) async throws
}

/// A copy of an object as bronze has it.
public struct BronzeCopy: Sendable, Hashable {
    /// The object's key; `nil` where the copy's name does not tell it whole.
    public var key: String?
    /// Where the bytes lie.
    public var location: String
    /// The day of ingestion, `YYYY-MM-DD`.
    public var date: String
    /// The size in bytes.
    public var size: Int64
    /// When it was copied, in nanoseconds since 1970 UTC.
    public var kept: Int64

    /// Describes a copy.
    public init(key: String?, location: String, date: String, size: Int64, kept: Int64) {
        self.key = key
        self.location = location
        self.date = date
        self.size = size
        self.kept = kept
    }
}

/// A file under a source.
public struct SourceFile: Sendable, Hashable {
    /// The name under which the ledger knows it, and which `_source_file` shows.
    public var key: String
    /// Where to read it.
    public var location: String
    /// The store's mark of its present state.
    public var entityTag: String
    /// Its size in bytes.
    public var size: Int64
    /// When it was last modified, in nanoseconds since 1970 UTC.
    public var modified: Int64

    /// Describes a file.
    public init(key: String, location: String, entityTag: String, size: Int64, modified: Int64) {
        self.key = key
        self.location = location
        self.entityTag = entityTag
        self.size = size
        self.modified = modified
    }
}

/// An object whose bytes are in bronze.
public struct KeptObject: Sendable, Hashable {
    /// The version of the state that was copied.
    public var version: String
    /// Where the bytes lie.
    public var location: String
    /// The store's mark of the state that was copied; `nil` if it cannot be told from a later one.
    public var entityTag: String?
    /// The size in bytes.
    public var size: Int64
    /// When that state was last modified, in nanoseconds since 1970 UTC.
    public var modified: Int64

    /// Describes a kept object.
    public init(version: String, location: String, entityTag: String?, size: Int64, modified: Int64) {
        self.version = version
        self.location = location
        self.entityTag = entityTag
        self.size = size
        self.modified = modified
    }
}
