import GRDB
public import IngotCore

extension SQLiteState: TablePointerStore {
    /// The namespaces, each with its properties.
    public func namespaces() async throws -> [String: [String: String]] {
        try await database.read { connection in
            let rows = try Row.fetchAll(connection, sql: "SELECT name, properties FROM namespace")
            return try Dictionary(
                uniqueKeysWithValues: rows.map { row in
                    (row[0] as String, try JSONText.decode([String: String].self, from: row[1]))
                }
            )
        }
    }

    /// Creates a namespace.
    public func createNamespace(_ name: String, properties: [String: String]) async throws -> Bool {
        try await database.write { connection in
            try connection.execute(
                sql: "INSERT OR IGNORE INTO namespace (name, properties) VALUES (?, ?)",
                arguments: [name, try JSONText.encode(properties)]
            )
            return connection.changesCount == 1
        }
    }

    /// Replaces a namespace's properties.
    public func setProperties(_ properties: [String: String], ofNamespace name: String) async throws -> Bool {
        try await database.write { connection in
            try connection.execute(
                sql: "UPDATE namespace SET properties = ? WHERE name = ?",
                arguments: [try JSONText.encode(properties), name]
            )
            return connection.changesCount == 1
        }
    }

    /// Removes an empty namespace.
    public func dropNamespace(_ name: String) async throws -> Bool {
        try await database.write { connection in
            let tables = try Int.fetchOne(
                connection,
                sql: "SELECT count(*) FROM table_pointer WHERE namespace = ?",
                arguments: [name]
            )
            guard tables == 0 else {
                throw IngotError(.namespaceNotEmpty, "the namespace \(name) holds \(tables ?? 0) tables")
            }
            try connection.execute(sql: "DELETE FROM namespace WHERE name = ?", arguments: [name])
            return connection.changesCount == 1
        }
    }

    /// The tables of a namespace, in order of their names.
    public func tables(namespace: String) async throws -> [String] {
        try await database.read { connection in
            try String.fetchAll(
                connection,
                sql: "SELECT name FROM table_pointer WHERE namespace = ? ORDER BY name",
                arguments: [namespace]
            )
        }
    }

    /// The location of a table's current metadata file.
    public func pointer(namespace: String, table: String) async throws -> String? {
        try await database.read { connection in
            try String.fetchOne(
                connection,
                sql: "SELECT metadata_location FROM table_pointer WHERE namespace = ? AND name = ?",
                arguments: [namespace, table]
            )
        }
    }

    /// Swaps several pointers, all or none.
    public func swap(_ swaps: [PointerSwap]) async throws -> Bool {
        do {
            try await database.write { connection in
                try Self.swap(swaps, in: connection)
            }
            return true
        } catch let error as IngotError where error.code == .tableChanged {
            return false
        }
    }

    /// Renames a table.
    public func rename(
        from: (namespace: String, table: String),
        to: (namespace: String, table: String)
    ) async throws -> Bool {
        try await database.write { connection in
            try connection.execute(
                sql: """
                    UPDATE OR IGNORE table_pointer SET namespace = ?, name = ?
                    WHERE namespace = ? AND name = ? AND EXISTS (SELECT 1 FROM namespace WHERE name = ?)
                    """,
                arguments: [to.namespace, to.table, from.namespace, from.table, to.namespace]
            )
            return connection.changesCount == 1
        }
    }

    /// Removes a table's pointer.
    public func drop(namespace: String, table: String) async throws -> String? {
        try await database.write { connection in
            try String.fetchOne(
                connection,
                sql: "DELETE FROM table_pointer WHERE namespace = ? AND name = ? RETURNING metadata_location",
                arguments: [namespace, table]
            )
        }
    }

    static func swap(_ swaps: [PointerSwap], in connection: Database) throws {
        for swap in swaps {
            if let expected = swap.expected {
                try connection.cachedStatement(
                    sql: """
                        UPDATE table_pointer SET metadata_location = ?
                        WHERE namespace = ? AND name = ? AND metadata_location = ?
                        """
                ).execute(arguments: [swap.replacement, swap.namespace, swap.table, expected])
            } else {
                try connection.cachedStatement(
                    sql: """
                        INSERT OR IGNORE INTO table_pointer (namespace, name, metadata_location)
                        SELECT ?, ?, ? WHERE EXISTS (SELECT 1 FROM namespace WHERE name = ?)
                        """
                ).execute(arguments: [swap.namespace, swap.table, swap.replacement, swap.namespace])
            }
            guard connection.changesCount == 1 else {
                throw IngotError(
                    .tableChanged,
                    "the table \(swap.namespace).\(swap.table) changed during the commit",
                    hint: "ingot run",
                    isRetryable: true
                )
            }
        }
    }
}
