/// Takes files out of a source.
public protocol SourceCleaner: Sendable {
    /// Takes files away that hold exactly the bytes that were loaded, and leaves any other file alone.
    ///
    /// What a call that was broken off left half done is done by the next one. Every outcome is durable when this returns.
    /// - Parameters:
    ///   - files: The files.
    ///   - root: The folder or file that the source names, resolved.
    ///   - destination: The folder that they are moved to, resolved; `nil` to delete them.
    /// - Returns: The outcomes, in the order of the files; a failure is an `IngotError`.
    /// - Throws: `CancellationError`.
    func clean(
        _ files: [LoadedFile],
        under root: String,
        movingTo destination: String?
    ) async throws -> [Result<CleanedFile, any Error>]
}

/// A file whose bytes are loaded.
public struct LoadedFile: Sendable, Hashable {
    /// A number that no other file of the source has.
    public var id: Int64
    /// The name under which the ledger knows it.
    public var key: String
    /// The version that was loaded.
    public var version: String
    /// The store's mark of a state that had that version; `nil` where none is known, and then the bytes tell.
    public var entityTag: String?

    /// Describes a file.
    public init(id: Int64, key: String, version: String, entityTag: String?) {
        self.id = id
        self.key = key
        self.version = version
        self.entityTag = entityTag
    }
}

/// What became of a file.
public enum CleanedFile: Sendable, Hashable {
    /// It was deleted.
    case deleted
    /// It was moved there.
    case moved(to: String)
    /// There was nothing.
    case gone
    /// It is not what was loaded, and was left alone, for this reason.
    case kept(String)
}
