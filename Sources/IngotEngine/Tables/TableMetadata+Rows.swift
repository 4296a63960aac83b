import Iceberg

extension TableMetadata {
    /// The member of a snapshot's summary that says, where only files were replaced, which snapshot the rows are of.
    static let rowsSnapshotMember = "ingot.rows-snapshot-id"

    /// The snapshot that gave the table its present rows: the current one, or where that only replaced files by others
    /// with the same rows, the one before; `nil` for a table without any.
    var rowsSnapshotID: Int64? {
        guard var snapshot = currentSnapshot else { return nil }
        while snapshot.summary["operation"] == "replace" {
            // What was before may be gone by now.
            if let id = snapshot.summary[Self.rowsSnapshotMember].flatMap({ Int64($0) }) { return id }
            guard let parent = snapshot.parentID else { break }
            guard let earlier = self.snapshot(id: parent) else { return parent }
            snapshot = earlier
        }
        return snapshot.id
    }
}
