import GRDB
public import IngotCore

extension SQLiteState {
    /// Dead letters, the oldest first.
    public func deadLetters(of queue: String, after id: Int64?, limit: Int) async throws -> [DeadLetter] {
        try await database.read { connection in
            try Row.fetchAll(
                connection,
                sql: """
                    SELECT id, message_group, body, sent, died, version FROM dead_letter
                    WHERE queue = ? AND id > ? ORDER BY id LIMIT ?
                    """,
                arguments: [queue, id ?? .min, max(0, limit)]
            ).map { row in
                DeadLetter(
                    id: row[0],
                    group: row[1],
                    body: row[2],
                    sent: row[3],
                    died: row[4],
                    attempts: try Self.attempts(of: row[0], in: connection),
                    version: row[5]
                )
            }
        }
    }

    /// How the last dead letter of each group died, of those that say the body.
    public func lastDeaths(in queue: String, groups: [String]?, saying body: String) async throws -> [String: Death] {
        let wanted = try groups.map { try JSONText.encode($0) }
        return try await database.read { connection in
            let rows = try Row.fetchAll(
                connection,
                // SQLite takes the version of the row that has the greatest time.
                sql: """
                    SELECT message_group, max(died), version FROM dead_letter
                    WHERE queue = :queue AND body = :body
                      AND (:wanted IS NULL OR message_group IN (SELECT value FROM json_each(:wanted)))
                    GROUP BY 1
                    """,
                arguments: ["queue": queue, "body": body, "wanted": wanted]
            )
            return Dictionary(rows.map { ($0[0], Death(time: $0[1], version: $0[2])) }) { $1 }
        }
    }

    /// Makes dead letters wait again.
    public func redrive(_ ids: [Int64], of queue: String, now: Int64) async throws -> Int {
        try await database.write { connection in
            var count = 0
            for id in ids {
                try connection.execute(
                    sql: """
                        INSERT INTO message (queue, message_group, body, sent, visible)
                        SELECT queue, message_group, body, ?, ? FROM dead_letter WHERE id = ? AND queue = ?
                        """,
                    arguments: [now, now, id, queue]
                )
                guard connection.changesCount == 1 else { continue }
                try connection.execute(
                    sql: "UPDATE message_attempt SET message = ? WHERE message = ?",
                    arguments: [connection.lastInsertedRowID, id]
                )
                try connection.execute(sql: "DELETE FROM dead_letter WHERE id = ?", arguments: [id])
                count += 1
            }
            return count
        }
    }

    /// Forgets dead letters that died before a time.
    public func removeDeadLetters(of queue: String, before time: Int64) async throws -> Int {
        try await database.write { connection in
            try connection.execute(
                sql: """
                    DELETE FROM message_attempt
                    WHERE message IN (SELECT id FROM dead_letter WHERE queue = ? AND died < ?)
                    """,
                arguments: [queue, time]
            )
            try connection.execute(
                sql: "DELETE FROM dead_letter WHERE queue = ? AND died < ?",
                arguments: [queue, time]
            )
            return connection.changesCount
        }
    }

    static func forget(_ letters: [VoidLetters], in connection: Database) throws {
        for item in letters where !item.groups.isEmpty {
            let own = """
                SELECT id FROM dead_letter
                WHERE queue = ? AND body = ? AND message_group IN (SELECT value FROM json_each(?))
                """
            let arguments: StatementArguments = [item.queue, item.body, try JSONText.encode(item.groups)]
            try connection.execute(sql: "DELETE FROM message_attempt WHERE message IN (\(own))", arguments: arguments)
            try connection.execute(sql: "DELETE FROM dead_letter WHERE id IN (\(own))", arguments: arguments)
        }
    }

    private static func attempts(of message: Int64, in connection: Database) throws -> [MessageAttempt] {
        try Row.fetchAll(
            connection,
            sql: "SELECT ended, error FROM message_attempt WHERE message = ? ORDER BY id",
            arguments: [message]
        ).map { MessageAttempt(ended: $0[0], error: $0[1]) }
    }
}
