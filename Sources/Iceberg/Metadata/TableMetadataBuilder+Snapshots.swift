import JSONTree

extension TableMetadataBuilder {
    mutating func add(_ snapshot: Snapshot) throws {
        guard metadata.snapshot(id: snapshot.id) == nil else {
            throw Self.invalid("the table has a snapshot \(snapshot.id) already")
        }
        guard
            metadata.formatVersion == 1 || snapshot.sequenceNumber > metadata.lastSequenceNumber
                || snapshot.parentID == nil
        else {
            // Made on an older state: the writer has to start again from the newer one.
            throw IcebergError(
                .commitConflict,
                "Cannot add a snapshot with sequence number \(snapshot.sequenceNumber); the last one is "
                    + "\(metadata.lastSequenceNumber)"
            )
        }
        let last = max(metadata.lastUpdated, metadata.snapshotLog.last?.timestamp ?? 0)
        guard snapshot.timestamp >= last - Self.clockTolerance else {
            throw Self.invalid(
                "the snapshot's time \(snapshot.timestamp) is more than a minute before the table's, \(last)"
            )
        }
        if let schemaID = snapshot.schemaID, metadata.schema(id: schemaID) == nil {
            throw Self.invalid("the snapshot \(snapshot.id) names the schema \(schemaID), which does not exist")
        }
        metadata.snapshots.append(snapshot)
        metadata.lastSequenceNumber = max(metadata.lastSequenceNumber, snapshot.sequenceNumber)
        metadata.lastUpdated = max(metadata.lastUpdated, snapshot.timestamp)
        hasTimestamp = true
        addedSnapshotIDs.insert(snapshot.id)
    }

    mutating func set(_ reference: SnapshotReference, _ name: String) throws {
        guard !name.isEmpty else { throw Self.invalid("a branch or tag needs a name") }
        guard let snapshot = metadata.snapshot(id: reference.snapshotID) else {
            throw Self.invalid("\"\(name)\" cannot point to the snapshot \(reference.snapshotID), which does not exist")
        }
        let isMain = name == SnapshotReference.main
        guard !isMain || reference.kind == .branch else { throw Self.invalid("\"main\" is a branch, not a tag") }
        let previous = metadata.references[name]
        metadata.references[name] = reference
        guard isMain, previous?.snapshotID != reference.snapshotID else { return }
        metadata.currentSnapshotID = reference.snapshotID
        if !addedSnapshotIDs.contains(snapshot.id) {
            metadata.lastUpdated = max(now, metadata.lastUpdated)
            hasTimestamp = true
        }
        metadata.snapshotLog.append(SnapshotLogEntry(timestamp: metadata.lastUpdated, snapshotID: snapshot.id))
    }

    mutating func remove(reference name: String) {
        guard metadata.references.removeValue(forKey: name) != nil else { return }
        if name == SnapshotReference.main { metadata.currentSnapshotID = nil }
    }

    mutating func remove(snapshots ids: Set<Int64>) {
        metadata.snapshots.removeAll { ids.contains($0.id) }
        metadata.statistics.removeAll { $0["snapshot-id"]?.int64Value.map(ids.contains) ?? false }
        metadata.partitionStatistics.removeAll { $0["snapshot-id"]?.int64Value.map(ids.contains) ?? false }
        for name in metadata.references.filter({ ids.contains($0.value.snapshotID) }).keys {
            remove(reference: name)
        }
        // History is only told from where it is whole.
        if let last = metadata.snapshotLog.lastIndex(where: { ids.contains($0.snapshotID) }) {
            metadata.snapshotLog.removeFirst(last + 1)
        }
    }
}
