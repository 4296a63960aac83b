import GRDB
public import IngotCore

extension SQLiteState: LineageStore {
    /// The oldest events.
    public func lineageEvents(limit: Int) async throws -> [LineageEvent] {
        try await database.read { connection in
            try Row.fetchAll(
                connection,
                sql: "SELECT id, event FROM lineage_event ORDER BY id LIMIT ?",
                arguments: [max(0, limit)]
            ).map { LineageEvent(id: $0[0], text: $0[1]) }
        }
    }

    /// Forgets events.
    public func removeLineageEvents(_ ids: [Int64]) async throws {
        guard !ids.isEmpty else { return }
        try await database.write { connection in
            let delete = try connection.cachedStatement(sql: "DELETE FROM lineage_event WHERE id = ?")
            for id in ids { try delete.execute(arguments: [id]) }
        }
    }

    /// Forgets the oldest events beyond a number of them.
    public func trimLineageEvents(to count: Int) async throws -> Int {
        let oldest = "SELECT id FROM lineage_event ORDER BY id DESC LIMIT 1 OFFSET ?"
        let isExceeded = try await database.read { connection in
            try Int64.fetchOne(connection, sql: oldest, arguments: [max(0, count)]) != nil
        }
        guard isExceeded else { return 0 }
        return try await database.write { connection in
            try connection.execute(
                sql: "DELETE FROM lineage_event WHERE id <= (\(oldest))",
                arguments: [max(0, count)]
            )
            return connection.changesCount
        }
    }

    /// The runs that have begun and not ended.
    public func openLineage() async throws -> [LineageStart] {
        try await database.read { connection in
            try Row.fetchAll(
                connection,
                sql: "SELECT run_id, host, process, process_start, event FROM lineage_run ORDER BY run_id"
            ).map { row in
                LineageStart(
                    runID: row[0],
                    owner: LeaseOwner(host: row[1], process: row[2], start: row[3]),
                    text: row[4]
                )
            }
        }
    }

    /// Ends a run with an event, unless it has ended already.
    public func endLineage(of runID: String, with text: String) async throws {
        try await database.write { try Self.endLineage(of: runID, with: text, in: $0) }
    }

    static func beginLineage(_ start: LineageStart, in connection: Database) throws {
        try connection.cachedStatement(
            sql: """
                INSERT INTO lineage_run (run_id, host, process, process_start, event) VALUES (?, ?, ?, ?, ?)
                """
        ).execute(
            arguments: [start.runID, start.owner.host, start.owner.process, start.owner.start, start.text]
        )
        try tell(start.text, in: connection)
    }

    static func endLineage(of runID: String, with text: String, in connection: Database) throws {
        let delete = try connection.cachedStatement(sql: "DELETE FROM lineage_run WHERE run_id = ?")
        try delete.execute(arguments: [runID])
        guard connection.changesCount == 1 else { return }
        try tell(text, in: connection)
    }

    private static func tell(_ text: String, in connection: Database) throws {
        let insert = try connection.cachedStatement(sql: "INSERT INTO lineage_event (event) VALUES (?)")
        try insert.execute(arguments: [text])
    }
}
