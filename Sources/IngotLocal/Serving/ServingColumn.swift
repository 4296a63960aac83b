import IngotCore
import IngotEngine
import IngotProject

/// A column of a table of another database.
struct ServingColumn: Sendable {
    /// The name as the table has it.
    var name: String
    /// The type in the database's own words.
    var type: String
}

/// A table of another database as it was found.
struct FoundTable: Sendable {
    /// The columns; none where there is no such table.
    var columns: [ServingColumn]
    /// The columns of each primary key and unique index.
    var keys: [[String]]
    /// What keeps the table, where that is something which knows no transactions.
    var engineWithoutTransactions: String?

    var exists: Bool { !columns.isEmpty }

    /// Whether a column may make something else of a text: one that is not made for texts, or for short ones only.
    ///
    /// A text of a fixed length is padded, and a document or UUID written in another way, which changes none of them.
    func changesText(of column: String) -> Bool {
        let type = columns.first { $0.name == column }?.type.lowercased() ?? ""
        let unchanged = [
            "text", "mediumtext", "longtext", "citext", "json", "jsonb", "uuid", "varchar", "character varying",
        ]
        return !unchanged.contains(type) && !type.hasPrefix("char(") && !type.hasPrefix("character(")
    }

    /// Refuses a table that cannot take the rows of an order.
    ///
    /// - Throws: `IngotError`: `servingTableMissing`, `servingTableUnfit`.
    func check(_ rows: LoadRows, _ order: LoadOrder, connection: String) throws {
        guard exists else {
            throw IngotError(
                .servingTableMissing,
                "there is no table \(order.table) in \(connection)",
                hint: "create: true in the file of the load \(order.load)"
            )
        }
        if let engineWithoutTransactions {
            throw IngotError(
                .servingTableUnfit,
                "the table \(order.table) of \(connection) is kept by \(engineWithoutTransactions), which has no transactions",
                hint: "ALTER TABLE \(order.table) ENGINE=InnoDB"
            )
        }
        let names = columns.map(\.name)
        for column in rows.columns where !names.contains(column.name) {
            throw IngotError(
                .servingTableUnfit,
                "the table \(order.table) of \(connection) has no column \"\(column.name)\"; columns: "
                    + names.joined(separator: ", "),
                hint: NearestMatch.find(column.name, among: names)
                    ?? "name the columns that it has: columns: [...] in the file of the load \(order.load)"
            )
        }
        guard order.disposition == .merge, !keys.contains(where: { Set($0) == Set(order.primaryKey) }) else { return }
        let list = order.primaryKey.joined(separator: ", ")
        throw IngotError(
            .servingTableUnfit,
            "the table \(order.table) of \(connection) has no primary key or unique index of just \(list)",
            hint: "CREATE UNIQUE INDEX ... ON \(order.table) (\(list))"
        )
    }

    /// Orders and rows in the table's spelling of its columns, which may differ in capitals.
    func spelling(_ rows: LoadRows, _ order: LoadOrder) -> (rows: LoadRows, order: LoadOrder) {
        func spelled(_ name: String) -> String {
            if columns.contains(where: { $0.name == name }) { return name }
            return columns.first { $0.name.lowercased() == name.lowercased() }?.name ?? name
        }
        var (rows, order) = (rows, order)
        for index in rows.columns.indices { rows.columns[index].name = spelled(rows.columns[index].name) }
        order.primaryKey = order.primaryKey.map(spelled)
        return (rows, order)
    }
}
