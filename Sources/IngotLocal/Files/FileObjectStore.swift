public import IngotCore

/// An object store in a folder: each object is a file, and a key is its path below the folder.
///
/// - A write goes to a temporary file beside its place (``isTemporary(_:)``), which is synced and renamed; one that is
///   interrupted leaves at most that file, which ``removeTemporaries(olderThan:)`` clears away.
/// - No key leads out of the folder. A link to a file inside it is read as that file; a link that leaves it, and a
///   link to a folder, are refused and reported in listings. The check guards against accidents and planted links, not
///   against a local program that swaps links meanwhile, since that has our rights anyway.
/// - Other programs may put files there and read them. One that writes an object in place while it is read makes the
///   reader fail with ``ObjectStoreError/Kind/changedWhileRead``.
/// - ``PutCondition/ifMatches(_:)`` excludes all writers that use this type, in any process, by a lock on the folder.
/// - Unlike on S3, a key cannot be both an object and the folder of others.
public struct FileObjectStore: ObjectStore {
    static let chunkSize = 1 << 20

    /// The folder, as an absolute path without a slash at its end.
    public let root: String
    let durability: Durability
    let pageSize: Int
    let pool: BlockingPool

    /// Names a store; the folder need not exist before the first write.
    ///
    /// - Parameters:
    ///   - root: The folder; a relative path counts from the working directory of now.
    ///   - durability: What a write waits for.
    ///   - pageSize: How many objects a page of a listing has at most.
    public init(root: String, durability: Durability = .onReturn, pageSize: Int = 1000) {
        self.init(root: root, durability: durability, pageSize: pageSize, pool: .files)
    }

    package init(root: String, durability: Durability, pageSize: Int, pool: BlockingPool) {
        var path = FileSystem.absolute(root)
        while path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
        self.root = path
        self.durability = durability
        self.pageSize = max(1, pageSize)
        self.pool = pool
    }

    /// Whether a file of this name is one that is still being written.
    public static func isTemporary(_ name: some StringProtocol) -> Bool {
        name.utf8.starts(with: FileSystem.temporaryPrefix.utf8)
    }

    /// Writes an object; see ``ObjectStore/put(_:at:if:)``.
    @discardableResult
    public func put(_ body: ObjectBody, at key: ObjectKey, if condition: PutCondition) async throws -> ObjectMetadata {
        if let bytes = body.wholeBytes {
            return try await pool.run { _ in
                let write = try PendingFile(at: writablePath(of: key), durability: durability)
                try write.append(bytes[...])
                return try commit(write, at: key, if: condition)
            }
        }
        let write = try await pool.run { _ in
            try PendingFile(at: writablePath(of: key), durability: durability)
        }
        for try await chunk in body {
            try await pool.run { _ in try write.append(chunk[...]) }
        }
        return try await pool.run { _ in try commit(write, at: key, if: condition) }
    }

    /// Opens an object; see ``ObjectStore/get(_:range:ifMatches:)``.
    ///
    /// The body keeps the opened file: one that is replaced or removed meanwhile is read to its end as it was.
    public func get(_ key: ObjectKey, range: ObjectRange?, ifMatches entityTag: String?) async throws -> ObjectContent {
        let (file, status) = try await pool.run { _ in
            let file = try open(key)
            return (file, try file.status())
        }
        let metadata = status.metadata(key)
        guard entityTag == nil || entityTag == metadata.entityTag else {
            throw ObjectStoreError(.preconditionFailed, at: file.path, "the object was replaced")
        }
        guard let range = range.map({ $0.resolved(size: metadata.size) }) ?? 0..<metadata.size else {
            throw ObjectStoreError(.invalidRange, at: file.path, "the object has \(metadata.size) bytes")
        }
        let body = ObjectBody(size: Int64(range.count)) { [pool] in
            var offset = range.lowerBound
            return {
                guard offset < range.upperBound else { return nil }
                let start = offset
                let chunk = try await pool.run { _ in try Self.chunk(of: file, from: start, in: range, status) }
                offset += Int64(chunk.count)
                return chunk
            }
        }
        return ObjectContent(metadata: metadata, range: range, body: body)
    }

    /// Describes an object; see ``ObjectStore/head(_:)``.
    public func head(_ key: ObjectKey) async throws -> ObjectMetadata {
        try await pool.run { _ in
            guard let status = try status(of: key) else { throw Self.notFound(path(of: key)) }
            return status.metadata(key)
        }
    }

    /// Copies an object; see ``ObjectStore/copy(_:to:if:)``.
    ///
    /// Where the file system can, the copy shares the blocks of its source.
    @discardableResult
    public func copy(_ source: ObjectKey, to key: ObjectKey, if condition: PutCondition) async throws -> ObjectMetadata
    {
        try await pool.run { cancellation in
            let file = try open(source)
            let state = try FileCopy.settledState(of: file)
            let write = try PendingFile(at: writablePath(of: key), durability: durability, sharing: file)
            try FileCopy.copy(file, in: state, into: write, cancellation)
            return try commit(write, at: key, if: condition)
        }
    }

    /// Removes an object, and no folder; see ``ObjectStore/delete(_:)``.
    public func delete(_ key: ObjectKey) async throws {
        try await pool.run { _ in
            guard try readablePath(of: key) != nil,
                let status = try FileSystem.status(path(of: key), followsLink: false),
                status.kind != .folder
            else { return }
            let path = path(of: key)
            try FileSystem.withLock(on: root, exclusive: false) { try FileSystem.remove(path) }
            if durability == .onReturn {
                try FileSync.syncFolder(FileSystem.folder(of: path))
            }
        }
    }

    /// Lists objects; see ``ObjectStore/list(_:after:)``.
    ///
    /// - Throws: From the listing, ``ObjectStoreError/Kind/notFound`` where the store's own folder does not exist.
    public func list(_ folder: ObjectKey?, after key: ObjectKey?) -> ObjectListing {
        ObjectListing { [self] in
            let walk = FileWalk(self, folder, after: key)
            return { [pool] in try await pool.run { _ in try walk.nextPage() } }
        }
    }

    /// Removes what interrupted writes have left.
    ///
    /// - Parameter age: How long nothing was written to such a file; longer than any write that may be under way.
    /// - Returns: How many files that were.
    /// - Throws: ``ObjectStoreError``.
    @discardableResult
    public func removeTemporaries(olderThan age: Duration) async throws -> Int {
        try await pool.run { cancellation in
            let limit = FileSystem.now() - age.components.seconds * 1_000_000_000
            let walk = FileWalk(self, nil, aim: .temporaries)
            var removed = 0
            while let page = try walk.nextPage() {
                try cancellation.check()
                for file in page.objects where file.modified < limit {
                    try FileSystem.remove(path(of: file.key))
                    removed += 1
                }
            }
            return removed
        }
    }

    /// The object's absolute path; it need not exist.
    public func location(of key: ObjectKey) async throws -> String {
        try await pool.run { _ in try readablePath(of: key) ?? path(of: key) }
    }

    /// Returns when the files, and their names in their folders, survive a loss of power.
    public func sync(_ keys: [ObjectKey]) async throws {
        let paths = keys.map { path(of: $0) }
        try await pool.run { _ in try FileSync.sync(paths) }
    }

    private static func chunk(
        of file: OpenFile,
        from start: Int64,
        in range: Range<Int64>,
        _ opened: FileStatus
    ) throws -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: Int(min(Int64(chunkSize), range.upperBound - start)))
        let count = try file.read(into: &chunk, at: start)
        guard count == chunk.count, try file.status().hasSameBytes(as: opened) else {
            throw ObjectStoreError(.changedWhileRead, at: file.path, "the file changed while it was read")
        }
        return chunk
    }

    private func commit(
        _ write: PendingFile,
        at key: ObjectKey,
        if condition: PutCondition
    ) throws -> ObjectMetadata {
        try write.prepare()
        switch condition {
        case .always:
            try FileSystem.withLock(on: root, exclusive: false) { try write.rename() }
        case .ifAbsent:
            do {
                try FileSystem.withLock(on: root, exclusive: false) { try write.renameExclusively() }
            } catch let error as ObjectStoreError where error.kind == .preconditionFailed {
                throw ObjectStoreError(.preconditionFailed, at: write.path, "the object exists already")
            }
        case .ifMatches(let entityTag):
            try FileSystem.withLock(on: root, exclusive: true) {
                guard try status(of: key)?.fingerprint.entityTag == entityTag else {
                    throw ObjectStoreError(.preconditionFailed, at: write.path, "the object was replaced or removed")
                }
                try write.rename()
            }
        }
        return try write.finish().metadata(key)
    }
}
