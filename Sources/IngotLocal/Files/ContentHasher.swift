public import IngotCore

/// Hashes files, and copies them byte for byte while it hashes them.
///
/// A file that changes while it is read fails with ``ObjectStoreError/Kind/changedWhileRead``, which is retryable: a
/// hash is always of one state that the file had. For that, a file that changed within the last
/// ``Fingerprint/settlingTime`` is first given time, so that a further change shows in its fingerprint.
public struct ContentHasher: Sendable {
    /// What a file held.
    public struct HashedFile: Hashable, Sendable {
        /// The SHA-256 of its bytes.
        public var hash: ContentHash
        /// The state that was hashed.
        public var fingerprint: Fingerprint
    }

    /// What was copied.
    public struct CopiedFile: Hashable, Sendable {
        /// Where the copy is.
        public var path: String
        /// The SHA-256 of the bytes, of the source as of the copy.
        public var hash: ContentHash
        /// The state of the source that was copied.
        public var source: Fingerprint
        /// Whether a change of the source since then is sure to show in its fingerprint.
        public var isSettled: Bool
        /// The copy.
        public var copy: Fingerprint
        /// Whether the copy shares the blocks of its source.
        public var isClone: Bool
    }

    /// A file to copy.
    public struct Transfer: Hashable, Sendable {
        /// The file.
        public var source: String
        /// The path of the copy; what is there is replaced.
        public var target: String

        /// Names a file to copy and its copy.
        public init(from source: String, to target: String) {
            self.source = source
            self.target = target
        }
    }

    private let pool: BlockingPool

    /// Makes a hasher that works on the given threads.
    public init(pool: BlockingPool = .files) {
        self.pool = pool
    }

    /// Hashes a file.
    ///
    /// - Throws: ``ObjectStoreError``; `CancellationError`.
    public func hash(_ path: String) async throws -> HashedFile {
        try await pool.run { try Self.hash(path, $0) }
    }

    /// Hashes files, several at once; the outcomes are in the order of the paths.
    ///
    /// - Throws: `CancellationError`.
    public func hash(_ paths: [String]) async throws -> [Result<HashedFile, any Error>] {
        try await pool.map(paths) { try Self.hash($0, $1) }
    }

    /// Copies a file through a temporary one beside the target, so that the target is never half written.
    ///
    /// - Throws: ``ObjectStoreError``; `CancellationError`.
    public func copyExactBytes(
        from source: String,
        to target: String,
        durability: Durability = .onReturn
    ) async throws -> CopiedFile {
        try await pool.run { try Self.copy(Transfer(from: source, to: target), durability, nil, $0) }
    }

    /// Copies files, several at once, and makes all of them durable together.
    ///
    /// - Parameters:
    ///   - transfers: The files and their copies.
    ///   - durability: Whether the copies are synced at the end.
    ///   - waits: Whether a file that changed just now is given time first; if not, see ``CopiedFile/isSettled``.
    ///   - naming: Gives the path of a copy once its hash is known, in the folder of the transfer's target; `nil` for
    ///     the target itself.
    /// - Returns: The outcomes, in the order of the transfers; one that fails does not stop the others.
    /// - Throws: ``ObjectStoreError`` where the final sync fails; `CancellationError`.
    public func copyExactBytes(
        _ transfers: [Transfer],
        durability: Durability = .onReturn,
        waits: Bool = true,
        naming: (@Sendable (Transfer, ContentHash) -> String)? = nil
    ) async throws -> [Result<CopiedFile, any Error>] {
        let outcomes = try await pool.map(transfers) { try Self.copy($0, .onSync, waits: waits, naming, $1) }
        if durability == .onReturn {
            try await sync(outcomes.compactMap { try? $0.get().path })
        }
        return outcomes
    }

    /// Returns when the files, and their names in their folders, survive a loss of power.
    ///
    /// - Throws: ``ObjectStoreError``.
    public func sync(_ paths: [String]) async throws {
        try await pool.run { _ in try FileSync.sync(paths) }
    }

    private static func hash(_ path: String, _ cancellation: BlockingPool.Cancellation) throws -> HashedFile {
        let (status, hash) = try FileCopy.hash(try OpenFile.reading(path), cancellation)
        return HashedFile(hash: hash, fingerprint: status.fingerprint)
    }

    private static func copy(
        _ transfer: Transfer,
        _ durability: Durability,
        waits: Bool = true,
        _ naming: (@Sendable (Transfer, ContentHash) -> String)?,
        _ cancellation: BlockingPool.Cancellation
    ) throws -> CopiedFile {
        let source = try OpenFile.reading(transfer.source)
        let state = waits ? try FileCopy.settledState(of: source) : try source.status()
        let isSettled = waits || state.fingerprint.isSettled(at: FileSystem.now())
        let write = try FileCopy.begin(transfer.target, durability: durability, sharing: source)
        let hash = try FileCopy.copyAndHash(source, in: state, into: write, cancellation)
        try write.prepare()
        let path = naming?(transfer, hash) ?? transfer.target
        try write.rename(to: path)
        let copy = try write.finish().fingerprint
        return CopiedFile(
            path: path,
            hash: hash,
            source: state.fingerprint,
            isSettled: isSettled,
            copy: copy,
            isClone: write.isClone
        )
    }
}
