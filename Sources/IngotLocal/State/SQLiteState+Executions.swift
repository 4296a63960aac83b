import GRDB
public import IngotCore

extension SQLiteState: ExecutionStore {
    /// Records a new execution, with the first entries of its journal.
    public func create(_ start: ExecutionStart) async throws -> StoredExecution {
        try await database.write { connection in
            let known = try Self.executions(
                in: connection,
                where: "workflow = ? AND name = ?",
                [start.workflow, start.name]
            )
            if let known = known.first {
                guard known.status == .running, known.input == start.input else {
                    throw IngotError.executionExists(start)
                }
                return known
            }
            return try Self.insert(start, in: connection)
        }
    }

    /// Adds an execution whose workflow and name no other has.
    static func insert(_ start: ExecutionStart, in connection: Database) throws -> StoredExecution {
        try connection.execute(
            sql: "INSERT OR IGNORE INTO execution_definition (text) VALUES (?)",
            arguments: [start.definition]
        )
        try connection.execute(
            sql: """
                INSERT INTO execution (workflow, name, definition, input, interpreter, seed, parent, status, started)
                SELECT ?, ?, id, ?, ?, ?, ?, 'RUNNING', ? FROM execution_definition WHERE text = ?
                """,
            arguments: [
                start.workflow, start.name, start.input, start.interpreter, Int64(bitPattern: start.seed),
                start.parent, start.started, start.definition,
            ]
        )
        let execution = StoredExecution(id: connection.lastInsertedRowID, start)
        try add(start.journal, to: execution.id, in: connection)
        return execution
    }

    /// One execution by its workflow and name.
    public func execution(workflow: String?, name: String) async throws -> StoredExecution? {
        try await database.read { connection in
            let found = try Self.executions(
                in: connection,
                where: "name = ? AND (? IS NULL OR workflow = ?) LIMIT 2",
                [name, workflow, workflow]
            )
            return found.count == 1 ? found[0] : nil
        }
    }

    /// One execution by its number.
    public func execution(id: Int64) async throws -> StoredExecution? {
        try await database.read { try Self.executions(in: $0, where: "id = ?", [id]).first }
    }

    /// The definition that an execution was started with.
    public func definition(of id: Int64) async throws -> String? {
        try await database.read { connection in
            try String.fetchOne(
                connection,
                sql: """
                    SELECT text FROM execution_definition
                    WHERE id = (SELECT definition FROM execution WHERE id = ?)
                    """,
                arguments: [id]
            )
        }
    }

    /// The executions that match, the newest first.
    public func executions(matching filter: ExecutionFilter) async throws -> [StoredExecution] {
        try await database.read { connection in
            var conditions = ["TRUE"]
            var arguments = StatementArguments()
            if let workflow = filter.workflow {
                conditions.append("workflow = ?")
                arguments += [workflow]
            }
            if let statuses = filter.statuses {
                conditions.append("status IN (SELECT value FROM json_each(?))")
                arguments += [try JSONText.array(statuses.map(\.rawValue))]
            }
            if let parent = filter.parent {
                conditions.append("parent = ?")
                arguments += [parent]
            }
            if let before = filter.before {
                conditions.append("id < ?")
                arguments += [before]
            }
            arguments += [max(0, filter.limit)]
            let condition = "\(conditions.joined(separator: " AND ")) ORDER BY id DESC LIMIT ?"
            return try Self.executions(in: connection, where: condition, arguments)
        }
    }

    /// The journal after an entry, in order.
    public func journal(of id: Int64, after position: Int64, limit: Int) async throws -> [JournalEntry] {
        try await database.read { connection in
            try Row.fetchAll(
                connection,
                sql: """
                    SELECT position, time, input FROM execution_input
                    WHERE execution = ? AND position > ? ORDER BY position LIMIT ?
                    """,
                arguments: [id, position, limit]
            ).map { JournalEntry(position: $0[0], time: $0[1], input: $0[2]) }
        }
    }

    /// The history after an event, in order.
    public func history(of id: Int64, after event: Int, limit: Int) async throws -> [String] {
        try await database.read { connection in
            let rows = try Row.fetchCursor(
                connection,
                sql: "SELECT last - count, events FROM execution_event WHERE execution = ? AND last > ? ORDER BY last",
                arguments: [id, event]
            )
            var events: [String] = []
            while events.count < limit, let row = try rows.next() {
                let before: Int = row[0]
                let text: String = row[1]
                let page = text.split(separator: "\n").dropFirst(max(0, event - before))
                events += page.prefix(limit - events.count).map(String.init)
            }
            return events
        }
    }

    /// The last events of the history, the newest first.
    public func latestHistory(of id: Int64, limit: Int) async throws -> [String] {
        try await database.read { connection in
            let pages = try String.fetchCursor(
                connection,
                sql: "SELECT events FROM execution_event WHERE execution = ? ORDER BY last DESC",
                arguments: [id]
            )
            var events: [String] = []
            while events.count < limit, let page = try pages.next() {
                events += page.split(separator: "\n").reversed().prefix(limit - events.count).map(String.init)
            }
            return events
        }
    }

    /// Leaves a message for whoever drives the execution.
    public func post(_ input: String, to id: Int64) async throws {
        try await database.write { try Self.post(input, to: id, in: $0) }
    }

    /// Leaves a message that answers a task.
    public func answer(_ token: String, with input: String) async throws -> Bool {
        try await database.write { connection in
            let execution = try Int64.fetchOne(
                connection,
                sql: "DELETE FROM execution_token WHERE token = ? RETURNING execution",
                arguments: [token]
            )
            guard let execution else { return false }
            try Self.post(input, to: execution, in: connection)
            return true
        }
    }

    /// The messages that nobody has taken in, in order.
    public func messages(to id: Int64) async throws -> [ExecutionMessage] {
        try await database.read { connection in
            try Row.fetchAll(
                connection,
                sql: "SELECT id, input FROM execution_message WHERE execution = ? ORDER BY id",
                arguments: [id]
            ).map { ExecutionMessage(id: $0[0], input: $0[1]) }
        }
    }

    /// The messages to all executions that nobody has taken in, by execution.
    public func messages(after id: Int64) async throws -> [Int64: [ExecutionMessage]] {
        try await database.read { connection in
            let rows = try Row.fetchAll(
                connection,
                sql: "SELECT execution, id, input FROM execution_message WHERE id > ? ORDER BY id",
                arguments: [id]
            )
            return Dictionary(grouping: rows) { $0[0] as Int64 }
                .mapValues { $0.map { ExecutionMessage(id: $0[1], input: $0[2]) } }
        }
    }

    /// The execution that waits for a token.
    public func execution(waitingFor token: String) async throws -> Int64? {
        try await database.read { connection in
            try Int64.fetchOne(
                connection,
                sql: "SELECT execution FROM execution_token WHERE token = ?",
                arguments: [token]
            )
        }
    }

    /// Forgets the oldest executions that ended before a time.
    public func removeExecutions(endedBefore time: Int64, limit: Int) async throws -> Int {
        try await database.write { connection in
            try connection.execute(
                sql: """
                    DELETE FROM execution WHERE id IN (
                        SELECT id FROM execution AS old
                        WHERE status <> 'RUNNING' AND ended < ?
                            AND NOT EXISTS (
                                SELECT 1 FROM workflow_event
                                WHERE kind = 'execution' AND subject = old.workflow AND reference = CAST(old.id AS TEXT)
                            )
                            AND (parent IS NULL OR id < (
                                SELECT coalesce(min(id), 9223372036854775807) FROM execution WHERE status = 'RUNNING'
                            ))
                        ORDER BY id LIMIT ?
                    )
                    """,
                arguments: [time, max(0, limit)]
            )
            let count = connection.changesCount
            if count > 0 {
                try connection.execute(
                    sql: "DELETE FROM execution_definition WHERE id NOT IN (SELECT definition FROM execution)"
                )
            }
            return count
        }
    }

    static func executions(
        in connection: Database,
        where condition: String,
        _ arguments: StatementArguments
    ) throws -> [StoredExecution] {
        try Row.fetchAll(
            connection,
            sql: """
                SELECT id, workflow, name, input, interpreter, seed, parent, status, started, ended, output, error, cause,
                    event_count, host, process, process_start
                FROM execution WHERE \(condition)
                """,
            arguments: arguments
        ).map(Self.execution)
    }

    private static func execution(_ row: Row) throws -> StoredExecution {
        let start = ExecutionStart(
            workflow: row[1],
            name: row[2],
            input: row[3],
            definition: "",
            interpreter: row[4],
            seed: UInt64(bitPattern: row[5] as Int64),
            started: row[8],
            parent: row[6],
            journal: []
        )
        var execution = StoredExecution(id: row[0], start)
        let word: String = row[7]
        guard let status = ExecutionStatus(rawValue: word) else {
            throw IngotError(.stateUnusable, "an execution has the unknown status \"\(word)\"")
        }
        execution.status = status
        (execution.ended, execution.output, execution.error, execution.cause) = (row[9], row[10], row[11], row[12])
        execution.eventCount = row[13]
        if let host: String = row[14] {
            execution.driver = LeaseOwner(host: host, process: row[15], start: row[16])
        }
        return execution
    }
}
