import GRDB
public import IngotCore

extension SQLiteState {
    /// How many events lie in one row: enough that a row costs little, few enough that a page is read quickly.
    private static let eventsPerRow = 500

    /// A number that is another one after anybody has committed anything.
    public func changeMark() async throws -> Int64 {
        try await database.changeMark()
    }

    /// The oldest executions that run, that no living process drives and that do not rest.
    public func undrivenExecutions(
        limit: Int,
        excluding excluded: Set<Int64>,
        at moment: Int64,
        isAlive: @Sendable (LeaseOwner) -> Bool
    ) async throws -> [StoredExecution] {
        let drivers = try await database.read { connection in
            try Row.fetchAll(
                connection,
                sql: """
                    SELECT DISTINCT host, process, process_start FROM execution
                    WHERE status = 'RUNNING' AND host IS NOT NULL
                    """
            ).map { LeaseOwner(host: $0[0], process: $0[1], start: $0[2]) }
        }
        let dead: [LeaseOwner?] = [nil] + drivers.filter { !isAlive($0) }
        return try await database.read { connection in
            let found = try dead.flatMap { driver in
                try Self.executions(
                    in: connection,
                    where: """
                        status = 'RUNNING' AND host IS ? AND process IS ? AND process_start IS ?
                        AND (wake IS NULL OR wake <= ?) AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT ?
                        """,
                    [
                        driver?.host, driver?.process, driver?.start, moment,
                        "[\(excluded.map(String.init).joined(separator: ","))]", max(0, limit),
                    ]
                )
            }
            return Array(found.sorted { $0.id < $1.id }.prefix(max(0, limit)))
        }
    }

    /// Takes the right to drive an execution.
    public func leaseExecution(
        _ id: Int64,
        owner: LeaseOwner,
        isAlive: @Sendable (LeaseOwner) -> Bool
    ) async throws -> ExecutionLease? {
        try await withoutActuallyEscaping(isAlive) { isAlive in
            try await database.write { connection in
                guard let execution = try Self.executions(in: connection, where: "id = ?", [id]).first else {
                    return nil
                }
                if let driver = execution.driver, isAlive(driver) { return nil }
                try connection.execute(
                    sql: """
                        UPDATE execution
                        SET lease_token = lease_token + 1, host = ?, process = ?, process_start = ?, wake = NULL
                        WHERE id = ?
                        """,
                    arguments: [owner.host, owner.process, owner.start, id]
                )
                let token = try Int64.fetchOne(
                    connection,
                    sql: "SELECT lease_token FROM execution WHERE id = ?",
                    arguments: [id]
                )
                return token.map { ExecutionLease(execution: id, token: $0) }
            }
        }
    }

    /// Gives the right back; one that was lost already is no error.
    public func release(_ lease: ExecutionLease) async throws {
        try await database.writeInAnyCase { connection in
            try connection.execute(
                sql: """
                    UPDATE execution SET host = NULL, process = NULL, process_start = NULL
                    WHERE id = ? AND lease_token = ?
                    """,
                arguments: [lease.execution, lease.token]
            )
        }
    }

    /// Gives the right back, and lets the execution rest.
    public func rest(_ lease: ExecutionLease, until moment: Int64?) async throws {
        try await database.writeInAnyCase { connection in
            try connection.execute(
                sql: """
                    UPDATE execution SET host = NULL, process = NULL, process_start = NULL, wake = ?1
                    WHERE id = ?2 AND lease_token = ?3
                        AND NOT EXISTS (SELECT 1 FROM execution_message WHERE execution = ?2)
                    """,
                arguments: [moment ?? .max, lease.execution, lease.token]
            )
        }
        // One to which a message came meanwhile does not rest.
        try await release(lease)
    }

    /// Adds to the journal and the history of an execution, and notes how it stands.
    public func append(_ progress: ExecutionProgress, lease: ExecutionLease) async throws {
        try await database.write { connection in
            let id = lease.execution
            let held = try Row.fetchOne(
                connection,
                sql: "SELECT event_count FROM execution WHERE id = ? AND lease_token = ? AND host IS NOT NULL",
                arguments: [id, lease.token]
            )
            guard let held else { throw IngotError.executionLeaseLost(lease) }
            try Self.add(progress.journal, to: id, in: connection)
            try Self.add(progress.events, after: held[0], to: id, in: connection)
            for message in progress.messages {
                try connection.execute(sql: "DELETE FROM execution_message WHERE id = ?", arguments: [message])
            }
            for token in progress.awaited {
                try connection.cachedStatement(
                    sql: "INSERT OR IGNORE INTO execution_token (token, execution) VALUES (?, ?)"
                ).execute(arguments: [token, id])
            }
            for token in progress.settled {
                try connection.cachedStatement(sql: "DELETE FROM execution_token WHERE token = ?")
                    .execute(arguments: [token])
            }
            for (token, input) in progress.childMessages {
                let children = try Int64.fetchAll(
                    connection,
                    sql: "SELECT id FROM execution WHERE parent = ? AND status = 'RUNNING'",
                    arguments: [token]
                )
                for child in children { try Self.post(input, to: child, in: connection) }
            }
            if progress.isRunningAgain {
                try connection.execute(
                    sql: """
                        UPDATE execution SET status = 'RUNNING', ended = NULL, output = NULL, error = NULL, cause = NULL
                        WHERE id = ?
                        """,
                    arguments: [id]
                )
            }
            if let ending = progress.ending { try Self.end(id, ending, in: connection) }
        }
    }

    /// Leaves a message for an execution, which rests no more.
    static func post(_ input: String, to id: Int64, in connection: Database) throws {
        try connection.cachedStatement(sql: "INSERT INTO execution_message (execution, input) VALUES (?, ?)")
            .execute(arguments: [id, input])
        try connection.cachedStatement(sql: "UPDATE execution SET wake = NULL WHERE id = ? AND wake IS NOT NULL")
            .execute(arguments: [id])
    }

    private static func end(_ id: Int64, _ ending: ExecutionProgress.Ending, in connection: Database) throws {
        try connection.execute(
            sql: "UPDATE execution SET status = ?, ended = ?, output = ?, error = ?, cause = ? WHERE id = ?",
            arguments: [ending.status.rawValue, ending.time, ending.output, ending.error, ending.cause, id]
        )
        for table in ["execution_token", "execution_message"] {
            try connection.execute(sql: "DELETE FROM \(table) WHERE execution = ?", arguments: [id])
        }
    }

    static func add(_ journal: [JournalEntry], to id: Int64, in connection: Database) throws {
        let insert = try connection.cachedStatement(
            sql: "INSERT INTO execution_input (execution, position, time, input) VALUES (?, ?, ?, ?)"
        )
        for entry in journal { try insert.execute(arguments: [id, entry.position, entry.time, entry.input]) }
    }

    private static func add(_ events: [String], after count: Int, to id: Int64, in connection: Database) throws {
        guard !events.isEmpty else { return }
        let insert = try connection.cachedStatement(
            sql: "INSERT INTO execution_event (execution, last, count, events) VALUES (?, ?, ?, ?)"
        )
        var last = count
        for start in stride(from: 0, to: events.count, by: eventsPerRow) {
            let page = events[start..<min(start + eventsPerRow, events.count)]
            last += page.count
            try insert.execute(arguments: [id, last, page.count, page.joined(separator: "\n")])
        }
        try connection.execute(sql: "UPDATE execution SET event_count = ? WHERE id = ?", arguments: [last, id])
    }
}
