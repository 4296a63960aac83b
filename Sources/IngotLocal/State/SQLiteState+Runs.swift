import GRDB
public import IngotCore

extension SQLiteState: RunLog {
    /// Records that a run begins.
    public func begin(_ run: Run, lineage: LineageStart?) async throws {
        try await database.write { connection in
            try Self.write(run, in: connection)
            if let lineage { try Self.beginLineage(lineage, in: connection) }
        }
    }

    /// Records that a run ended without a commit.
    public func fail(_ run: Run, lineage: String?) async throws {
        try await database.write { connection in
            try Self.write(run, in: connection)
            if let lineage { try Self.endLineage(of: run.id, with: lineage, in: connection) }
        }
    }

    /// The newest runs first.
    public func runs(name: String?, limit: Int) async throws -> [Run] {
        try await database.read { connection in
            try Row.fetchAll(
                connection,
                sql: """
                    SELECT \(Self.runColumns) FROM run
                    WHERE ? IS NULL OR name = ? ORDER BY started DESC, id DESC LIMIT ?
                    """,
                arguments: [name, name, limit]
            ).map { try Self.run($0, in: connection) }
        }
    }

    /// All attempts of one batch, the newest first.
    public func runs(loadID: String) async throws -> [Run] {
        try await database.read { connection in
            try Row.fetchAll(
                connection,
                sql: "SELECT \(Self.runColumns) FROM run WHERE load_id = ? ORDER BY started DESC, id DESC",
                arguments: [loadID]
            ).map { try Self.run($0, in: connection) }
        }
    }

    /// One run, by its id or by a beginning of it that names only one.
    public func run(id: String) async throws -> Run? {
        try await database.read { connection in
            let rows = try Row.fetchAll(
                connection,
                sql: "SELECT \(Self.runColumns) FROM run WHERE substr(id, 1, length(?)) = ? LIMIT 2",
                arguments: [id, id]
            )
            guard let row = rows.first(where: { $0[0] == id }) ?? (rows.count == 1 ? rows[0] : nil) else { return nil }
            return try Self.run(row, in: connection)
        }
    }

    /// Forgets runs that ended before a time, with their lineage.
    public func removeRuns(before time: Int64, limit: Int) async throws -> Int {
        try await database.write { connection in
            try connection.execute(
                sql: "DELETE FROM run WHERE id IN (SELECT id FROM run WHERE ended < ? ORDER BY started LIMIT ?)",
                arguments: [time, max(0, limit)]
            )
            return connection.changesCount
        }
    }

    private static let runColumns = """
        id, load_id, kind, name, status, started, ended, inputs,
        rows_read, rows_silver, rows_quarantined, rows_skipped, error, host, process, process_start
        """

    /// One run by its whole id.
    static func run(id: String, in connection: Database) throws -> Run? {
        let sql = "SELECT \(runColumns) FROM run WHERE id = ?"
        return try Row.fetchOne(connection, sql: sql, arguments: [id]).map { try run($0, in: connection) }
    }

    private static func run(_ row: Row, in connection: Database) throws -> Run {
        let edges = try Row.fetchAll(
            connection,
            sql: "SELECT direction, name FROM lineage WHERE run_id = ? ORDER BY direction, position",
            arguments: [row[0] as String]
        )
        return Run(
            id: row[0],
            loadID: row[1],
            kind: Run.Kind(rawValue: row[2]) ?? .ingest,
            name: row[3],
            status: Run.Status(rawValue: row[4]) ?? .failed,
            started: row[5],
            ended: row[6],
            inputs: row[7],
            counts: RowCounts(read: row[8], silver: row[9], quarantined: row[10], skipped: row[11]),
            sources: edges.filter { $0[0] == "in" }.map { $0[1] },
            targets: edges.filter { $0[0] == "out" }.map { $0[1] },
            error: row[12],
            owner: (row[13] as String?).map { LeaseOwner(host: $0, process: row[14], start: row[15]) }
        )
    }

    static func write(_ run: Run, in connection: Database) throws {
        try connection.cachedStatement(
            sql: """
                INSERT INTO run (\(runColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET
                    status = excluded.status, ended = excluded.ended, inputs = excluded.inputs,
                    rows_read = excluded.rows_read, rows_silver = excluded.rows_silver,
                    rows_quarantined = excluded.rows_quarantined, rows_skipped = excluded.rows_skipped,
                    error = excluded.error
                """
        ).execute(arguments: [
            run.id, run.loadID, run.kind.rawValue, run.name, run.status.rawValue, run.started, run.ended, run.inputs,
            run.counts.read, run.counts.silver, run.counts.quarantined, run.counts.skipped, run.error,
            run.owner?.host, run.owner?.process, run.owner?.start,
        ])
        let insert = try connection.cachedStatement(
            sql: "INSERT OR REPLACE INTO lineage (run_id, direction, position, name) VALUES (?, ?, ?, ?)"
        )
        for (position, name) in run.sources.enumerated() {
            try insert.execute(arguments: [run.id, "in", position, name])
        }
        for (position, name) in run.targets.enumerated() {
            try insert.execute(arguments: [run.id, "out", position, name])
        }
    }
}
