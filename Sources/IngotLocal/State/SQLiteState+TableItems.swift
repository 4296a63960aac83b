import GRDB
public import IngotCore

extension SQLiteState: TableItemStore {
    /// The text of an item.
    public func item(_ key: String, of table: String) async throws -> String? {
        try await database.read { try Self.item(key, of: table, in: $0) }
    }

    /// Changes one item in one transaction.
    public func changeItem(
        _ key: String,
        of table: String,
        _ change: @escaping @Sendable (String?) throws -> String?
    ) async throws {
        try await database.write { connection in
            let old = try Self.item(key, of: table, in: connection)
            let new = try change(old)
            // As bytes: two ways to write one letter are two texts.
            guard new.map({ Array($0.utf8) }) != old.map({ Array($0.utf8) }) else { return }
            guard let new else {
                return try connection.execute(
                    sql: "DELETE FROM table_item WHERE name = ? AND key = ?",
                    arguments: [table, key]
                )
            }
            try connection.execute(
                sql: """
                    INSERT INTO table_item (name, key, item) VALUES (?, ?, ?)
                    ON CONFLICT (name, key) DO UPDATE SET item = excluded.item
                    """,
                arguments: [table, key, new]
            )
        }
    }

    private static func item(_ key: String, of table: String, in connection: Database) throws -> String? {
        try String.fetchOne(
            connection,
            sql: "SELECT item FROM table_item WHERE name = ? AND key = ?",
            arguments: [table, key]
        )
    }
}
