import DuckDB
import Iceberg
import IngotCore

/// The SQL that reads a table as it stands.
struct TableReader {
    let lake: Lake
    let connection: SQLConnection

    /// A SELECT of a table's live rows, or at least of those that a filter wants.
    func select(from table: LakeTable, filter: Predicate = .always) async throws -> String {
        let tasks = try await TableScan(lake.files, metadata: table.metadata, filter: filter).tasks()
        if tasks.contains(where: { !$0.deletes.isEmpty }), let location = table.metadataLocation {
            // Rows that another engine deleted without rewriting files; only the extension knows how to leave them out.
            try await connection.execute("LOAD avro; LOAD iceberg")
            return "SELECT * FROM iceberg_scan(\(SQL.literal(FileLocation.path(of: location) ?? location)))"
        }
        return TableRelation.select(files: tasks.map(\.file.path), schema: table.metadata.currentSchema)
    }
}
