import GRDB
import IngotCore

extension SQLiteState {
    static func register(_ arrival: Arrival, in connection: Database) throws {
        let object = arrival.object
        if let entityTag = arrival.entityTag {
            try connection.cachedStatement(
                sql: "INSERT OR REPLACE INTO file (source, key, entity_tag, version) VALUES (?, ?, ?, ?)"
            ).execute(arguments: [object.source, object.key, entityTag, object.version])
        } else {
            try connection.cachedStatement(sql: "DELETE FROM file WHERE source = ? AND key = ? AND version <> ?")
                .execute(arguments: [object.source, object.key, object.version])
        }
        // A version that was superseded and is back waits again; a live, held or waiting one stays as it is.
        try connection.cachedStatement(
            sql: """
                INSERT INTO object (source, key, version, state, bronze, size, modified, seen, arrival)
                VALUES (?1, ?2, ?3, 'seen', ?4, ?5, ?6, ?7,
                    (SELECT coalesce(max(arrival), 0) + 1 FROM object WHERE source = ?1 AND key = ?2))
                ON CONFLICT (source, key, version) DO UPDATE
                SET state = iif(state = 'leased', state, 'seen'), load_id = iif(state = 'leased', load_id, NULL),
                    bronze = excluded.bronze, modified = excluded.modified, seen = excluded.seen, error = NULL,
                    is_undone = 0, arrival = excluded.arrival
                WHERE object.state = 'superseded' OR object.is_undone AND EXISTS (
                    SELECT 1 FROM object other
                    WHERE other.source = object.source AND other.key = object.key AND other.arrival > object.arrival
                )
                """
        ).execute(arguments: [
            object.source, object.key, object.version, arrival.bronze, arrival.size, arrival.modified, arrival.seen,
        ])
        // A live one that is back after others is the last one now.
        try connection.cachedStatement(
            sql: """
                UPDATE object SET arrival = last + 1
                FROM (SELECT max(arrival) AS last FROM object WHERE source = ?1 AND key = ?2)
                WHERE source = ?1 AND key = ?2 AND version = ?3 AND arrival < last
                """
        ).execute(arguments: [object.source, object.key, object.version])
        if let due = arrival.cleaningDue { try awaitCleaning(of: object, due: due, in: connection) }
        // A version that is undone and stays so supersedes nothing.
        try connection.cachedStatement(
            sql: """
                UPDATE object SET state = coalesce(published, 'superseded')
                WHERE source = ?1 AND key = ?2 AND version <> ?3 AND state IN ('seen', 'failed') AND NOT is_undone
                    AND NOT (SELECT is_undone FROM object WHERE source = ?1 AND key = ?2 AND version = ?3)
                """
        ).execute(arguments: [object.source, object.key, object.version])
    }

    static func insertLease(
        loadID: String,
        source: String,
        owner: LeaseOwner,
        in connection: Database
    ) throws -> Lease {
        try connection.execute(
            sql: "INSERT INTO lease (load_id, source, host, process, process_start) VALUES (?, ?, ?, ?, ?)",
            arguments: [loadID, source, owner.host, owner.process, owner.start]
        )
        return Lease(loadID: loadID, owner: owner, token: connection.lastInsertedRowID)
    }

    static func check(_ lease: Lease, in connection: Database) throws {
        let token = try Int64.fetchOne(
            connection,
            sql: "SELECT token FROM lease WHERE load_id = ?",
            arguments: [lease.loadID]
        )
        guard token == lease.token else {
            throw IngotError(
                .leaseLost,
                "the batch \(lease.loadID) was taken over by another process",
                hint: "ingot runs",
                isRetryable: false
            )
        }
    }

    static func apply(
        _ outcomes: [BatchCommit.Outcome],
        lease: Lease,
        runID: String?,
        in connection: Database
    ) throws {
        // What is taken out may have arrived again meanwhile.
        let settle = try connection.cachedStatement(
            sql: """
                UPDATE object
                SET state = iif(?1 = 'undone' AND NOT is_undone, 'seen', ?1), published = nullif(?1, 'undone'),
                    lease_token = NULL, error = ?2, run_id = ?3,
                    rows_read = ?4, rows_silver = ?5, rows_quarantined = ?6, rows_skipped = ?7
                WHERE id = ?8 AND state = 'leased' AND lease_token = ?9
                """
        )
        // What is not committed leaves the rows of an earlier load where they are.
        let putBack = try connection.cachedStatement(
            sql: """
                UPDATE object
                SET state = ?1, lease_token = NULL, error = ?2, run_id = iif(published IS NULL, ?3, run_id),
                    rows_read = iif(published IS NULL, ?4, rows_read),
                    rows_silver = iif(published IS NULL, ?5, rows_silver),
                    rows_quarantined = iif(published IS NULL, ?6, rows_quarantined),
                    rows_skipped = iif(published IS NULL, ?7, rows_skipped)
                WHERE id = ?8 AND state = 'leased' AND lease_token = ?9
                """
        )
        // What waits was recorded after this one was taken, so it is newer.
        let outdate = try connection.cachedStatement(
            sql: """
                UPDATE object SET state = coalesce(published, 'superseded')
                WHERE id = ? AND NOT is_undone AND EXISTS (
                    SELECT 1 FROM object other
                    WHERE other.source = object.source AND other.key = object.key AND other.id <> object.id
                        AND other.state IN ('seen', 'failed') AND NOT other.is_undone
                )
                """
        )
        for outcome in outcomes {
            let counts = outcome.counts
            try (outcome.state.isWaiting ? putBack : settle).execute(arguments: [
                outcome.state.rawValue, outcome.error, runID,
                counts.read, counts.silver, counts.quarantined, counts.skipped,
                outcome.id, lease.token,
            ])
            guard connection.changesCount == 1 else {
                throw IngotError(.leaseLost, "an object of the batch \(lease.loadID) is held by another process")
            }
            if outcome.state.isWaiting { try outdate.execute(arguments: [outcome.id]) }
            if outcome.state == .undone { try dropCleaning(of: outcome.id, in: connection) }
        }
    }

    static func entries(
        in connection: Database,
        where clause: String,
        arguments: StatementArguments
    ) throws -> [LedgerEntry] {
        let rows = try Row.fetchCursor(
            connection,
            sql: """
                SELECT id, source, key, version, state, bronze, size, modified, seen, load_id, run_id,
                    rows_read, rows_silver, rows_quarantined, rows_skipped, attempts, error,
                    published, is_undone, arrival,
                    cleaning_state, due, retry, tries, tried, destination, cleaning_error
                FROM object LEFT JOIN cleaning ON object_id = id WHERE \(clause)
                """,
            arguments: arguments
        )
        var entries: [LedgerEntry] = []
        while let row = try rows.next() {
            entries.append(try LedgerEntry(row))
        }
        return entries
    }
}

extension LedgerEntry {
    init(_ row: Row) throws {
        self.init(
            id: row[0],
            object: ObjectVersion(source: row[1], key: row[2], version: row[3]),
            state: try Self.state(row[4]),
            bronze: row[5],
            size: row[6],
            modified: row[7],
            seen: row[8],
            loadID: row[9],
            runID: row[10],
            counts: RowCounts(read: row[11], silver: row[12], quarantined: row[13], skipped: row[14]),
            attempts: row[15],
            error: row[16],
            cleaning: try Cleaning(row, from: 20),
            published: try (row[17] as String?).map(Self.state),
            isUndone: row[18],
            arrival: row[19]
        )
    }

    static func state(_ word: String) throws -> ObjectState {
        if let state = ObjectState(rawValue: word) { return state }
        throw IngotError(.stateUnusable, "the ledger holds the unknown state \"\(word)\"")
    }
}
