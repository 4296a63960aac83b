import GRDB
public import IngotCore

extension SQLiteState: Ledger {
    /// What files of a source looked like when their version was last determined, by key.
    public func lastLooks(source: String, keys: [String]) async throws -> [String: LastLook] {
        try await database.read { connection in
            let rows = try Row.fetchCursor(
                connection,
                sql: """
                    SELECT key, entity_tag, version FROM file
                    WHERE source = ? AND key IN (SELECT value FROM json_each(?))
                    """,
                arguments: [source, try JSONText.array(keys)]
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
                sql: "UPDATE object SET state = 'seen', is_undone = 0 WHERE id = ?"
            )
            // One that waits now may keep another one from it.
            return try Set(
                ids.filter { id in
                    let versions = try Self.entries(
                        in: connection,
                        where: "(source, key) = (SELECT source, key FROM object WHERE id = ?)",
                        arguments: [id]
                    )
                    guard let entry = versions.first(where: { $0.id == id }),
                        entry.obstacleToReload(among: versions) == nil
                    else { return false }
                    try update.execute(arguments: [id])
                    return true
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
