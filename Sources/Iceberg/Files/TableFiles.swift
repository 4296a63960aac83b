import Synchronization

/// Reads and writes the metadata files of tables and keeps what was read lately.
///
/// Files never change, so what is kept is always right; how much is kept is bounded by bytes. Many commits in one
/// process read almost nothing this way.
public final class TableFiles: Sendable {
    private enum Content {
        case metadata(TableMetadata)
        case manifestList([ManifestFile])
        case manifest(Manifest)
    }

    /// The largest metadata file that is read, unpacked.
    private static let metadataByteCountMax = 512 << 20

    /// The files beneath.
    public let io: any FileIO
    /// Where time and identity come from.
    public let environment: TableEnvironment
    private let cache: Mutex<RecentlyUsed<Content>>

    /// A reader and writer over files.
    public init(io: any FileIO, environment: TableEnvironment = .system, cacheByteCountMax: Int = 16 << 20) {
        self.io = io
        self.environment = environment
        cache = Mutex(RecentlyUsed(costMax: cacheByteCountMax))
    }

    /// The metadata in a metadata file.
    ///
    /// - Throws: ``IcebergError``.
    public func metadata(at location: String) async throws -> TableMetadata {
        if case .metadata(let metadata) = kept(location) { return metadata }
        var bytes = try await io.read(location)
        if bytes.starts(with: [0x1F, 0x8B]) {
            bytes = try Deflate.gunzip(bytes, byteCountMax: Self.metadataByteCountMax)
        }
        let metadata = try Self.naming(location) { try TableMetadata(bytes: bytes) }
        keep(location, metadata, byteCount: bytes.count)
        return metadata
    }

    /// The manifests of a snapshot.
    ///
    /// - Throws: ``IcebergError``.
    public func manifests(of snapshot: Snapshot) async throws -> [ManifestFile] {
        guard let location = snapshot.manifestList else {
            return try await manifestsWithoutList(snapshot)
        }
        if case .manifestList(let manifests) = kept(location) { return manifests }
        let bytes = try await io.read(location)
        let manifests = try Self.naming(location) { try ManifestReader.manifestList(bytes) }
        keep(location, .manifestList(manifests), cost: 4 * bytes.count)
        return manifests
    }

    /// The content of a manifest.
    ///
    /// - Throws: ``IcebergError``.
    public func manifest(_ file: ManifestFile) async throws -> Manifest {
        if case .manifest(let manifest) = kept(file.path) { return manifest }
        let bytes = try await io.read(file.path)
        let manifest = try Self.naming(file.path) { try ManifestReader.manifest(bytes, file: file) }
        // Parsed statistics take several times their compressed size.
        keep(file.path, .manifest(manifest), cost: 8 * bytes.count)
        return manifest
    }

    func write(_ metadata: TableMetadata, to location: String) async throws {
        let bytes = metadata.bytes
        try await io.create(location, bytes)
        keep(location, metadata, byteCount: bytes.count)
    }

    func write(_ manifests: [ManifestFile], bytes: [UInt8], to location: String) async throws {
        try await io.create(location, bytes)
        keep(location, .manifestList(manifests), cost: 4 * bytes.count)
    }

    func write(_ manifest: Manifest, file: ManifestFile, bytes: [UInt8]) async throws {
        try await io.create(file.path, bytes)
        var kept = manifest
        for position in kept.entries.indices { kept.entries[position].inherit(from: file) }
        keep(file.path, .manifest(kept), cost: 8 * bytes.count)
    }

    /// Forgets what was kept of files that are being removed.
    public func forget(_ locations: some Sequence<String>) {
        cache.withLock { cache in
            for location in locations { cache.remove(location) }
        }
    }

    /// How many files' contents are kept.
    package var keptCount: Int { cache.withLock { $0.count } }

    private func kept(_ location: String) -> Content? {
        cache.withLock { $0.value(location) }
    }

    private func keep(_ location: String, _ content: Content, cost: Int) {
        cache.withLock { $0.insert(location, content, cost: cost) }
    }

    /// Keeps a table's metadata, and of what came before only that which commits under way may follow.
    private func keep(_ location: String, _ metadata: TableMetadata, byteCount: Int) {
        cache.withLock { cache in
            // The parsed form takes several times as much as the text.
            cache.insert(location, .metadata(metadata), cost: 4 * byteCount)
            for entry in metadata.metadataLog.dropLast() { cache.remove(entry.metadataFile) }
        }
    }

    /// The manifests that an old snapshot of format version 1 names itself.
    private func manifestsWithoutList(_ snapshot: Snapshot) async throws -> [ManifestFile] {
        var files: [ManifestFile] = []
        for path in snapshot.manifests ?? [] {
            guard let length = try await io.size(of: path) else {
                throw IcebergError(.fileNotFound, "there is no file \(path)")
            }
            files.append(
                ManifestFile(
                    path: path,
                    length: length,
                    specID: 0,
                    content: .data,
                    sequenceNumber: 0,
                    minSequenceNumber: 0,
                    addedSnapshotID: snapshot.id
                )
            )
        }
        return files
    }

    /// Adds the location to what is wrong with a file's content.
    private static func naming<Value>(_ location: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as IcebergError {
            throw IcebergError(error.code, "\(location): \(error.message)", path: error.path, cause: error)
        }
    }
}
