import DuckDB
import IngotEngine
import IngotProject

/// A database of PostgreSQL.
struct PostgresServer: AttachedDatabase {
    /// How long a load waits for another one of the same.
    private static let lockTime = "10min"

    let server: ServingServer

    var dialect: ServingDialect { .postgres }
    var preparesOutside: Bool { false }
    var exists: Bool { true }

    func prefix(of order: LoadOrder) -> [String] { [order.table.schema].compactMap(\.self) }

    func attach(_ connection: SQLConnection, readOnly: Bool) async throws {
        try await connection.execute("LOAD postgres_scanner")
        try await server.makeSecret("postgres", connection)
        // Those of the address come later, and win.
        let own = [
            ServingServer.Option(name: "application_name", value: "ingot"),
            ServingServer.Option(name: "connect_timeout", value: "10"),
        ]
        let options = (own + server.options).map { option in
            let escaped = option.value.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
            return "\(option.name)='\(escaped)'"
        }
        try await connection.execute(
            """
            ATTACH \(SQL.literal(options.joined(separator: " "))) AS serving
            (TYPE postgres, SECRET serving_secret, ISOLATION_LEVEL 'READ COMMITTED'\(readOnly ? ", READ_ONLY" : ""))
            """
        )
    }

    func execute(_ sql: String, _ connection: SQLConnection) async throws {
        try await connection.callServing("postgres_execute", sql)
    }

    func find(_ table: String, _ statements: LoadStatements, _ connection: SQLConnection) async throws -> FoundTable {
        let id = "to_regclass(\(SQL.literal(statements.qualified(table))))"
        let columns = try await connection.queryServing(
            "postgres_query",
            """
            SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
            WHERE attrelid = \(id) AND attnum > 0 AND NOT attisdropped ORDER BY attnum
            """
        )
        let keys = try await connection.queryServing(
            "postgres_query",
            """
            SELECT i.indexrelid::text AS index, a.attname::text AS name FROM pg_index i
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
            WHERE i.indrelid = \(id) AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL
            AND i.indnkeyatts = i.indnatts ORDER BY 1, 2
            """
        )
        let names = try Dictionary(grouping: keys) { try $0.string("index") }
        return FoundTable(
            columns: try columns.map { ServingColumn(name: try $0.string("name"), type: try $0.string("type")) },
            keys: try names.values.map { try $0.map { try $0.string("name") } }
        )
    }

    /// A lock that needs no table, so that those who make tables take turns too.
    func lock(_ statements: LoadStatements, _ connection: SQLConnection) async throws {
        let words = "ingot \(statements.order.load) \(statements.order.table)"
        func wait(_ words: String) -> String {
            "SET LOCAL lock_timeout = '\(Self.lockTime)'; "
                + "SELECT pg_advisory_xact_lock(hashtextextended(\(SQL.literal(words)), 0))"
        }
        try await execute("SET LOCAL TimeZone = 'UTC'; \(wait(words))", connection)
        if try await !find(LoadStatements.recordTable, statements, connection).exists {
            // Other loads may be about to make the table of records, too.
            try await execute("\(wait("ingot")); \(statements.createRecords)", connection)
        }
        try await execute(statements.claim, connection)
    }

    func record(_ statements: LoadStatements, _ connection: SQLConnection) async throws -> LoadRecord? {
        try LoadRecord(try await connection.queryServing("postgres_query", statements.readRecord()).first)
    }

    func makeStage(
        _ statements: LoadStatements,
        _ found: FoundTable,
        _ connection: SQLConnection
    ) async throws -> ServingStage {
        var columns: [String] = []
        var settling: [String] = []
        for (column, staged) in zip(statements.rows.columns, statements.stageColumns) {
            var type = found.columns.first { $0.name == column.name }?.type ?? "text"
            if type == "numeric" {
                // One without a precision is a floating point number to the query engine.
                type = dialect.type(column.type, isKey: false)
                // The server itself takes 15 digits of such a number, and all of its text.
                settling.append("ALTER COLUMN \(staged) TYPE numeric USING \(staged)::text::numeric")
            }
            columns.append("\(staged) \(type)")
        }
        if statements.rows.marksDeletions { columns.append("\(LoadRows.deletionMark) boolean") }
        let name = LoadStatements.stageTable
        let list = columns.joined(separator: ", ")
        try await execute("CREATE TEMP TABLE \(name) (\(list)) ON COMMIT DROP", connection)
        return ServingStage(
            native: "pg_temp.\(name)",
            attached: "serving.pg_temp.\(name)",
            settling: settling.map { "ALTER TABLE pg_temp.\(name) \($0)" }
        )
    }

    /// The table ends with the transaction.
    func clear(_ stage: ServingStage, _ connection: SQLConnection) async throws {}
}
