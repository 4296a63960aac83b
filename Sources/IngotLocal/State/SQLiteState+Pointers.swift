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

    /// The properties of a namespace.
    public func properties(ofNamespace name: String) async throws -> [String: String]? {
        try await database.read { try Self.properties(ofNamespace: name, in: $0) }
    }

    /// Creates a namespace.
    public func createNamespace(_ name: String, properties: [String: String]) async throws -> Bool {
        try await database.write { connection in
            if let end = name.lastIndex(of: Self.namespaceSeparator) {
                let parent = String(name[..<end])
                guard try Self.properties(ofNamespace: parent, in: connection) != nil else {
                    throw IngotError(.namespaceMissing, "the namespace around \(Self.shown(name)) does not exist")
                }
            }
            try connection.execute(
                sql: "INSERT OR IGNORE INTO namespace (name, properties) VALUES (?, ?)",
                arguments: [name, try JSONText.encode(properties)]
            )
            return connection.changesCount == 1
        }
    }

    /// Removes and sets properties of a namespace.
    public func updateNamespace(
        _ name: String,
        setting: [String: String],
        removing: Set<String>
    ) async throws -> Bool {
        try await database.write { connection in
            guard var properties = try Self.properties(ofNamespace: name, in: connection) else { return false }
            for key in removing { properties[key] = nil }
            properties.merge(setting) { $1 }
            try connection.execute(
                sql: "UPDATE namespace SET properties = ? WHERE name = ?",
                arguments: [try JSONText.encode(properties), name]
            )
            return true
        }
    }

    /// Removes an empty namespace.
    public func dropNamespace(_ name: String) async throws -> Bool {
        try await database.write { connection in
            let inside = "\(name)\(Self.namespaceSeparator)"
            let holds = try Bool.fetchOne(
                connection,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM table_pointer WHERE namespace = ?)
                        OR EXISTS (SELECT 1 FROM namespace WHERE substr(name, 1, length(?)) = ?)
                    """,
                arguments: [name, inside, inside]
            )
            guard holds != true else {
                throw IngotError(
                    .namespaceNotEmpty,
                    "the namespace \(Self.shown(name)) holds tables or namespaces"
                )
            }
            try connection.execute(sql: "DELETE FROM namespace WHERE name = ?", arguments: [name])
            return connection.changesCount == 1
        }
    }

    /// Names of tables of a namespace, in the order of their bytes.
    public func tables(namespace: String, after name: String?, limit: Int) async throws -> [String] {
        try await database.read { connection in
            try String.fetchAll(
                connection,
                sql: """
                    SELECT name FROM table_pointer WHERE namespace = ? AND name > ? ORDER BY name LIMIT ?
                    """,
                arguments: [namespace, name ?? "", max(0, limit)]
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

    /// The locations of all tables' current metadata files.
    public func pointers() async throws -> [String: [String: String]] {
        try await database.read { connection in
            let rows = try Row.fetchCursor(
                connection,
                sql: "SELECT namespace, name, metadata_location FROM table_pointer"
            )
            var pointers: [String: [String: String]] = [:]
            while let row = try rows.next() { pointers[row[0], default: [:]][row[1]] = row[2] }
            return pointers
        }
    }

    /// Swaps several pointers, all or none.
    public func swap(_ swaps: [PointerSwap], garbage: [Garbage]) async throws -> Bool {
        do {
            try await database.write { connection in
                try Self.swap(swaps, in: connection)
                try Self.collect(garbage, in: connection)
            }
            return true
        } catch let error as IngotError where error.code == .tableChanged {
            return false
        }
    }

    static func swap(_ swaps: [PointerSwap], in connection: Database) throws {
        for swap in swaps {
            try apply(swap, in: connection)
            guard connection.changesCount == 1 else {
                throw IngotError(
                    .tableChanged,
                    "the table \(shown(swap.namespace)).\(swap.table) changed during the commit",
                    hint: "ingot run",
                    isRetryable: true
                )
            }
        }
    }

    private static func apply(_ swap: PointerSwap, in connection: Database) throws {
        switch (swap.expected, swap.replacement) {
        case (let expected?, let replacement?):
            try connection.cachedStatement(
                sql: """
                    UPDATE table_pointer SET metadata_location = ?
                    WHERE namespace = ? AND name = ? AND metadata_location = ?
                    """
            ).execute(arguments: [replacement, swap.namespace, swap.table, expected])
        case (nil, let replacement?):
            try connection.cachedStatement(
                sql: """
                    INSERT OR IGNORE INTO table_pointer (namespace, name, metadata_location)
                    SELECT ?, ?, ? WHERE EXISTS (SELECT 1 FROM namespace WHERE name = ?)
                    """
            ).execute(arguments: [swap.namespace, swap.table, replacement, swap.namespace])
        case (let expected, nil):
            try connection.cachedStatement(
                sql: "DELETE FROM table_pointer WHERE namespace = ? AND name = ? AND metadata_location IS ?"
            ).execute(arguments: [swap.namespace, swap.table, expected])
        }
    }

    private static func properties(
        ofNamespace name: String,
        in connection: Database
    ) throws -> [String: String]? {
        try String.fetchOne(
            connection,
            sql: "SELECT properties FROM namespace WHERE name = ?",
            arguments: [name]
        ).map { try JSONText.decode([String: String].self, from: $0) }
    }

    /// A namespace's name as people write it.
    private static func shown(_ name: String) -> String {
        String(name.map { $0 == namespaceSeparator ? "." : $0 })
    }
}
