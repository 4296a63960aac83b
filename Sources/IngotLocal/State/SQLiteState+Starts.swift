import GRDB
public import IngotCore

extension SQLiteState: StartStore {
    /// Makes rules known, and forgets all others.
    public func listen(_ rules: [StartListener]) async throws {
        try await database.write { connection in
            let names = try JSONText.array(rules.map(\.rule))
            try connection.execute(
                sql: "DELETE FROM workflow_start WHERE name NOT IN (SELECT value FROM json_each(?))",
                arguments: [names]
            )
            for rule in rules {
                try connection.execute(
                    sql: """
                        INSERT INTO workflow_start (name, kind, subject, position)
                        VALUES (?1, ?2, ?3, coalesce(?4, (SELECT seq FROM sqlite_sequence WHERE name = 'workflow_event'), 0))
                        ON CONFLICT (name) DO UPDATE
                        SET kind = excluded.kind, subject = excluded.subject, position = excluded.position
                        WHERE kind <> excluded.kind OR subject <> excluded.subject
                        """,
                    arguments: [rule.rule, rule.kind.rawValue, rule.subject, rule.position]
                )
            }
            try Self.forgetHappenings(in: connection)
        }
    }

    /// How far a rule has come.
    public func position(of rule: StartListener) async throws -> Int64? {
        try await database.read { connection in
            try Int64.fetchOne(
                connection,
                sql: "SELECT position FROM workflow_start WHERE name = ? AND kind = ? AND subject = ?",
                arguments: [rule.rule, rule.kind.rawValue, rule.subject]
            )
        }
    }

    /// What a rule listens for and has not heard of, the oldest first.
    public func happenings(for rule: String, limit: Int) async throws -> [Happening] {
        try await database.read { connection in
            let rows = try Row.fetchAll(
                connection,
                sql: """
                    SELECT event.id, event.kind, event.reference FROM workflow_start start
                    JOIN workflow_event event ON event.kind = start.kind AND event.subject = start.subject
                    WHERE start.name = ? AND event.id > start.position ORDER BY event.id LIMIT ?
                    """,
                arguments: [rule, max(0, limit)]
            )
            return try rows.map { row in
                Happening(id: row[0], subject: try Self.subject(row[1], row[2], in: connection) ?? .gone)
            }
        }
    }

    /// Brings a rule forward and records what it starts.
    public func advance(
        _ rule: String,
        from old: Int64,
        to new: Int64,
        starting starts: [ExecutionStart]
    ) async throws -> Bool {
        try await database.write { connection in
            let position = try Int64.fetchOne(
                connection,
                sql: "SELECT position FROM workflow_start WHERE name = ?",
                arguments: [rule]
            )
            guard position == old else { return false }
            for start in starts {
                let known = try Self.executions(
                    in: connection,
                    where: "workflow = ? AND name = ?",
                    [start.workflow, start.name]
                )
                if known.isEmpty { _ = try Self.insert(start, in: connection) }
            }
            try connection.execute(
                sql: "UPDATE workflow_start SET position = ? WHERE name = ?",
                arguments: [new, rule]
            )
            try Self.forgetHappenings(in: connection)
            return true
        }
    }

    private static func subject(
        _ kind: String,
        _ reference: String,
        in connection: Database
    ) throws -> Happening.Subject? {
        switch StartListener.Kind(rawValue: kind) {
        case .object:
            try entries(in: connection, where: "id = ?", arguments: [reference]).first.map { .object($0) }
        case .run: try run(id: reference, in: connection).map { .run($0) }
        case .execution: try executions(in: connection, where: "id = ?", [reference]).first.map { .execution($0) }
        case .time, nil: nil
        }
    }

    /// Deletes what every rule that listens for it has heard of.
    private static func forgetHappenings(in connection: Database) throws {
        try connection.execute(
            sql: """
                DELETE FROM workflow_event WHERE NOT EXISTS (
                    SELECT 1 FROM workflow_start start
                    WHERE start.kind = workflow_event.kind AND start.subject = workflow_event.subject
                        AND start.position < workflow_event.id
                )
                """
        )
    }
}
