import DuckDB
import IngotCore
import IngotProject

/// Where SQL that users write runs: a database of its own, which sees no files but the lake's and the seeds'.
///
/// Settings are locked before the first statement of a user runs, and each session has a catalog of its own, so that
/// two sessions can show different rows under one name.
package actor SQLFence {
    private let services: EngineServices
    private var database: Database?
    private var sessions = 0

    package init(_ services: EngineServices) {
        self.services = services
    }

    /// A connection inside the fence, and the name of its catalog.
    package func connect() async throws -> (connection: SQLConnection, catalog: String) {
        let connection = try await open().connect()
        sessions += 1
        let catalog = "session_\(sessions)"
        try await connection.execute("ATTACH ':memory:' AS \(catalog); USE \(catalog)")
        return (connection, catalog)
    }

    /// Ends a connection and drops its catalog.
    package func disconnect(_ connection: SQLConnection, catalog: String) async {
        do {
            try await connection.execute("USE memory; DETACH \(catalog)")
        } catch {
            // A catalog without a connection takes a few kilobytes until the fence is closed.
        }
        await connection.close()
    }

    /// Closes the database once its connections are closed.
    package func close() async {
        await database?.close()
        database = nil
    }

    private func open() async throws -> Database {
        if let database { return database }
        let settings = services.project.environment.settings
        let opened = try await Database(
            configuration: Database.Configuration(
                memoryLimit: settings.memoryLimit.map { "\($0.bytes)B" },
                threads: settings.threads,
                temporaryDirectory: try settings.tempDirectory.map(services.resolve)
                    ?? "\(services.scratch)/spill-models",
                temporaryDirectorySizeMax: settings.maxTempDirectorySize.map { "\($0.bytes)B" },
                settings: [
                    "partitioned_write_max_open_files": "400",
                    "preserve_insertion_order": "true",
                ]
            )
        )
        let connection = try await opened.connect()
        let directories = ["\(services.storage.root)/", "\(services.project.directory)/seeds/"]
        try await connection.execute(
            """
            SET allowed_directories = \(SQL.literal(directories));
            SET enable_external_access = false;
            SET lock_configuration = true
            """
        )
        await connection.close()
        database = opened
        return opened
    }
}
