import DuckDB
import Foundation
import IngotCore
import IngotEngine
import IngotProject

/// Finds the databases of a project's connections.
struct LocalServing: Sendable {
    let resolver: TemplateResolver
    /// The project folder.
    let directory: String
    let settings: Settings

    /// The database that a connection leads to.
    ///
    /// - Parameters:
    ///   - connection: The connection.
    ///   - spill: A folder, which no other database has, for what does not fit in the query engine's memory.
    /// - Returns: The database, which is not reached yet.
    /// - Throws: `IngotError` where a variable or secret of the connection is missing, or its address is none.
    func database(_ connection: IngotProject.Connection, spill: String) async throws -> any ServingDatabase {
        let name = connection.name.value
        let address = try await ServingAddress(connection, resolver: resolver, directory: directory)
        let secrets = try await secrets(of: connection)
        let configuration = configuration(spill: spill)
        switch (connection.kind, address) {
        case (.sqlite, .file(let path)):
            return SQLiteServingDatabase(
                connection: name,
                path: path,
                failure: ServingFailure(connection: name, secrets: secrets),
                reader: LoadRowReader(configuration: configuration)
            )
        case (.duckdb, .file(let path)): return attached(name, DuckDBFile(path: path), secrets, configuration)
        case (.postgres, .server(let server)):
            let known = secrets + [server.password].compactMap(\.self)
            return attached(name, PostgresServer(server: server), known, configuration)
        case (.mysql, .server(let server)):
            let known = secrets + [server.password].compactMap(\.self)
            return attached(name, MySQLServer(server: server), known, configuration)
        default:
            throw IngotError(
                .servingUnreachable,
                "the connection \(name) has no address of its kind",
                at: connection.name.location
            )
        }
    }

    /// All that secrets of a connection resolve to.
    private func secrets(of connection: IngotProject.Connection) async throws -> [Secret] {
        let templates: [Template?] =
            switch connection.address {
            case .file(let path): [path]
            case .url(let url): [url]
            case .server(let host, let port, let database, let user, let password):
                [host, port, database, user, password]
            }
        var secrets: [Secret] = []
        for template in templates.compactMap(\.self) {
            for secret in try await resolver.secretParts(of: template) {
                let text = secret.reveal()
                // One that stands in a URL is written with escapes there.
                secrets += [secret, Secret(text.removingPercentEncoding ?? text)]
            }
        }
        return secrets
    }

    private func attached(
        _ name: String,
        _ database: some AttachedDatabase,
        _ secrets: [Secret],
        _ configuration: Database.Configuration
    ) -> AttachedServingDatabase {
        AttachedServingDatabase(
            connection: name,
            database: database,
            failure: ServingFailure(connection: name, secrets: secrets),
            configuration: configuration
        )
    }

    private func configuration(spill: String) -> Database.Configuration {
        Database.Configuration(
            memoryLimit: settings.memoryLimit.map { "\($0.bytes)B" },
            threads: settings.threads,
            temporaryDirectory: spill,
            temporaryDirectorySizeMax: settings.maxTempDirectorySize.map { "\($0.bytes)B" }
        )
    }
}
