/// One snapshot in the making.
struct SnapshotDraft {
    /// A manifest of the new snapshot: one that stays as it is, or entries that will be written.
    enum Part {
        case kept(ManifestFile)
        case new(specID: Int, content: ManifestFile.Content, entries: [ManifestEntry])
    }

    let change: SnapshotChange
    let metadata: TableMetadata
    let files: TableFiles
    let parent: Snapshot?
    let snapshotID: Int64
    let sequenceNumber: Int64
    private(set) var writtenFiles: [String] = []
    private let filePrefix: String
    private var removed: [DataFile] = []

    init(change: SnapshotChange, metadata: TableMetadata, files: TableFiles) {
        self.change = change
        self.metadata = metadata
        self.files = files
        parent = metadata.snapshot(reference: change.branch)
        sequenceNumber = metadata.lastSequenceNumber + 1
        var id = files.environment.newSnapshotID()
        while metadata.snapshot(id: id) != nil { id = files.environment.newSnapshotID() }
        snapshotID = id
        filePrefix = files.environment.newUUID().description
    }

    mutating func write() async throws -> PreparedSnapshot {
        try checkAdded()
        var parts = try await keptParts()
        parts.insert(contentsOf: try addedParts(), at: 0)
        let manifests = try await write(try await merged(parts))
        let location = metadata.metadataLocation("snap-\(snapshotID)-1-\(filePrefix).avro")
        let list = try ManifestListWriter.bytes(
            manifests,
            snapshotID: snapshotID,
            parentID: parent?.id,
            sequenceNumber: sequenceNumber,
            environment: files.environment
        )
        writtenFiles.append(location)
        try await files.write(manifests, bytes: list, to: location)
        let summary = SnapshotSummary(added: change.added, removed: removed, metadata: metadata)
        let snapshot = Snapshot(
            id: snapshotID,
            parentID: parent?.id,
            sequenceNumber: sequenceNumber,
            timestamp: max(files.environment.now(), metadata.lastUpdated, parent?.timestamp ?? 0),
            manifestList: location,
            summary: summary.members(
                operation: change.effectiveOperation,
                parent: parent,
                extra: change.summary
            ),
            schemaID: metadata.currentSchemaID
        )
        var reference = metadata.references[change.branch] ?? SnapshotReference(snapshotID: snapshotID)
        reference.snapshotID = snapshotID
        var requirements: [TableRequirement] = [.reference(change.branch, snapshotID: parent?.id)]
        if let uuid = metadata.uuid { requirements.insert(.uuid(uuid), at: 0) }
        return PreparedSnapshot(
            snapshot: snapshot,
            updates: [.addSnapshot(snapshot), .setSnapshotReference(change.branch, reference)],
            requirements: requirements,
            writtenFiles: writtenFiles
        )
    }

    /// Checks that no file is added twice or also removed: files never change, so new rows need a new file.
    private func checkAdded() throws {
        var seen = change.removedPaths.union(change.removed.map(\.path))
        for file in change.added where !seen.insert(file.path).inserted {
            throw IcebergError(
                .invalidArgument,
                "\(file.path) is added twice, or added and removed in one snapshot"
            )
        }
    }

    /// The added files, by partition spec and content.
    private func addedParts() throws -> [Part] {
        var groups: [(specID: Int, content: ManifestFile.Content, entries: [ManifestEntry])] = []
        for file in change.added {
            let content: ManifestFile.Content = file.content == .data ? .data : .deletes
            let entry = ManifestEntry(
                status: .added,
                snapshotID: snapshotID,
                sequenceNumber: change.sequenceNumbers[file.path],
                file: file
            )
            if let index = groups.firstIndex(where: { $0.specID == file.specID && $0.content == content }) {
                groups[index].entries.append(entry)
            } else {
                groups.append((file.specID, content, [entry]))
            }
        }
        return groups.map { .new(specID: $0.specID, content: $0.content, entries: $0.entries) }
    }

    /// The parent's manifests, those that hold removed files rewritten.
    private mutating func keptParts() async throws -> [Part] {
        guard let parent else {
            try checkNothing(isMissing: Set(change.removedPaths).union(change.removed.map(\.path)))
            return []
        }
        var missing = Set(change.removedPaths).union(change.removed.map(\.path))
        let search = RemovalSearch(change: change, metadata: metadata)
        var parts: [Part] = []
        for manifest in try await files.manifests(of: parent) {
            let manifest = try await counted(manifest)
            // Files that a parent removed are history; the snapshots that need it have lists of their own.
            guard manifest.hasLiveFiles else { continue }
            guard !missing.isEmpty, search.mayHold(manifest) else {
                parts.append(.kept(manifest))
                continue
            }
            let entries = try await files.manifest(manifest).entries
            guard entries.contains(where: { $0.isLive && missing.contains($0.file.path) }) else {
                parts.append(.kept(manifest))
                continue
            }
            var rewritten: [ManifestEntry] = []
            for entry in entries where entry.isLive {
                if missing.remove(entry.file.path) != nil {
                    removed.append(entry.file)
                    rewritten.append(entry.deleted(by: snapshotID))
                } else {
                    rewritten.append(entry.asExisting)
                }
            }
            parts.append(.new(specID: manifest.specID, content: manifest.content, entries: rewritten))
        }
        try checkNothing(isMissing: missing)
        return parts
    }

    private func checkNothing(isMissing missing: Set<String>) throws {
        guard let first = missing.min() else { return }
        let others = missing.count > 1 ? " and \(missing.count - 1) other files" : ""
        throw IcebergError(.commitConflict, "\(first)\(others) cannot be removed: no longer part of the table")
    }

    /// The manifest with its counts, which lists of format version 1 may leave out and of version 2 may not.
    private func counted(_ manifest: ManifestFile) async throws -> ManifestFile {
        guard
            manifest.addedFiles == nil || manifest.existingFiles == nil || manifest.deletedFiles == nil
                || manifest.addedRows == nil || manifest.existingRows == nil || manifest.deletedRows == nil
        else { return manifest }
        var manifest = manifest
        let entries = try await files.manifest(manifest).entries
        func count(_ status: ManifestEntry.Status) -> (files: Int, rows: Int64) {
            let matching = entries.filter { $0.status == status }
            return (matching.count, matching.reduce(0) { $0 + $1.file.recordCount })
        }
        (manifest.addedFiles, manifest.addedRows) = count(.added)
        (manifest.existingFiles, manifest.existingRows) = count(.existing)
        (manifest.deletedFiles, manifest.deletedRows) = count(.deleted)
        return manifest
    }

    /// Puts many manifests of about one size together.
    private func merged(_ parts: [Part]) async throws -> [Part] {
        let properties = metadata.propertyValues
        guard properties.mergesManifests else { return parts }
        var plan = ManifestMergePlan(
            minCount: properties.minManifestsToMerge,
            sizeTarget: properties.manifestSizeTarget
        )
        for (position, part) in parts.enumerated() { plan.add(part, at: position) }
        let groups = plan.groups
        guard !groups.isEmpty else { return parts }
        var result: [Part] = []
        let merging = Set(groups.flatMap(\.positions))
        for group in groups {
            var entries: [ManifestEntry] = []
            for position in group.positions {
                switch parts[position] {
                case .new(_, _, let new): entries += new
                case .kept(let manifest):
                    // What earlier snapshots removed stays behind in the manifests that they wrote.
                    entries += try await files.manifest(manifest).entries.filter(\.isLive).map(\.asExisting)
                }
            }
            result.append(.new(specID: group.specID, content: group.content, entries: entries))
        }
        return result + parts.enumerated().filter { !merging.contains($0.offset) }.map(\.element)
    }

    private mutating func write(_ parts: [Part]) async throws -> [ManifestFile] {
        var manifests: [ManifestFile] = []
        for part in parts {
            switch part {
            case .kept(let manifest): manifests.append(manifest)
            case .new(let specID, let content, let entries):
                manifests += try await write(entries, specID: specID, content: content)
            }
        }
        return manifests
    }

    /// Writes entries as one manifest, or as several where one would be too large.
    private mutating func write(
        _ entries: [ManifestEntry],
        specID: Int,
        content: ManifestFile.Content
    ) async throws -> [ManifestFile] {
        guard let spec = metadata.partitionSpec(id: specID) else {
            throw IcebergError(.invalidArgument, "the table has no partition spec \(specID)")
        }
        let sizeTarget = metadata.propertyValues.manifestSizeTarget
        var manifests: [ManifestFile] = []
        var start = 0
        while start < entries.count {
            var writer = ManifestWriter(
                spec: spec,
                metadata: metadata,
                content: content,
                snapshotID: snapshotID,
                environment: files.environment
            )
            var end = start
            while end < entries.count, end == start || Int64(writer.byteCount) < sizeTarget {
                try writer.append(entries[end])
                end += 1
            }
            let path = metadata.metadataLocation("\(filePrefix)-m\(writtenFiles.count).avro")
            let (bytes, file) = try writer.finish(path: path, sequenceNumber: sequenceNumber)
            writtenFiles.append(path)
            try await files.write(
                Manifest(spec: spec, entries: Array(entries[start..<end])),
                file: file,
                bytes: bytes
            )
            manifests.append(file)
            start = end
        }
        return manifests
    }
}

extension ManifestEntry {
    /// The entry as a later manifest holds it while the file stays.
    fileprivate var asExisting: ManifestEntry {
        var entry = self
        entry.status = .existing
        return entry
    }

    fileprivate func deleted(by snapshotID: Int64) -> ManifestEntry {
        var entry = self
        entry.status = .deleted
        entry.snapshotID = snapshotID
        return entry
    }
}
