import DuckDB
import Foundation
import IngotCore
import IngotProject

/// Where SQL that users write runs: a database in memory for each session, which sees no files but the lake's and the
/// seeds'.
///
/// What keeps it safe stands in layers. Users' statements are single SELECTs (``ParsedQuery``). Files outside the
/// allowed folders, other databases and the network cannot be reached, and none of this can be set otherwise, because
/// the configuration is locked before the first statement of a user runs. Ingest has a database of its own, which
/// reads anywhere. A database for each session lets two sessions show different rows under one name.
struct SQLFence: Sendable {
    /// One session's database and its only connection.
    struct Enclosure: Sendable {
        let database: Database
        let connection: SQLConnection

        func close() async {
            await connection.close()
            await database.close()
        }
    }

    let services: EngineServices

    /// Opens a database inside the fence.
    func open() async throws -> Enclosure {
        let settings = services.project.environment.settings
        let database = try await Database(
            configuration: Database.Configuration(
                memoryLimit: settings.memoryLimit.map { "\($0.bytes)B" },
                threads: settings.threads,
                temporaryDirectory: try services.spillFolder(),
                temporaryDirectorySizeMax: settings.maxTempDirectorySize.map { "\($0.bytes)B" },
                settings: QueryEngine.settings
            )
        )
        do {
            let connection = try await database.connect()
            try await Self.close(connection, lake: services.storage.root, project: services.project)
            return Enclosure(database: database, connection: connection)
        } catch {
            await database.close()
            throw error
        }
    }

    /// Closes a connection's database to all files but the lake's and the seeds', for good.
    ///
    /// - Parameters:
    ///   - connection: The connection, before the first statement of a user.
    ///   - lake: The folder of the lake.
    ///   - project: The project.
    /// - Throws: `DuckDBError`.
    static func close(_ connection: SQLConnection, lake: String, project: Project) async throws {
        try await connection.execute(
            """
            SET allowed_directories = \(SQL.literal(["\(lake)/", "\(project.directory)/seeds/"]));
            SET enable_external_access = false;
            SET lock_configuration = true
            """
        )
    }
}
