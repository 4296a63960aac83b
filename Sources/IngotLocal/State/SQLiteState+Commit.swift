import GRDB
public import IngotCore

extension SQLiteState: CommitStore {
    /// Commits everything of a batch in one transaction.
    public func commit(_ commit: BatchCommit) async throws {
        try await database.write { connection in
            try Self.swap(commit.pointers, in: connection)
            if let lease = commit.lease {
                try Self.check(lease, in: connection)
                try Self.supersede(commit.superseded, runID: commit.run.id, in: connection)
                try Self.restore(commit.restored, lease: lease, runID: commit.run.id, in: connection)
                try Self.recount(commit.recounted, in: connection)
                try Self.apply(commit.outcomes, lease: lease, runID: commit.run.id, in: connection)
                try connection.execute(sql: "DELETE FROM lease WHERE token = ?", arguments: [lease.token])
            }
            for (id, due) in commit.cleanings { try Self.awaitCleaning(of: id, due: due, in: connection) }
            try Self.write(commit.run, in: connection)
            try Self.record(commit.pending, in: connection)
            if let model = commit.model {
                try Self.clear(model.cleared, in: connection)
                try Self.write(model.state, in: connection)
            }
            if let backfill = commit.backfill { try Self.write(backfill, in: connection) }
            try Self.collect(commit.garbage, in: connection)
            try Self.acknowledge(commit.acknowledged, in: connection)
            try Self.forget(commit.voidLetters, in: connection)
            let now = commit.run.ended ?? commit.run.started
            try Self.giveBack(commit.givenBack, now: now, in: connection)
            if let text = commit.lineage { try Self.endLineage(of: commit.run.id, with: text, in: connection) }
        }
    }

    private static func supersede(_ ids: [Int64], runID: String, in connection: Database) throws {
        let update = try connection.cachedStatement(
            sql: """
                UPDATE object SET state = iif(is_undone, 'undone', 'superseded'), published = NULL, run_id = ?
                WHERE id = ? AND state <> 'leased'
                """
        )
        for id in ids {
            try update.execute(arguments: [runID, id])
            try dropCleaning(of: id, in: connection)
        }
    }

    private static func restore(
        _ outcomes: [BatchCommit.Outcome],
        lease: Lease,
        runID: String,
        in connection: Database
    ) throws {
        let update = try connection.cachedStatement(
            sql: """
                UPDATE object
                SET state = ?1, published = ?1, error = ?2, load_id = ?3, run_id = ?4,
                    rows_read = ?5, rows_silver = ?6, rows_quarantined = ?7, rows_skipped = ?8
                WHERE id = ?9 AND state = 'superseded'
                """
        )
        for outcome in outcomes {
            let counts = outcome.counts
            try update.execute(arguments: [
                outcome.state.rawValue, outcome.error, lease.loadID, runID,
                counts.read, counts.silver, counts.quarantined, counts.skipped, outcome.id,
            ])
            // It may have arrived again since.
            guard connection.changesCount == 1 else {
                throw IngotError(.tableChanged, "an object that comes back is not as it was", isRetryable: true)
            }
        }
    }

    private static func recount(_ outcomes: [BatchCommit.Outcome], in connection: Database) throws {
        let update = try connection.cachedStatement(
            sql: "UPDATE object SET rows_silver = ?, rows_quarantined = ? WHERE id = ? AND published IS NOT NULL"
        )
        for outcome in outcomes {
            let counts = outcome.counts
            try update.execute(arguments: [counts.silver, counts.quarantined, outcome.id])
            // The table's pointer says that nothing changed since these were read, so the object is as it was.
            guard connection.changesCount == 1 else {
                throw IngotError(.tableChanged, "an object whose rows move is not as it was", isRetryable: true)
            }
        }
    }

    static func collect(_ garbage: [Garbage], in connection: Database) throws {
        let insert = try connection.cachedStatement(
            sql: "INSERT OR IGNORE INTO garbage (location, after) VALUES (?, ?)"
        )
        for file in garbage {
            try insert.execute(arguments: [file.location, file.after])
        }
    }
}

extension SQLiteState: GarbageStore {
    /// Files whose time has come.
    public func garbage(before now: Int64, limit: Int) async throws -> [Garbage] {
        try await database.read { connection in
            try Row.fetchAll(
                connection,
                sql: "SELECT location, after FROM garbage WHERE after <= ? ORDER BY after LIMIT ?",
                arguments: [now, limit]
            ).map { Garbage(location: $0[0], after: $0[1]) }
        }
    }

    /// Forgets files that are deleted.
    public func forget(_ garbage: [Garbage]) async throws {
        try await database.write { connection in
            let delete = try connection.cachedStatement(sql: "DELETE FROM garbage WHERE location = ?")
            for file in garbage {
                try delete.execute(arguments: [file.location])
            }
        }
    }
}
