import DuckDB
import IngotProject

extension ScannedRecords {
    /// Turns extra fields into columns of a table, where the pipeline says so.
    mutating func addNewColumns(to table: inout BatchTable, _ connection: SQLConnection) async throws {
        guard pipeline.schemaEvolution == .addNewColumns, table.contract != nil else { return }
        var names = NewColumnNames(table)
        var added = Set(table.newColumns)
        for extra in extras {
            guard let name = names.name(of: extra), added.insert(name).inserted else { continue }
            try await connection.execute("ALTER TABLE \(table.rows) ADD COLUMN \(SQL.identifier(name)) VARCHAR")
            table.newColumns.append(name)
            names.add(name)
        }
        if isJSON { conflicts = conflicts(in: table) }
    }

    /// The new columns with the fields that become each, where there are any: more than one where names differ in case
    /// only.
    func fieldsOfNewColumns(_ table: BatchTable) -> [(column: String, fields: [SourceField])] {
        let names = NewColumnNames(table)
        let fields = Dictionary(grouping: extras) { names.name(of: $0) ?? "" }
        return table.newColumns.compactMap { column in fields[column].map { (column, $0) } }
    }

    /// Objects of JSON whose fields would have to share a column: one value would be lost.
    private func conflicts(in table: BatchTable) -> [(condition: String, message: String)] {
        func isThere(_ field: SourceField) -> String {
            "json_extract_string(scan.\(Internal.line), \(SQL.literal(Self.jsonMember(field.name)))) IS NOT NULL"
        }
        let shared = fieldsOfNewColumns(table).filter { $0.fields.count > 1 }.map { column, fields in
            let names = fields.map { "\"\($0.name)\"" }.joined(separator: ", ")
            let count = fields.map { "CAST(\(isThere($0)) AS INTEGER)" }.joined(separator: " + ")
            return ("\(count) > 1", "the fields \(names) differ in case only, and are one column")
        }
        guard table.rescued == nil else { return shared }
        let names = NewColumnNames(table)
        return shared
            + extras.filter { names.name(of: $0) == nil }.map { field in
                (isThere(field), "the field \"\(field.name)\" has the name of a column that reads another field")
            }
    }
}
