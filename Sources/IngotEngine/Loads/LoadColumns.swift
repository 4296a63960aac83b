import DuckDB
import IngotCore
import IngotProject

/// The columns that a load brings into its table, and how each comes from its source.
struct LoadColumns {
    /// The columns.
    let columns: [LoadRows.Column]
    /// The SQL of each column over the source, in order, and of the mark of rows that are to be deleted.
    let expressions: [String]

    /// The columns of a source, held against the load's file.
    ///
    /// - Throws: `IngotError` with `loadColumnsUnfit`.
    init(_ load: Load, result: [DuckDB.Column]) throws {
        let chosen = try Self.chosen(load, result)
        for key in load.primaryKey { _ = try Self.find(key, in: chosen, of: load, as: "primary_key") }
        var seen: Set<String> = []
        var (columns, expressions): ([LoadRows.Column], [String]) = ([], [])
        for column in chosen {
            guard seen.insert(column.name.lowercased()).inserted else {
                let message = "the source gives two columns \"\(column.name)\""
                throw Self.unfit(load, message, hint: "give one of them another name with AS")
            }
            guard let type = DataType(column.type) else {
                let message = "the column \"\(column.name)\" is \(column.type), a type that other databases do not have"
                throw Self.unfit(load, message, hint: "query: SELECT ... CAST(... AS VARCHAR)")
            }
            let name = SQL.identifier(column.name)
            // What is made of several values becomes a document.
            columns.append(.init(name: column.name, type: type.isScalar ? type : .json))
            expressions.append("\(type.isScalar ? "CAST(\(name) AS \(type.sql))" : "to_json(\(name))") AS \(name)")
        }
        if let mark = load.hardDelete {
            let column = try Self.find(mark, in: result, of: load, as: "hard_delete")
            let name = SQL.identifier(column.name)
            let condition = column.type == .boolean ? "coalesce(\(name), false)" : "\(name) IS NOT NULL"
            expressions.append("\(condition) AS \(SQL.identifier(LoadRows.deletionMark))")
        }
        (self.columns, self.expressions) = (columns, expressions)
    }

    private static func chosen(_ load: Load, _ result: [DuckDB.Column]) throws -> [DuckDB.Column] {
        if let names = load.columns { return try names.map { try find($0, in: result, of: load, as: "columns") } }
        var system: Set<String> = []
        if case .table(let table) = load.source, table.value.namespace == "silver" { system = SystemColumns.names }
        let mark = load.hardDelete?.value.lowercased()
        return result.filter { $0.name.lowercased() != mark && !system.contains($0.name) }
    }

    private static func find(
        _ name: Located<String>,
        in result: [DuckDB.Column],
        of load: Load,
        as key: String
    ) throws -> DuckDB.Column {
        if let found = result.first(where: { $0.name.lowercased() == name.value.lowercased() }) { return found }
        let names = result.map(\.name)
        throw IngotError(
            .loadColumnsUnfit,
            "\(key): the source of the load \(load.name) has no column \"\(name)\"; columns: "
                + names.joined(separator: ", "),
            at: name.location,
            hint: NearestMatch.find(name.value, among: names)
        )
    }

    private static func unfit(_ load: Load, _ message: String, hint: String) -> IngotError {
        IngotError(.loadColumnsUnfit, message, at: load.name.location, hint: hint)
    }
}

extension QueryText {
    /// The SELECT that a load reads.
    init(_ source: Load.Source) {
        switch source {
        case .table(let table): self.init("FROM \(SQL.qualified([table.value.sqlSchema, table.value.name]))")
        case .query(let text): self.init(text)
        }
    }
}
