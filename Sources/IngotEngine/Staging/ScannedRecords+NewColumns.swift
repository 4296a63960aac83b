import DuckDB
import IngotProject

extension ScannedRecords {
    /// Turns extra fields into columns of a table, where the pipeline says so.
    mutating func addNewColumns(to table: inout BatchTable, _ connection: SQLConnection) async throws {
        guard pipeline.schemaEvolution == .addNewColumns, table.contract != nil else { return }
        for extra in extras {
            guard let name = table.newColumnName(of: extra), !table.newColumns.contains(name) else { continue }
            try await connection.execute("ALTER TABLE \(table.rows) ADD COLUMN \(SQL.identifier(name)) VARCHAR")
            table.newColumns.append(name)
        }
        if isJSON { conflicts = conflicts(in: table) }
    }

    /// A column name for a field: without surrounding blanks, and never one that Ingot keeps for itself.
    static func columnName(of field: SourceField) -> String {
        let name = field.name.trimmingBlanks()
        let isSystem = SystemColumns.silver(sourceRow: true).contains { $0.name == ContractSQL.folded(name) }
        return name.hasPrefix("__") || isSystem ? "field" + name : name
    }

    /// The new columns with the fields that become each; one where names differ in case only.
    func fieldsOfNewColumns(_ table: BatchTable) -> [(column: String, fields: [SourceField])] {
        table.newColumns.map { column in
            (column, extras.filter { table.newColumnName(of: $0) == column })
        }.filter { !$0.1.isEmpty }
    }

    /// Objects of JSON whose fields would have to share a column: one value would be lost.
    private func conflicts(in table: BatchTable) -> [(condition: String, message: String)] {
        func isThere(_ field: SourceField) -> String {
            "json_extract_string(scan.\(Internal.line), \(SQL.literal(Self.jsonPath(field.name)))) IS NOT NULL"
        }
        let shared = fieldsOfNewColumns(table).filter { $0.fields.count > 1 }.map { column, fields in
            let names = fields.map { "\"\($0.name)\"" }.joined(separator: ", ")
            let count = fields.map { "CAST(\(isThere($0)) AS INTEGER)" }.joined(separator: " + ")
            return ("\(count) > 1", "the fields \(names) differ in case only, and are one column")
        }
        guard table.rescued == nil else { return shared }
        return shared
            + extras.filter { table.newColumnName(of: $0) == nil }.map { field in
                (isThere(field), "the field \"\(field.name)\" has the name of a column that reads another field")
            }
    }
}
