import DuckDB
import Foundation
import GRDB
import Testing

/// A kind of database that loads write to, with a real one of its kind.
enum ServingKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case sqlite
    case duckdb
    case postgres
    case mysql

    /// The kinds that can be tested here.
    static let present = allCases.filter(\.isPresent)

    var testDescription: String { rawValue }

    var isPresent: Bool {
        switch self {
        case .sqlite, .duckdb: true
        case .postgres: ServingServerProcess.postgres != nil
        case .mysql: ServingServerProcess.mariadb != nil
        }
    }

    var server: ServingServerProcess? {
        switch self {
        case .sqlite, .duckdb: nil
        case .postgres: .postgres
        case .mysql: .mariadb
        }
    }

    /// The line of `connections` in `ingot.yml`; the program gets the password as a secret.
    var connection: String {
        switch self {
        case .sqlite, .duckdb: return "serving: {type: \(rawValue), path: serving.\(rawValue)}"
        case .postgres, .mysql:
            let database = self == .postgres ? "postgres" : ServingServerProcess.database
            return "serving: {type: \(rawValue), host: 127.0.0.1, port: \"\(server?.port ?? 0)\", "
                + "database: \(database), user: \(ServingServerProcess.user), password: \"${secret:serving}\"}"
        }
    }

    func quoted(_ name: String) -> String {
        self == .mysql ? "`\(name.replacing("`", with: "``"))`" : SQL.identifier(name)
    }
}

/// A database of a kind as others see it: what loads wrote is read, and tables are made, without Ingot.
struct ServingProbe: Sendable {
    let kind: ServingKind
    let folder: String

    private var path: String { "\(folder)/serving.\(kind.rawValue)" }

    /// Runs statements of the database's own.
    func execute(_ statements: String...) async throws {
        switch kind {
        case .sqlite:
            let queue = try DatabaseQueue(path: path)
            for sql in statements { try await queue.write { try $0.execute(sql: sql) } }
            try queue.close()
        case .duckdb: try await attached { for sql in statements { try await $0.execute("USE serving; \(sql)") } }
        case .postgres, .mysql:
            try await attached { connection in
                for sql in statements {
                    try await connection.execute("CALL \(kind.rawValue)_execute('serving', \(SQL.literal(sql)))")
                }
            }
        }
    }

    /// The rows of a query of the database's own, each as the texts of its values with `|` between them.
    func rows(_ sql: String) async throws -> [String] {
        switch kind {
        case .sqlite:
            let queue = try DatabaseQueue(path: path)
            let rows = try await queue.read { database in
                try GRDB.Row.fetchAll(database, sql: sql)
                    .map { $0.databaseValues.map(Self.plain).joined(separator: "|") }
            }
            try queue.close()
            return rows
        case .duckdb:
            return try await attached { connection in
                try await connection.execute("USE serving")
                return try await connection.query(sql).map { $0.values.map(Self.plain).joined(separator: "|") }
            }
        case .postgres, .mysql:
            return try await attached { connection in
                let call = "SELECT * FROM \(kind.rawValue)_query('serving', \(SQL.literal(sql)))"
                return try await connection.query(call).map { $0.values.map(Self.plain).joined(separator: "|") }
            }
        }
    }

    /// Texts come as bytes from some servers.
    private static func plain(_ value: Value) -> String {
        if case .blob(let bytes) = value { return String(decoding: bytes, as: UTF8.self) }
        return value.description
    }

    private static func plain(_ value: DatabaseValue) -> String {
        switch value.storage {
        case .null: "NULL"
        case .int64(let number): "\(number)"
        case .double(let number): "\(number)"
        case .string(let text): text
        case .blob(let data): String(decoding: data, as: UTF8.self)
        }
    }

    private func attached<R: Sendable>(_ body: (DuckDB.Connection) async throws -> R) async throws -> R {
        let database = try await DuckDB.Database(configuration: .init())
        let connection = try await database.connect()
        try await connection.execute("SET TimeZone = 'UTC'")
        switch kind {
        case .postgres, .mysql:
            let name = kind == .postgres ? "postgres" : ServingServerProcess.database
            try await connection.execute(
                """
                LOAD \(kind.rawValue)_scanner;
                CREATE SECRET probe (TYPE \(kind.rawValue), HOST '127.0.0.1', PORT \(kind.server?.port ?? 0),
                    DATABASE '\(name)', USER '\(ServingServerProcess.user)',
                    PASSWORD \(SQL.literal(ServingServerProcess.password)));
                ATTACH '' AS serving (TYPE \(kind.rawValue), SECRET probe)
                """
            )
        default: try await connection.execute("ATTACH \(SQL.literal(path)) AS serving")
        }
        do {
            let result = try await body(connection)
            await connection.close()
            await database.close()
            return result
        } catch {
            await connection.close()
            await database.close()
            throw error
        }
    }
}
