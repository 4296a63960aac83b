import GRDB
public import IngotCore

extension SQLiteState: CleaningStore {
    /// Objects whose files wait to be taken away.
    public func cleanings(source: String, due: Int64, retry: Int64, limit: Int) async throws -> [LedgerEntry] {
        try await database.read { connection in
            try Self.entries(
                in: connection,
                where: """
                    cleaning_state = 'waiting' AND retry <= ? AND due <= ?
                    AND source = ? AND state IN ('loaded', 'quarantined')
                    ORDER BY retry, object_id LIMIT ?
                    """,
                arguments: [retry, due, source, max(0, limit)]
            )
        }
    }

    /// Records how cleanings went.
    public func settle(_ cleanings: [Int64: Cleaning]) async throws {
        try await database.write { connection in
            let update = try connection.cachedStatement(
                sql: """
                    UPDATE cleaning
                    SET cleaning_state = ?, due = ?, retry = ?, tries = ?, tried = ?, destination = ?, cleaning_error = ?
                    WHERE object_id = ? AND cleaning_state = 'waiting'
                    """
            )
            for (id, cleaning) in cleanings {
                try update.execute(arguments: [
                    cleaning.state.rawValue, cleaning.due, cleaning.retry, cleaning.attempts, cleaning.tried,
                    cleaning.destination, cleaning.error, id,
                ])
            }
        }
    }

    /// Records that the file of an object whose rows this commit brings is to be taken away.
    ///
    /// Where an earlier load's file was moved to stays known: a replay from bronze brings no file back.
    static func awaitCleaning(of id: Int64, due: Int64, in connection: Database) throws {
        try connection.cachedStatement(
            sql: """
                INSERT INTO cleaning (object_id, cleaning_state, due) VALUES (?, 'waiting', ?)
                ON CONFLICT (object_id) DO UPDATE
                SET cleaning_state = 'waiting', due = excluded.due, retry = 0, tries = 0, tried = NULL,
                    cleaning_error = NULL
                """
        ).execute(arguments: [id, due])
    }

    /// Records that the file of an object that is loaded already came back, and is to be taken away again.
    static func awaitCleaning(of object: ObjectVersion, due: Int64, in connection: Database) throws {
        try connection.cachedStatement(
            sql: """
                INSERT INTO cleaning (object_id, cleaning_state, due)
                SELECT id, 'waiting', ? FROM object
                WHERE source = ? AND key = ? AND version = ? AND state IN ('loaded', 'quarantined')
                ON CONFLICT (object_id) DO UPDATE
                SET cleaning_state = 'waiting', due = excluded.due, retry = 0, tries = 0, tried = NULL,
                    destination = NULL, cleaning_error = NULL
                WHERE cleaning_state <> 'waiting'
                """
        ).execute(arguments: [due, object.source, object.key, object.version])
    }

    /// Forgets the wish to take the file of an object away, whose place another version took.
    static func dropCleaning(of id: Int64, in connection: Database) throws {
        try connection.cachedStatement(
            sql: "DELETE FROM cleaning WHERE object_id = ? AND cleaning_state = 'waiting'"
        ).execute(arguments: [id])
    }
}

extension Cleaning {
    /// What a row holds from a column on; `nil` where the object has no cleaning.
    init?(_ row: Row, from column: Int) throws {
        guard let word: String = row[column] else { return nil }
        guard let state = State(rawValue: word) else {
            throw IngotError(.stateUnusable, "the ledger holds the unknown state \"\(word)\" of a cleaning")
        }
        self.init(
            state: state,
            due: row[column + 1],
            retry: row[column + 2],
            attempts: row[column + 3],
            tried: row[column + 4],
            destination: row[column + 5],
            error: row[column + 6]
        )
    }
}
