import JSONTree

/// Finds out which files a table needs.
public struct Reachability: Sendable {
    private let files: TableFiles

    /// Over a table's files.
    public init(_ files: TableFiles) {
        self.files = files
    }

    /// The files that the snapshots held which one state of a table has and a later one has not, and which nothing of
    /// the later one needs: manifest lists, manifests, data and delete files, statistics.
    ///
    /// Where the snapshots are one line of history, which is nearly always, this reads only the manifest lists of the
    /// expired snapshots and of the oldest one that stays, and the manifests in which these removed files.
    ///
    /// - Throws: ``IcebergError`` where a manifest list or a manifest cannot be read.
    public func released(from before: TableMetadata, to after: TableMetadata) async throws -> [String] {
        let keptIDs = Set(after.snapshots.map(\.id))
        let expired = before.snapshots.filter { !keptIDs.contains($0.id) }
        guard !expired.isEmpty else { return [] }
        var released = Set(expired.compactMap(\.manifestList))
        if let oldest = Self.oldestOfLine(before: before, kept: keptIDs) {
            try await addLine(expired, oldest, before, &released)
        } else {
            try await addAnyHistory(expired, after, &released)
        }
        let expiredIDs = Set(expired.map(\.id))
        for statistics in before.statistics + before.partitionStatistics {
            guard let id = statistics["snapshot-id"]?.int64Value, expiredIDs.contains(id),
                let path = statistics["statistics-path"]?.stringValue
            else { continue }
            released.insert(path)
        }
        return released.sorted()
    }

    /// The oldest snapshot that stays, if all that stay are one line and all that go are before it.
    private static func oldestOfLine(before: TableMetadata, kept: Set<Int64>) -> Snapshot? {
        let byID = Dictionary(before.snapshots.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        var line: [Snapshot] = []
        var next = before.currentSnapshotID
        while let id = next, let snapshot = byID[id], line.count <= before.snapshots.count {
            line.append(snapshot)
            next = snapshot.parentID
        }
        guard line.count == before.snapshots.count else { return nil }
        let stay = line.prefix { kept.contains($0.id) }
        guard stay.count == kept.count else { return nil }
        return stay.last
    }

    private func addLine(
        _ expired: [Snapshot],
        _ oldest: Snapshot,
        _ before: TableMetadata,
        _ released: inout Set<String>
    ) async throws {
        let needed = Set(try await files.manifests(of: oldest).map(\.path))
        let present = Set(before.snapshots.map(\.id))
        for snapshot in expired + [oldest] {
            let manifests = try await files.manifests(of: snapshot)
            if snapshot.id != oldest.id {
                released.formUnion(manifests.map(\.path).filter { !needed.contains($0) })
            }
            // What a snapshot removed was released when its parent went; so nothing is released twice.
            guard let parentID = snapshot.parentID, present.contains(parentID) else { continue }
            for manifest in manifests where manifest.addedSnapshotID == snapshot.id && manifest.deletedFiles != 0 {
                for entry in try await files.manifest(manifest).entries
                where entry.status == .deleted && entry.snapshotID == snapshot.id {
                    released.insert(entry.file.path)
                }
            }
        }
    }

    private func addAnyHistory(
        _ expired: [Snapshot],
        _ after: TableMetadata,
        _ released: inout Set<String>
    ) async throws {
        let needed = try await manifests(of: after.snapshots)
        let gone = try await manifests(of: expired).filter { needed[$0.key] == nil }
        released.formUnion(gone.keys)
        var candidates: Set<String> = []
        for manifest in gone.values {
            for entry in try await files.manifest(manifest).entries { candidates.insert(entry.file.path) }
        }
        for manifest in needed.values where !candidates.isEmpty {
            for entry in try await files.manifest(manifest).entries where entry.isLive {
                candidates.remove(entry.file.path)
            }
        }
        released.formUnion(candidates)
    }

    private func manifests(of snapshots: [Snapshot]) async throws -> [String: ManifestFile] {
        var found: [String: ManifestFile] = [:]
        for snapshot in snapshots {
            for manifest in try await files.manifests(of: snapshot) { found[manifest.path] = manifest }
        }
        return found
    }

    /// The files that a snapshot brings: its manifest list, its own manifests, and the files that they add.
    ///
    /// - Throws: ``IcebergError`` where the manifest list or a manifest cannot be read.
    public func filesAdded(by snapshot: Snapshot) async throws -> [String] {
        var found: [String] = snapshot.manifestList.map { [$0] } ?? []
        for manifest in try await files.manifests(of: snapshot) where manifest.addedSnapshotID == snapshot.id {
            found.append(manifest.path)
            for entry in try await files.manifest(manifest).entries
            where entry.status == .added && entry.snapshotID == snapshot.id {
                found.append(entry.file.path)
            }
        }
        return found
    }

    /// Every file of a table, for dropping it for good: metadata, manifest lists, manifests, data, statistics.
    ///
    /// - Throws: ``IcebergError`` where a manifest list or a manifest cannot be read.
    public func allFiles(of metadata: TableMetadata, at location: String) async throws -> [String] {
        var found = metadataFiles(of: metadata, at: location)
        for manifest in try await manifests(of: metadata.snapshots).values {
            found.insert(manifest.path)
            for entry in try await files.manifest(manifest).entries where entry.isLive {
                found.insert(entry.file.path)
            }
        }
        return found.sorted()
    }

    /// Those of some files that a table does not need, in any of its snapshots.
    ///
    /// For files that were written for commits that never came, and as a last look before files are deleted. Files
    /// that a commit under way has just written are not needed yet: only old ones may be asked for.
    ///
    /// - Throws: ``IcebergError`` where a manifest list or a manifest cannot be read.
    public func unneeded(
        among candidates: some Sequence<String>,
        by metadata: TableMetadata,
        at location: String
    ) async throws -> [String] {
        let needed = Set(metadataFiles(of: metadata, at: location).map(FileLocation.normalized))
        var remaining: [String: String] = [:]
        for candidate in candidates {
            let normalized = FileLocation.normalized(candidate)
            if !needed.contains(normalized) { remaining[normalized] = candidate }
        }
        var seen: Set<String> = []
        for snapshot in metadata.snapshots where !remaining.isEmpty {
            for manifest in try await files.manifests(of: snapshot) where seen.insert(manifest.path).inserted {
                remaining[FileLocation.normalized(manifest.path)] = nil
                for entry in try await files.manifest(manifest).entries where entry.isLive {
                    remaining[FileLocation.normalized(entry.file.path)] = nil
                }
            }
        }
        return remaining.values.sorted()
    }

    private func metadataFiles(of metadata: TableMetadata, at location: String) -> Set<String> {
        var found: Set<String> = [location]
        found.formUnion(metadata.metadataLog.map(\.metadataFile))
        found.formUnion(metadata.snapshots.compactMap(\.manifestList))
        found.formUnion(
            (metadata.statistics + metadata.partitionStatistics).compactMap {
                $0["statistics-path"]?.stringValue
            }
        )
        return found
    }
}
