import GRDB
public import IngotCore

extension SQLiteState: Ledger {
    /// What each file of a source looked like when its version was last determined, by key.
    public func lastLooks(source: String, keys: [String]?) async throws -> [String: LastLook] {
        try await database.read { connection in
            let rows = try Row.fetchCursor(
                connection,
                sql: """
                    SELECT key, entity_tag, version FROM file
                    WHERE source = ? \(keys == nil ? "" : "AND key IN (SELECT value FROM json_each(?))")
                    """,
                arguments: keys.map { [source, try JSONText.array($0)] } ?? [source]
            )
            var looks: [String: LastLook] = [:]
            while let row = try rows.next() {
                looks[row[0]] = LastLook(entityTag: row[1], version: row[2])
            }
            return looks
        }
    }

    /// Records objects that exist.
    public func register(_ arrivals: [Arrival]) async throws {
        try await database.write { connection in
            for arrival in arrivals {
                try Self.register(arrival, in: connection)
            }
        }
    }

    /// Takes waiting objects for a batch.
    public func lease(
        source: String,
        keys: [String]?,
        owner: LeaseOwner,
        loadID: String,
        select: @Sendable ([LedgerEntry]) -> [LedgerEntry]
    ) async throws -> (lease: Lease, entries: [LedgerEntry])? {
        try await withoutActuallyEscaping(select) { select in
            try await database.write { connection in
                let waiting = try Self.entries(
                    in: connection,
                    where: """
                        source = ? AND state IN ('seen', 'failed')
                        \(keys == nil ? "" : "AND key IN (SELECT value FROM json_each(?))")
                        AND NOT EXISTS (
                            SELECT 1 FROM object other
                            WHERE other.source = object.source AND other.key = object.key AND other.state = 'leased'
                        )
                        ORDER BY id
                        """,
                    arguments: keys.map { [source, try JSONText.array($0)] } ?? [source]
                )
                let chosen = select(waiting)
                guard !chosen.isEmpty else { return nil }
                let lease = try Self.insertLease(loadID: loadID, source: source, owner: owner, in: connection)
                let take = try connection.cachedStatement(
                    sql: """
                        UPDATE object SET state = 'leased', load_id = ?, lease_token = ?, attempts = attempts + 1
                        WHERE id = ?
                        """
                )
                for entry in chosen {
                    try take.execute(arguments: [loadID, lease.token, entry.id])
                }
                return (lease, chosen)
            }
        }
    }

    /// Takes over a batch whose holder died, whole and under its own name.
    public func resume(
        source: String,
        owner: LeaseOwner,
        isAlive: @Sendable (LeaseOwner) -> Bool
    ) async throws -> (lease: Lease, entries: [LedgerEntry])? {
        try await withoutActuallyEscaping(isAlive) { isAlive in
            try await database.write { connection in
                let held = try Row.fetchAll(
                    connection,
                    sql: "SELECT load_id, host, process, process_start FROM lease WHERE source = ? ORDER BY token",
                    arguments: [source]
                )
                for row in held {
                    let holder = LeaseOwner(host: row[1], process: row[2], start: row[3])
                    guard !isAlive(holder) else { continue }
                    let loadID: String = row[0]
                    try connection.execute(sql: "DELETE FROM lease WHERE load_id = ?", arguments: [loadID])
                    let entries = try Self.entries(
                        in: connection,
                        where: "load_id = ? AND state = 'leased' ORDER BY id",
                        arguments: [loadID]
                    )
                    guard !entries.isEmpty else { continue }
                    let lease = try Self.insertLease(loadID: loadID, source: source, owner: owner, in: connection)
                    try connection.execute(
                        sql: """
                            UPDATE object SET lease_token = ?, attempts = attempts + 1
                            WHERE load_id = ? AND state = 'leased'
                            """,
                        arguments: [lease.token, loadID]
                    )
                    return (lease, entries)
                }
                return nil
            }
        }
    }

    /// Gives a batch's objects back.
    public func release(_ lease: Lease, outcomes: [BatchCommit.Outcome]) async throws {
        try await database.write { connection in
            try Self.check(lease, in: connection)
            try Self.apply(outcomes, lease: lease, runID: nil, in: connection)
            try connection.execute(sql: "DELETE FROM lease WHERE token = ?", arguments: [lease.token])
        }
    }

    /// Lets objects be loaded again.
    public func reload(_ ids: [Int64]) async throws -> Set<Int64> {
        try await database.write { connection in
            let update = try connection.cachedStatement(
                sql: """
                    UPDATE object SET state = 'seen', is_undone = 0
                    WHERE id = ? AND state NOT IN ('leased', 'superseded') AND NOT EXISTS (
                        SELECT 1 FROM object other
                        WHERE other.source = object.source AND other.key = object.key AND other.id <> object.id
                            AND (other.state = 'leased' OR other.state IN ('seen', 'failed') AND NOT other.is_undone
                                OR object.is_undone AND other.arrival > object.arrival AND NOT other.is_undone)
                    )
                    """
            )
            return try Set(
                ids.filter { id in
                    try update.execute(arguments: [id])
                    return connection.changesCount == 1
                }
            )
        }
    }

    /// Lets an object be taken out.
    public func undo(_ id: Int64) async throws -> Bool {
        try await database.write { connection in
            try connection.execute(
                sql: """
                    UPDATE object SET state = 'seen', is_undone = 1
                    WHERE id = ? AND state NOT IN ('superseded', 'undone') AND NOT EXISTS (
                        SELECT 1 FROM object held
                        WHERE held.source = object.source AND held.key = object.key AND held.state = 'leased'
                    )
                    """,
                arguments: [id]
            )
            return connection.changesCount == 1
        }
    }

    /// The entries that match, newest last.
    public func entries(matching filter: LedgerFilter) async throws -> [LedgerEntry] {
        try await database.read { connection in
            var conditions = ["TRUE"]
            var arguments = StatementArguments()
            if let source = filter.source {
                conditions.append("source = ?")
                arguments += [source]
            }
            if let keys = filter.keys {
                conditions.append("key IN (SELECT value FROM json_each(?))")
                arguments += [try JSONText.array(keys)]
            }
            if let states = filter.states {
                conditions.append("state IN (SELECT value FROM json_each(?))")
                arguments += [try JSONText.array(states.map(\.rawValue))]
            }
            if let loadID = filter.loadID {
                conditions.append("load_id = ?")
                arguments += [loadID]
            }
            if let seen = filter.seen {
                conditions.append("seen >= ? AND seen < ?")
                arguments += [seen.lowerBound, seen.upperBound]
            }
            if filter.isPublished { conditions.append("published IS NOT NULL") }
            var clause = conditions.joined(separator: " AND ")
            if let limit = filter.limit {
                clause = "id IN (SELECT id FROM object WHERE \(clause) ORDER BY id DESC LIMIT \(max(0, limit)))"
            }
            return try Self.entries(in: connection, where: clause + " ORDER BY id", arguments: arguments)
        }
    }

    /// How many objects of a source are in each state; a state that none is in is left out.
    public func counts(source: String) async throws -> [ObjectState: Int] {
        try await database.read { connection in
            let sql = "SELECT state, count(*) AS n FROM object WHERE source = ? GROUP BY state"
            var counts: [ObjectState: Int] = [:]
            for row in try Row.fetchAll(connection, sql: sql, arguments: [source]) {
                let word: String = row["state"]
                counts[try LedgerEntry.state(word)] = row["n"]
            }
            return counts
        }
    }
}

extension SQLiteState {
    private static func register(_ arrival: Arrival, in connection: Database) throws {
        let object = arrival.object
        if let entityTag = arrival.entityTag {
            try connection.cachedStatement(
                sql: "INSERT OR REPLACE INTO file (source, key, entity_tag, version) VALUES (?, ?, ?, ?)"
            ).execute(arguments: [object.source, object.key, entityTag, object.version])
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
        // A version that is undone and stays so supersedes nothing.
        try connection.cachedStatement(
            sql: """
                UPDATE object SET state = coalesce(published, 'superseded')
                WHERE source = ?1 AND key = ?2 AND version <> ?3 AND state IN ('seen', 'failed') AND NOT is_undone
                    AND NOT (SELECT is_undone FROM object WHERE source = ?1 AND key = ?2 AND version = ?3)
                """
        ).execute(arguments: [object.source, object.key, object.version])
    }

    private static func insertLease(
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
        }
    }

    private static func entries(
        in connection: Database,
        where clause: String,
        arguments: StatementArguments
    ) throws -> [LedgerEntry] {
        let rows = try Row.fetchCursor(
            connection,
            sql: """
                SELECT id, source, key, version, state, bronze, size, modified, seen, load_id, run_id,
                    rows_read, rows_silver, rows_quarantined, rows_skipped, attempts, error,
                    published, is_undone, arrival
                FROM object WHERE \(clause)
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
    fileprivate init(_ row: Row) throws {
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
            published: try (row[17] as String?).map(Self.state),
            isUndone: row[18],
            arrival: row[19]
        )
    }

    fileprivate static func state(_ word: String) throws -> ObjectState {
        if let state = ObjectState(rawValue: word) { return state }
        throw IngotError(.stateUnusable, "the ledger holds the unknown state \"\(word)\"")
    }
}
