import DuckDB
import IngotCore
import IngotProject

/// A database in memory, with the functions that statements of the engine use.
actor EngineDatabase {
    private let database: Database
    /// How many threads statements use now, and how many they may use.
    private var threads = (used: 0, all: 0)

    /// Opens a database.
    ///
    /// - Throws: `DuckDBError`, `IngotError`.
    init(_ services: EngineServices) async throws {
        let settings = services.project.environment.settings
        database = try await Database(
            configuration: Database.Configuration(
                memoryLimit: settings.memoryLimit.map { "\($0.bytes)B" },
                threads: settings.threads,
                temporaryDirectory: try services.spillFolder(),
                temporaryDirectorySizeMax: settings.maxTempDirectorySize.map { "\($0.bytes)B" },
                settings: QueryEngine.settings
            )
        )
        let connection = try await database.connect()
        for function in BucketHash.functions { try await connection.register(function) }
        try await connection.registerRowCollectors()
        try await UsualText.install(on: connection)
        await connection.close()
    }

    /// A new connection, in UTC.
    func connect() async throws -> SQLConnection {
        let connection = try await database.connect()
        try await connection.execute("SET TimeZone = 'UTC'")
        return connection
    }

    /// Lets statements use all threads, or one.
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

    /// Closes the database once its connections are closed.
    func close() async {
        await database.close()
    }
}
