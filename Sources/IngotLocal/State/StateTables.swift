import GRDB

/// The tables of a state database, as its file format knows them.
struct StateTables {
    /// A table with its columns.
    struct Table {
        var name: String
        var columns: [String]
    }

    /// Where the database counts numbers that are never given again.
    static let counters = "sqlite_sequence"
    /// What means something to running processes only, what one state alone is to tell others, and what belongs to the
    /// library that keeps the schema.
    private static let unexported: Set<String> = ["lease", "lineage_event", "lineage_run", "grdb_migrations"]

    /// The tables that are exported, in order of their names, the counters last.
    static func all(in connection: Database) throws -> [Table] {
        let names = try String.fetchAll(
            connection,
            sql:
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name"
        )
        return try (names.filter { !unexported.contains($0) } + [counters]).map { name in
            Table(name: name, columns: try connection.columns(in: name).map(\.name))
        }
    }

    /// Whether no table holds anything.
    static func areEmpty(in connection: Database) throws -> Bool {
        try all(in: connection).allSatisfy { table in
            let sql = "SELECT EXISTS (SELECT 1 FROM \(table.name.quotedDatabaseIdentifier))"
            return try table.name == counters || Bool.fetchOne(connection, sql: sql) != true
        }
    }

    /// How a column is exported; `nil` as it is.
    ///
    /// Whoever imports the state is another process, perhaps on another machine, so nobody holds anything there.
    static func expression(for column: String, of table: String) -> String? {
        switch (table, column) {
        case ("object", "state"):
            """
            CASE WHEN state <> 'leased' THEN state
            WHEN NOT is_undone AND EXISTS (
                SELECT 1 FROM object AS other WHERE other.source = object.source AND other.key = object.key
                AND other.state IN ('seen', 'failed') AND NOT other.is_undone
            ) THEN coalesce(published, 'superseded') ELSE 'seen' END
            """
        case ("message", "is_held"): "0"
        case ("object", "lease_token"), ("message", "host"), ("message", "process"), ("message", "process_start"),
            ("execution", "host"), ("execution", "process"), ("execution", "process_start"), ("execution", "wake"),
            ("run", "host"), ("run", "process"), ("run", "process_start"):
            "NULL"
        default: nil
        }
    }
}
