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
    /// A folder for what does not outlive the process.
    let scratch: String

    /// The database that a connection leads to.
    ///
    /// - Throws: `IngotError` where a variable or secret of the connection is missing, or its address is none.
    func database(_ connection: IngotProject.Connection) async throws -> any ServingDatabase {
        let name = connection.name.value
        let address = try await ServingAddress(connection, resolver: resolver, directory: directory)
        let secrets = try await secrets(of: connection)
        switch (connection.kind, address) {
        case (.sqlite, .file(let path)):
            return SQLiteServingDatabase(
                connection: name,
                path: path,
                failure: ServingFailure(connection: name, secrets: secrets),
                reader: LoadRowReader(configuration: try configuration())
            )
        case (.duckdb, .file(let path)): return try attached(name, DuckDBFile(path: path), secrets)
        case (.postgres, .server(let server)):
            return try attached(name, PostgresServer(server: server), secrets + [server.password].compactMap(\.self))
        case (.mysql, .server(let server)):
            return try attached(name, MySQLServer(server: server), secrets + [server.password].compactMap(\.self))
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
        _ secrets: [Secret]
    ) throws -> AttachedServingDatabase {
        AttachedServingDatabase(
            connection: name,
            database: database,
            failure: ServingFailure(connection: name, secrets: secrets),
            configuration: try configuration()
        )
    }

    private func configuration() throws -> Database.Configuration {
        Database.Configuration(
            memoryLimit: settings.memoryLimit.map { "\($0.bytes)B" },
            threads: settings.threads,
            temporaryDirectory: try settings.tempDirectory.map { try resolver.text(of: $0) } ?? "\(scratch)/spill-load",
            temporaryDirectorySizeMax: settings.maxTempDirectorySize.map { "\($0.bytes)B" }
        )
    }
}
