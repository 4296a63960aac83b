/// Writes the manifests and the manifest list of a new snapshot.
public struct SnapshotWriter: Sendable {
    private let files: TableFiles

    /// A writer over a table's files.
    public init(_ files: TableFiles) {
        self.files = files
    }

    /// Writes a snapshot on top of a table's current state.
    ///
    /// Adding files reads the manifest list only. Removing files reads and rewrites the manifests that hold them. Where
    /// many manifests of about one size have gathered, they become one. A commit that loses its race writes again on
    /// the newer state; if a file to be removed is gone there, that is a conflict.
    ///
    /// - Throws: ``IcebergError`` with the code `commitConflict` where a file to be removed is not live. What had been
    ///   written is removed when anything fails.
    public func write(_ change: SnapshotChange, to metadata: TableMetadata) async throws -> PreparedSnapshot {
        guard metadata.formatVersion == 2 else {
            throw IcebergError(
                .unsupported,
                "snapshots are written in format version 2; upgrade the table of version 1 first"
            )
        }
        var draft = SnapshotDraft(change: change, metadata: metadata, files: files)
        do {
            return try await draft.write()
        } catch {
            // What cannot be removed now is in nobody's way: its name is never used again.
            try? await files.io.delete(draft.writtenFiles)
            files.forget(draft.writtenFiles)
            throw error
        }
    }
}
