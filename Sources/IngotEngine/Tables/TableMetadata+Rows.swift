import Iceberg

extension TableMetadata {
    /// The member of a snapshot's summary that names the snapshot which gave the table the rows that it had before, where
    /// that is not the parent: the parent then only replaced files by others with the same rows.
    static let rowsBeforeMember = "ingot.rows-before"

    /// What the next snapshot has to say as ``rowsBeforeMember``.
    var rowsBefore: Int64? {
        rowsSnapshotID.flatMap { $0 == currentSnapshotID ? nil : $0 }
    }

    /// The snapshot that gave the table its present rows: the current one, or where that only replaced files, the one
    /// before; `nil` for a table without any.
    var rowsSnapshotID: Int64? {
        guard var snapshot = currentSnapshot else { return nil }
        while snapshot.summary["operation"] == SnapshotChange.Operation.replace.rawValue {
            // What was before may be gone by now.
            guard let before = snapshot.rowsBefore ?? snapshot.parentID else { break }
            guard let earlier = self.snapshot(id: before) else { return before }
            snapshot = earlier
        }
        return snapshot.id
    }
}

extension Snapshot {
    /// The snapshot that gave the table the rows that it had before this one, where this one says so.
    var rowsBefore: Int64? {
        summary[TableMetadata.rowsBeforeMember].flatMap { Int64($0) }
    }
}
