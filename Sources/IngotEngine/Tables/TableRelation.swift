import DuckDB
import Iceberg

/// The SQL that reads a table's data files as the table.
enum TableRelation {
    /// A SELECT over data files, with the columns of a schema found by their ids.
    ///
    /// - Parameters:
    ///   - files: The locations; empty for a table without rows.
    ///   - schema: The table's columns.
    ///   - withPosition: Whether to add `__file` (the position in `files`) and `__row` (the row's in its file).
    /// - Returns: The SELECT.
    static func select(files: [String], schema: Schema, withPosition: Bool = false) -> String {
        guard !files.isEmpty else { return empty(schema, withPosition: withPosition) }
        let list = files.map { SQL.literal(FileLocation.path(of: $0) ?? $0) }.joined(separator: ", ")
        let fields = schema.fields.map { field in
            "\(field.id): {name: \(SQL.literal(field.name)), type: \(SQL.literal(field.type.sql)), default_value: NULL}"
        }
        let names = schema.fields.map { SQL.identifier($0.name) }.joined(separator: ", ")
        let position = withPosition ? ", CAST(file_index AS INTEGER) AS __file, file_row_number AS __row" : ""
        return """
            SELECT \(names)\(position)
            FROM read_parquet([\(list)], schema=MAP {\(fields.joined(separator: ", "))})
            """
    }

    private static func empty(_ schema: Schema, withPosition: Bool) -> String {
        var columns = schema.fields.map { "CAST(NULL AS \($0.type.sql)) AS \(SQL.identifier($0.name))" }
        if withPosition { columns += ["CAST(NULL AS INTEGER) AS __file", "CAST(NULL AS BIGINT) AS __row"] }
        return "SELECT \(columns.joined(separator: ", ")) WHERE FALSE"
    }

    /// The `FIELD_IDS` of a COPY that writes rows of a schema.
    static func fieldIDs(_ schema: Schema) -> String {
        "{" + schema.fields.map { "\(SQL.identifier($0.name)): \(fieldID($0))" }.joined(separator: ", ") + "}"
    }

    private static func fieldID(_ field: NestedField) -> String {
        let children = field.type.children
        guard !children.isEmpty else { return String(field.id) }
        let inner = children.map { "\(SQL.identifier($0.name)): \(fieldID($0))" }.joined(separator: ", ")
        return "{__duckdb_field_id: \(field.id), \(inner)}"
    }
}
