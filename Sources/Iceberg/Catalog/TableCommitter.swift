/// Prepares commits: checks requirements, applies updates and writes the new metadata file.
///
/// Moving the pointers is somebody else's work, so that pointers of several tables and whatever belongs to them can move
/// in one transaction.
public struct TableCommitter: Sendable {
    /// The files of the tables.
    public let files: TableFiles

    /// A committer over files.
    public init(_ files: TableFiles) {
        self.files = files
    }

    /// Prepares a change of a table.
    ///
    /// - Parameters:
    ///   - table: The table.
    ///   - base: The metadata file that the table's pointer names now.
    ///   - requirements: What has to be true of the table.
    ///   - updates: What changes.
    ///   - writtenFiles: Files written for the commit before, such as a prepared snapshot's.
    ///   - retention: Which snapshots the commit expires; `nil` keeps all.
    /// - Returns: The commit, whose pointer has not moved.
    /// - Throws: ``IcebergError`` with the code `commitConflict` where a requirement does not hold.
    public func prepare(
        _ table: TableIdentifier,
        base: String,
        requirements: [TableRequirement] = [],
        updates: [TableUpdate],
        writtenFiles: [String] = [],
        retention: SnapshotRetention? = nil
    ) async throws -> PreparedCommit {
        let current = try await files.metadata(at: base)
        for requirement in requirements { try requirement.check(current) }
        let updated = try current.applying(updates, now: files.environment.now())
        return try await write(
            updated,
            table,
            base: (base, current),
            writtenFiles: writtenFiles,
            retention: retention
        )
    }

    /// Prepares a new table, with its ids as they are given.
    ///
    /// - Throws: ``IcebergError`` where the file cannot be written.
    public func prepareCreation(
        _ table: TableIdentifier,
        _ metadata: TableMetadata,
        writtenFiles: [String] = []
    ) async throws -> PreparedCommit {
        try await write(metadata, table, base: nil, writtenFiles: writtenFiles, retention: nil)
    }

    /// Prepares a snapshot together with other updates of the table: writes its manifests, its list and the metadata.
    ///
    /// - Parameters:
    ///   - change: The files to add and to remove, and the summary.
    ///   - table: The table.
    ///   - base: The metadata file that the table's pointer names now.
    ///   - updates: Updates before the snapshot's, such as a new schema.
    ///   - retention: Which snapshots the commit expires; `nil` keeps all.
    /// - Returns: The commit, whose pointer has not moved.
    /// - Throws: ``IcebergError`` with the code `commitConflict` where a file to be removed is not live.
    public func prepare(
        _ change: SnapshotChange,
        of table: TableIdentifier,
        base: String,
        updates: [TableUpdate] = [],
        retention: SnapshotRetention? = nil
    ) async throws -> PreparedCommit {
        let current = try await files.metadata(at: base)
        let now = files.environment.now()
        let changed = try current.applying(updates, now: now)
        let snapshot = try await SnapshotWriter(files).write(change, to: changed)
        do {
            let updated = try changed.applying(snapshot.updates, now: now)
            return try await write(
                updated,
                table,
                base: (base, current),
                writtenFiles: snapshot.writtenFiles,
                retention: retention
            )
        } catch {
            await discard(snapshot.writtenFiles)
            throw error
        }
    }

    /// Removes what was written for a commit whose pointer did not move.
    ///
    /// Only for commits that have certainly failed. Files that cannot be removed are left: nothing names them.
    public func discard(_ commit: PreparedCommit) async {
        await discard(commit.writtenFiles)
    }

    func discard(_ locations: [String]) async {
        files.forget(locations)
        for location in locations { try? await files.io.delete(location) }
    }

    private func write(
        _ metadata: TableMetadata,
        _ table: TableIdentifier,
        base: (location: String, metadata: TableMetadata)?,
        writtenFiles: [String],
        retention: SnapshotRetention?
    ) async throws -> PreparedCommit {
        var metadata = metadata
        var released: [String] = []
        if let retention {
            (metadata, released) = await expire(metadata, retention)
        }
        if let base {
            released += metadata.rememberPrevious(base.metadata, at: base.location)
        }
        let version = base.map { TableMetadata.version(of: $0.location) + 1 } ?? 0
        let number = HumanText.padded(Int64(version), 5)
        let location = metadata.metadataLocation("\(number)-\(files.environment.newUUID()).metadata.json")
        do {
            try await files.write(metadata, to: location)
        } catch {
            await discard([location])
            throw error
        }
        files.forget(released)
        return PreparedCommit(
            change: PointerChange(table, expected: base?.location, new: location),
            metadata: metadata,
            writtenFiles: writtenFiles + [location],
            releasedFiles: released
        )
    }

    /// Removes expired snapshots; keeps them all if it cannot be found out now which files that would release.
    private func expire(
        _ metadata: TableMetadata,
        _ retention: SnapshotRetention
    ) async -> (TableMetadata, released: [String]) {
        let now = files.environment.now()
        let updates = retention.updates(for: metadata, now: now)
        guard !updates.isEmpty, let expired = try? metadata.applying(updates, now: now),
            let released = try? await Reachability(files).released(from: metadata, to: expired)
        else { return (metadata, []) }
        return (expired, released)
    }
}

extension TableMetadata {
    /// Adds the metadata file before this one to the log; answers the files that the log no longer names and that are
    /// to be removed.
    mutating func rememberPrevious(_ previous: TableMetadata, at location: String) -> [String] {
        metadataLog.append(MetadataLogEntry(timestamp: previous.lastUpdated, metadataFile: location))
        let properties = propertyValues
        let surplus = metadataLog.count - properties.previousMetadataFilesMax
        guard surplus > 0 else { return [] }
        let removed = metadataLog.prefix(surplus).map(\.metadataFile)
        metadataLog.removeFirst(surplus)
        return properties.deletesOldMetadataFiles ? removed : []
    }
}
