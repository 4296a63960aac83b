import DuckDB
import IngotCore

/// The query engine of one process: a database in memory, opened when it is first needed.
///
/// A service makes a connection for each batch, and after many of them a new database takes the old one's place: DuckDB
/// (1.5.5) remembers tens of thousands of the blocks of memory that a database no longer has, some 50 of each batch.
package actor QueryEngine {
    /// A connection that was given out, for as long as its user keeps it.
    private struct OpenConnection {
        weak var connection: SQLConnection?
        let database: EngineDatabase
    }

    private let services: EngineServices
    private let connectionCountMax: Int
    /// The database, and how many connections were made to it.
    private var current: (database: Task<EngineDatabase, any Error>, connectionCount: Int)?
    private var connections: [OpenConnection] = []

    /// An engine that is not open yet.
    ///
    /// - Parameters:
    ///   - services: What the engine works with.
    ///   - connectionCountMax: After how many connections a new database takes the place of the old one, which is
    ///     closed when its connections are.
    package init(_ services: EngineServices, connectionCountMax: Int = 256) {
        self.services = services
        self.connectionCountMax = connectionCountMax
    }

    /// A new connection, in UTC.
    package func connect() async throws -> SQLConnection {
        let database = try await open()
        let connection = try await database.connect()
        connections.removeAll { $0.connection == nil }
        connections.append(OpenConnection(connection: connection, database: database))
        return connection
    }

    /// Lets statements use all threads, or one: to hand little work to others takes longer than to do it.
    ///
    /// Models and queries of users have databases of their own, with all threads.
    ///
    /// - Parameters:
    ///   - isParallel: Whether all threads are used.
    ///   - connection: A connection of this engine; all those to its database are affected.
    /// - Throws: `DuckDBError`.
    func setParallel(_ isParallel: Bool, _ connection: SQLConnection) async throws {
        let database = connections.first { $0.connection === connection }?.database
        try await database?.setParallel(isParallel, connection)
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
        let closing = current
        current = nil
        await (try? closing?.database.value)?.close()
    }

    /// The database for one more connection.
    private func open() async throws -> EngineDatabase {
        let full = current.flatMap { $0.connectionCount < connectionCountMax ? nil : $0 }
        if full != nil { current = nil }
        let opening = current?.database ?? Task { [services] in try await EngineDatabase(services) }
        current = (opening, (current?.connectionCount ?? 0) + 1)
        await (try? full?.database.value)?.close()
        do {
            return try await opening.value
        } catch {
            if current?.database == opening { current = nil }
            throw error
        }
    }
}
