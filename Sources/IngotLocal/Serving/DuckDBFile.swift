import DuckDB
import Foundation
import IngotEngine
import IngotProject

/// A database in a file of DuckDB's.
struct DuckDBFile: AttachedDatabase {
    let path: String

    var dialect: ServingDialect { .duckdb }
    var preparesOutside: Bool { false }
    var exists: Bool { FileManager.default.fileExists(atPath: path) }

    func prefix(of order: LoadOrder) -> [String] { ["serving", order.table.schema ?? "main"] }

    func attach(_ connection: SQLConnection, readOnly: Bool) async throws {
        try await connection.execute("ATTACH \(SQL.literal(path)) AS serving\(readOnly ? " (READ_ONLY)" : "")")
    }

    func execute(_ sql: String, _ connection: SQLConnection) async throws {
        try await connection.execute(sql)
    }

    func find(_ table: String, _ statements: LoadStatements, _ connection: SQLConnection) async throws -> FoundTable {
        let place = "database_name = 'serving' AND schema_name = $schema AND table_name = $table"
        let values: [String: Value] = ["schema": .varchar(statements.prefix[1]), "table": .varchar(table)]
        let columns = try await connection.query(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE \(place) ORDER BY column_index",
            named: values
        )
        let keys = try await connection.query(
            """
            SELECT constraint_column_names AS names FROM duckdb_constraints()
            WHERE \(place) AND constraint_type IN ('PRIMARY KEY', 'UNIQUE')
            """,
            named: values
        )
        return FoundTable(
            columns: try columns.map { row in
                ServingColumn(name: try row.string("column_name"), type: try row.string("data_type"))
            },
            keys: try keys.map { try $0.list("names").map(\.description) }
        )
    }

    /// The file itself is held by one process.
    func lock(_ statements: LoadStatements, _ connection: SQLConnection) async throws {
        try await connection.execute(statements.createRecords)
        try await connection.execute(statements.claim)
    }

    func record(_ statements: LoadStatements, _ connection: SQLConnection) async throws -> LoadRecord? {
        try LoadRecord(try await connection.query(statements.readRecord()).first)
    }

    func makeStage(
        _ statements: LoadStatements,
        _ found: FoundTable,
        _ connection: SQLConnection
    ) async throws -> ServingStage {
        let name = "temp.\(SQL.identifier(LoadStatements.stageTable))"
        try await connection.execute("CREATE TEMP TABLE \(LoadStatements.stageTable) AS \(statements.emptyStage)")
        return ServingStage(native: name, attached: name)
    }

    func clear(_ stage: ServingStage, _ connection: SQLConnection) async throws {
        try await connection.execute("DROP TABLE \(stage.native)")
    }
}
