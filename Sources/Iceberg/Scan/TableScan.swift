/// The live files of one snapshot, without those that cannot hold wanted rows.
public struct TableScan: Sendable {
    /// A data file with the delete files that apply to it.
    public struct Task: Sendable, Hashable {
        /// The data file.
        public var file: DataFile
        /// The delete files.
        public var deletes: [DataFile]
    }

    private let files: TableFiles
    private let metadata: TableMetadata
    private let snapshot: Snapshot?
    private let pruner: FilePruner?

    /// A scan of a snapshot; of none, there are no files.
    ///
    /// - Throws: ``IcebergError`` where the filter names a column that the table does not have, or compares it with a
    ///   value of another type.
    public init(
        _ files: TableFiles,
        metadata: TableMetadata,
        snapshot: Snapshot?,
        filter: Predicate = .always
    ) throws {
        self.files = files
        self.metadata = metadata
        self.snapshot = snapshot
        let schema = snapshot?.schemaID.flatMap(metadata.schema(id:)) ?? metadata.currentSchema
        pruner = filter == .always ? nil : try FilePruner(filter, schema: schema)
    }

    /// A scan of the current snapshot.
    ///
    /// - Throws: ``IcebergError`` as the other initializer does.
    public init(_ files: TableFiles, metadata: TableMetadata, filter: Predicate = .always) throws {
        try self.init(files, metadata: metadata, snapshot: metadata.currentSnapshot, filter: filter)
    }

    /// Calls a closure with the live entries of one manifest after the other; delete files come before data files.
    ///
    /// Only one manifest is held at a time.
    public func forEachManifest(_ body: ([ManifestEntry]) async throws -> Void) async throws {
        guard let snapshot else { return }
        let manifests = try await files.manifests(of: snapshot)
        for content in [ManifestFile.Content.deletes, .data] {
            for manifest in manifests where manifest.content == content && manifest.hasLiveFiles {
                let entries = try await entries(of: manifest)
                if !entries.isEmpty { try await body(entries) }
            }
        }
    }

    /// The live data files that may hold wanted rows.
    public func dataFiles() async throws -> [DataFile] {
        try await liveFiles { $0 == .data }
    }

    /// The live delete files that may concern wanted rows.
    public func deleteFiles() async throws -> [DataFile] {
        try await liveFiles { $0 != .data }
    }

    /// The live data files that may hold wanted rows, each with the delete files that apply to it.
    public func tasks() async throws -> [Task] {
        var deletes = DeleteIndex()
        var tasks: [Task] = []
        try await forEachManifest { entries in
            for entry in entries {
                if entry.file.content == .data {
                    tasks.append(Task(file: entry.file, deletes: deletes.deletes(for: entry)))
                } else {
                    deletes.add(
                        entry,
                        isGlobal: metadata.partitionSpec(id: entry.file.specID)?.isUnpartitioned ?? false
                    )
                }
            }
        }
        return tasks
    }

    private func liveFiles(_ isWanted: (DataFile.Content) -> Bool) async throws -> [DataFile] {
        var found: [DataFile] = []
        try await forEachManifest { entries in
            found += entries.lazy.map(\.file).filter { isWanted($0.content) }
        }
        return found
    }

    private func entries(of manifest: ManifestFile) async throws -> [ManifestEntry] {
        guard let pruner, let spec = metadata.partitionSpec(id: manifest.specID) else {
            return try await files.manifest(manifest).entries.filter(\.isLive)
        }
        guard pruner.mayMatch(manifest, spec: spec) else { return [] }
        return try await files.manifest(manifest).entries.filter { entry in
            // The statistics of a delete file are of the deletes, not of the rows that they delete.
            entry.isLive
                && (entry.file.content == .data
                    ? pruner.mayMatch(entry.file, spec: spec) : pruner.mayMatchPartition(entry.file, spec: spec))
        }
    }
}
