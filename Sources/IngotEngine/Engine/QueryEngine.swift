import DuckDB
import IngotCore
import IngotProject

/// The query engine of one process: one database in memory, opened when it is first needed.
package actor QueryEngine {
    private let services: EngineServices
    private var database: Database?

    package init(_ services: EngineServices) {
        self.services = services
    }

    /// A new connection, in UTC.
    package func connect() async throws -> SQLConnection {
        let connection = try await open().connect()
        try await connection.execute("SET TimeZone = 'UTC'")
        return connection
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
                temporaryDirectory: try settings.tempDirectory.map(services.resolve) ?? "\(services.scratch)/spill",
                temporaryDirectorySizeMax: settings.maxTempDirectorySize.map { "\($0.bytes)B" },
                settings: [
                    "partitioned_write_max_open_files": "400",
                    "preserve_insertion_order": "true",
                ]
            )
        )
        database = opened
        return opened
    }
}
