import DuckDB
import IngotCore
import IngotProject

/// The query engine of one process: one database in memory, opened when it is first needed.
package actor QueryEngine {
    private let services: EngineServices
    private var database: Database?
    private var connections: [OpenConnection] = []
    /// How many threads statements use now, and how many they may use.
    private var threads = (used: 0, all: 0)

    /// A connection that was given out, for as long as its user keeps it.
    private struct OpenConnection {
        weak var connection: SQLConnection?
    }

    package init(_ services: EngineServices) {
        self.services = services
    }

    /// A new connection, in UTC.
    package func connect() async throws -> SQLConnection {
        let connection = try await open().connect()
        try await connection.execute("SET TimeZone = 'UTC'")
        connections.removeAll { $0.connection == nil }
        connections.append(OpenConnection(connection: connection))
        return connection
    }

    /// Lets statements use all threads, or one: to hand little work to others takes longer than to do it.
    ///
    /// Models and queries of users have databases of their own, with all threads.
    ///
    /// - Parameters:
    ///   - isParallel: Whether all threads are used.
    ///   - connection: A connection of this engine; all of them are affected.
    /// - Throws: `DuckDBError`.
    func setParallel(_ isParallel: Bool, _ connection: SQLConnection) async throws {
        if threads.all == 0 {
            threads.all = try await connection.query("SELECT current_setting('threads')").scalar(as: Int.self)
            threads.used = threads.all
        }
        let wanted = isParallel ? threads.all : 1
        guard wanted != threads.used else { return }
        try await connection.execute("SET threads = \(wanted)")
        threads.used = wanted
    }

    /// How far the slowest statement is that runs on a connection, from 0 to 1.
    package var progress: Double? {
        connections.compactMap { $0.connection?.progress?.percentage }.min().map { $0 / 100 }
    }

    /// What every database of the project is told.
    static let settings = [
        "partitioned_write_max_open_files": "400",
        "preserve_insertion_order": "true",
        // The system keeps files that are read again; a second copy would grow with every file of the lake.
        "enable_external_file_cache": "false",
    ]

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
                settings: Self.settings
            )
        )
        let connection = try await opened.connect()
        for function in BucketHash.functions { try await connection.register(function) }
        try await connection.registerRowCollectors()
        try await UsualText.install(on: connection)
        await connection.close()
        database = opened
        return opened
    }
}
