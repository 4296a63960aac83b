import DuckDB

/// What shuts a connection's SQL in: no files but those of some folders, no extensions, no settings.
struct QueryFence {
    /// The folders whose files may be read.
    var directories: [String]

    /// Closes the fence; it cannot be opened again.
    func close(_ connection: SQLConnection) async throws {
        try await connection.execute(
            """
            SET allowed_directories = \(SQL.literal(directories.map { $0.hasSuffix("/") ? $0 : "\($0)/" }));
            SET enable_external_access = false;
            SET lock_configuration = true
            """
        )
    }
}
