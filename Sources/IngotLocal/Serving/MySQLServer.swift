import Crypto
import DuckDB
import Foundation
import IngotEngine
import IngotProject

/// A database of MySQL or MariaDB.
///
/// It ends a transaction when a table is made, so all that a load needs is made before. Inside of one, what reads has to go
/// through the attached tables: `mysql_query` takes a connection of its own.
struct MySQLServer: AttachedDatabase {
    /// How long a load waits for another one of the same, in seconds.
    private static let lockTime = 600

    let server: ServingServer

    var dialect: ServingDialect { .mysql }
    var preparesOutside: Bool { true }
    var exists: Bool { true }

    func prefix(of order: LoadOrder) -> [String] { [order.table.schema ?? server.database] }

    func attach(_ connection: SQLConnection, readOnly: Bool) async throws {
        try await connection.execute(
            """
            LOAD mysql_scanner;
            SET mysql_session_time_zone = '+00:00';
            SET mysql_time_as_time = true
            """
        )
        try await server.makeSecret("mysql", connection)
        let options = server.options.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        try await connection.execute(
            "ATTACH \(SQL.literal(options)) AS serving (TYPE mysql, SECRET serving_secret\(readOnly ? ", READ_ONLY" : ""))"
        )
    }

    func execute(_ sql: String, _ connection: SQLConnection) async throws {
        try await connection.callServing("mysql_execute", sql)
    }

    func find(_ table: String, _ statements: LoadStatements, _ connection: SQLConnection) async throws -> FoundTable {
        let place =
            "table_schema = \(dialect.literal(statements.prefix[0])) AND table_name = \(dialect.literal(table))"
        let columns = try await connection.queryServing(
            "mysql_query",
            """
            SELECT column_name AS name, column_type AS type FROM information_schema.columns
            WHERE \(place) ORDER BY ordinal_position
            """
        )
        let keys = try await connection.queryServing(
            "mysql_query",
            """
            SELECT index_name AS id, column_name AS name FROM information_schema.statistics
            WHERE \(place) AND non_unique = 0 AND sub_part IS NULL
            """
        )
        let engines = try await connection.queryServing(
            "mysql_query",
            """
            SELECT coalesce(t.engine, '') AS engine FROM information_schema.tables t
            LEFT JOIN information_schema.engines e ON e.engine = t.engine
            WHERE \(place) AND t.table_type = 'BASE TABLE' AND coalesce(e.transactions, 'NO') <> 'YES'
            """
        )
        let names = try Dictionary(grouping: keys) { try $0.text("id") }
        return FoundTable(
            columns: try columns.map { ServingColumn(name: try $0.text("name"), type: try $0.text("type")) },
            keys: try names.values.map { try $0.map { try $0.text("name") } },
            engineWithoutTransactions: try engines.first.map { try $0.text("engine") }
        )
    }

    func lock(_ statements: LoadStatements, _ connection: SQLConnection) async throws {
        try await execute("SET SESSION innodb_lock_wait_timeout = \(Self.lockTime)", connection)
        // Otherwise a server may cut what does not fit without a word.
        try await execute("SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')", connection)
        try await execute(statements.claim, connection)
    }

    func record(_ statements: LoadStatements, _ connection: SQLConnection) async throws -> LoadRecord? {
        let table = SQL.qualified(["serving"] + statements.prefix + [LoadStatements.recordTable])
        return try LoadRecord(try await connection.query(statements.readRecord(from: table)).first)
    }

    /// A table that stays, without rows but within transactions: making one would end a transaction, and a temporary one is
    /// not seen by the query engine.
    func makeStage(
        _ statements: LoadStatements,
        _ found: FoundTable,
        _ connection: SQLConnection
    ) async throws -> ServingStage {
        let order = statements.order
        let columns = statements.rows.columns.map { column in
            "\(column.name) \(found.columns.first { $0.name == column.name }?.type ?? "")"
        }
        let marks = "\(statements.rows.marksDeletions)"
        let words = [order.load, order.table.description, marks] + order.primaryKey + columns
        let hash = SHA256.hash(data: Data(words.joined(separator: "\n").utf8)).prefix(6)
        let digits = hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let name = "\(LoadStatements.stageTable)_\(digits)"
        let keys = statements.stageKeys.joined(separator: ", ")
        let key = keys.isEmpty ? "" : "(PRIMARY KEY (\(keys)))"
        try await execute(
            """
            CREATE TABLE IF NOT EXISTS \(statements.qualified(name)) \(key)
            ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 AS \(statements.emptyStage)
            """,
            connection
        )
        try await connection.execute("CALL mysql_clear_cache()")
        return ServingStage(
            native: statements.qualified(name),
            attached: SQL.qualified(["serving"] + statements.prefix + [name])
        )
    }

    func clear(_ stage: ServingStage, _ connection: SQLConnection) async throws {
        try await execute("DELETE FROM \(stage.native)", connection)
    }
}

extension Row {
    /// A text, also of a column that the server answers as bytes.
    fileprivate func text(_ name: String) throws -> String {
        if case .blob(let bytes) = try value(name) { return String(decoding: bytes, as: UTF8.self) }
        return try string(name)
    }
}
