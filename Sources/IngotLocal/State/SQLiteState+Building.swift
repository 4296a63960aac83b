import GRDB
public import IngotCore

extension SQLiteState: StateBuilder {
    /// Adds records to a state that nobody else uses yet.
    public func add(_ records: [StateRecord]) async throws {
        guard !records.isEmpty else { return }
        try await database.write { connection in
            for record in records { try Self.add(record, in: connection) }
        }
    }

    private static func add(_ record: StateRecord, in connection: Database) throws {
        switch record {
        case .namespace(let name, let properties):
            try connection.cachedStatement(sql: "INSERT INTO namespace (name, properties) VALUES (?, ?)")
                .execute(arguments: [name, try JSONText.encode(properties)])
        case .table(let namespace, let name, let metadata):
            try connection.cachedStatement(
                sql: "INSERT INTO table_pointer (namespace, name, metadata_location) VALUES (?, ?, ?)"
            ).execute(arguments: [namespace, name, metadata])
        case .object(let entry): try add(entry, in: connection)
        case .look(let source, let key, let look):
            try connection.cachedStatement(
                sql: "INSERT OR REPLACE INTO file (source, key, entity_tag, version) VALUES (?, ?, ?, ?)"
            ).execute(arguments: [source, key, look.entityTag, look.version])
        case .run(let run): try write(run, in: connection)
        }
    }

    private static func add(_ entry: LedgerEntry, in connection: Database) throws {
        let counts = entry.counts
        try connection.cachedStatement(
            sql: """
                INSERT INTO object (source, key, version, state, bronze, size, modified, seen, load_id, run_id, attempts,
                    rows_read, rows_silver, rows_quarantined, rows_skipped, error, published, is_undone, arrival)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            entry.object.source, entry.object.key, entry.object.version, entry.state.rawValue, entry.bronze, entry.size,
            entry.modified, entry.seen, entry.loadID, entry.runID, entry.attempts,
            counts.read, counts.silver, counts.quarantined, counts.skipped, entry.error,
            entry.published?.rawValue, entry.isUndone, entry.arrival,
        ])
        if let cleaning = entry.cleaning {
            try awaitCleaning(of: connection.lastInsertedRowID, due: cleaning.due, in: connection)
        }
    }
}
