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
                guard let state = ObjectState(rawValue: word) else {
                    throw IngotError(.stateUnusable, "the ledger holds the unknown state \"\(word)\"")
                }
                counts[state] = row["n"]
            }
            return counts
        }
    }
}

extension SQLiteState {
    static func register(_ arrival: Arrival, in connection: Database) throws {
        let object = arrival.object
        if let entityTag = arrival.entityTag {
            try connection.cachedStatement(
                sql: "INSERT OR REPLACE INTO file (source, key, entity_tag, version) VALUES (?, ?, ?, ?)"
            ).execute(arguments: [object.source, object.key, entityTag, object.version])
        }
        // A version that was superseded and is back waits again; a live, held or waiting one stays as it is.
        try connection.cachedStatement(
            sql: """
                INSERT INTO object (source, key, version, state, bronze, size, modified, seen)
                VALUES (?, ?, ?, 'seen', ?, ?, ?, ?)
                ON CONFLICT (source, key, version) DO UPDATE
                SET state = 'seen', bronze = excluded.bronze, modified = excluded.modified, seen = excluded.seen,
                    error = NULL, load_id = NULL
                WHERE object.state = 'superseded'
                """
        ).execute(arguments: [
            object.source, object.key, object.version, arrival.bronze, arrival.size, arrival.modified, arrival.seen,
        ])
        if let due = arrival.cleaningDue { try awaitCleaning(of: object, due: due, in: connection) }
        try connection.cachedStatement(
            sql: """
                UPDATE object SET state = 'superseded'
                WHERE source = ? AND key = ? AND version <> ? AND state IN ('seen', 'failed')
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
        let update = try connection.cachedStatement(
            sql: """
                UPDATE object
                SET state = ?, run_id = ?, lease_token = NULL, error = ?,
                    rows_read = ?, rows_silver = ?, rows_quarantined = ?, rows_skipped = ?
                WHERE id = ? AND state = 'leased' AND lease_token = ?
                """
        )
        // What waits was recorded after this one was taken, so it is newer.
        let outdate = try connection.cachedStatement(
            sql: """
                UPDATE object SET state = 'superseded'
                WHERE id = ? AND EXISTS (
                    SELECT 1 FROM object other
                    WHERE other.source = object.source AND other.key = object.key AND other.id <> object.id
                        AND other.state IN ('seen', 'failed')
                )
                """
        )
        for outcome in outcomes {
            let counts = outcome.counts
            try update.execute(arguments: [
                outcome.state.rawValue, runID, outcome.error,
                counts.read, counts.silver, counts.quarantined, counts.skipped,
                outcome.id, lease.token,
            ])
            guard connection.changesCount == 1 else {
                throw IngotError(.leaseLost, "an object of the batch \(lease.loadID) is held by another process")
            }
            if outcome.state.isWaiting { try outdate.execute(arguments: [outcome.id]) }
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
    fileprivate init(_ row: Row) throws {
        guard let state = ObjectState(rawValue: row[4]) else {
            throw IngotError(.stateUnusable, "the ledger holds the unknown state \"\(row[4] as String)\"")
        }
        self.init(
            id: row[0],
            object: ObjectVersion(source: row[1], key: row[2], version: row[3]),
            state: state,
            bronze: row[5],
            size: row[6],
            modified: row[7],
            seen: row[8],
            loadID: row[9],
            runID: row[10],
            counts: RowCounts(read: row[11], silver: row[12], quarantined: row[13], skipped: row[14]),
            attempts: row[15],
            error: row[16],
            cleaning: try Cleaning(row, from: 17)
        )
    }
}
