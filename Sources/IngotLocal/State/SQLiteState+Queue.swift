import GRDB
public import IngotCore

extension SQLiteState: MessageQueue {
    /// Adds messages.
    public func send(_ messages: [OutgoingMessage], to queue: String, now: Int64) async throws -> Int {
        try await database.write { connection in
            var added = 0
            // One that waits already, and that nobody holds, says the same.
            let insert = try connection.cachedStatement(
                sql: """
                    INSERT INTO message (queue, message_group, body, sent, visible)
                    SELECT :queue, :group, :body, :sent, :visible
                    WHERE NOT EXISTS (
                        SELECT 1 FROM message
                        WHERE queue = :queue AND message_group = :group AND body = :body AND is_held = 0
                    )
                    """
            )
            let alike = try connection.cachedStatement(
                sql: "SELECT count(*) FROM message WHERE queue = ? AND message_group = ? AND body = ?"
            )
            for message in messages {
                try insert.execute(
                    arguments: [
                        "queue": queue, "group": message.group, "body": message.body, "sent": now,
                        "visible": now + message.delay,
                    ]
                )
                guard connection.changesCount == 1 else { continue }
                let count = try Int.fetchOne(alike, arguments: [queue, message.group, message.body])
                if count == 1 { added += 1 }
            }
            return added
        }
    }

    /// Receives messages, the oldest first.
    public func receive(
        from queue: String,
        _ request: ReceiveRequest,
        now: Int64
    ) async throws -> [ReceivedMessage] {
        try await database.write { connection in
            try Self.buryUsedUp(in: queue, request, now: now, in: connection)
            let rows = try Row.fetchAll(
                connection,
                sql: """
                    SELECT id, message_group, body, sent, receives + 1, is_held, excused FROM message
                    WHERE queue = ? AND (visible <= ? OR visible > ?)
                      AND NOT EXISTS (
                        SELECT 1 FROM message older
                        WHERE older.queue = message.queue AND older.message_group = message.message_group
                          AND older.id < message.id
                      )
                    ORDER BY id LIMIT ?
                    """,
                arguments: [queue, now, request.latest(now: now), max(0, request.limit)]
            )
            let hold = try connection.cachedStatement(
                sql: """
                    UPDATE message SET is_held = 1, visible = ?, receives = ?, host = ?, process = ?, process_start = ?
                    WHERE id = ?
                    """
            )
            let receiver = request.receiver
            return try rows.map { row in
                let receipt = MessageReceipt(id: row[0], receives: row[4])
                let excused: Int = row[6]
                if row[5] { try Self.record(MessageAttempt.timeoutError, of: receipt.id, now: now, in: connection) }
                try hold.execute(arguments: [
                    now + request.visibility, receipt.receives, receiver.host, receiver.process, receiver.start,
                    receipt.id,
                ])
                return ReceivedMessage(
                    receipt: receipt,
                    group: row[1],
                    body: row[2],
                    sent: row[3],
                    attempt: receipt.receives - excused
                )
            }
        }
    }

    /// Takes messages back from receivers that are gone.
    public func reclaim(
        from queue: String,
        now: Int64,
        isAlive: @Sendable (LeaseOwner) -> Bool
    ) async throws -> Int {
        try await withoutActuallyEscaping(isAlive) { isAlive in
            try await database.write { connection in
                let holders = try Row.fetchAll(
                    connection,
                    sql: "SELECT DISTINCT host, process, process_start FROM message WHERE queue = ? AND is_held = 1",
                    arguments: [queue]
                )
                let gone = holders.map { LeaseOwner(host: $0[0], process: $0[1], start: $0[2]) }.filter { !isAlive($0) }
                return try gone.reduce(0) { try $0 + Self.release(from: $1, in: queue, now: now, in: connection) }
            }
        }
    }

    /// Holds messages longer.
    public func extend(
        _ receipts: [MessageReceipt],
        visibility: Int64,
        now: Int64
    ) async throws -> Set<MessageReceipt> {
        try await database.write { connection in
            let extend = try connection.cachedStatement(
                sql: "UPDATE message SET visible = ? WHERE id = ? AND receives = ? AND is_held = 1"
            )
            var good: Set<MessageReceipt> = []
            for receipt in receipts {
                try extend.execute(arguments: [now + visibility, receipt.id, receipt.receives])
                if connection.changesCount == 1 { good.insert(receipt) }
            }
            return good
        }
    }

    /// Removes messages that were dealt with.
    public func acknowledge(_ receipts: [MessageReceipt]) async throws {
        try await database.write { try Self.acknowledge(receipts, in: $0) }
    }

    static func acknowledge(_ receipts: [MessageReceipt], in connection: Database) throws {
        let delete = try connection.cachedStatement(
            sql: "DELETE FROM message WHERE id = ? AND receives = ? AND is_held = 1"
        )
        let forget = try connection.cachedStatement(sql: "DELETE FROM message_attempt WHERE message = ?")
        for receipt in receipts {
            try delete.execute(arguments: [receipt.id, receipt.receives])
            if connection.changesCount == 1 { try forget.execute(arguments: [receipt.id]) }
        }
    }

    /// Gives messages back that could not be dealt with.
    public func giveBack(_ failures: [MessageFailure], now: Int64) async throws {
        try await database.write { try Self.giveBack(failures, now: now, in: $0) }
    }

    /// How full a queue is.
    public func depth(of queue: String, now: Int64) async throws -> QueueDepth {
        try await database.read { connection in
            let row = try Row.fetchOne(
                connection,
                sql: """
                    SELECT count(*), coalesce(sum(is_held = 1 AND visible > ?), 0), min(sent),
                      (SELECT count(*) FROM dead_letter WHERE queue = ?)
                    FROM message WHERE queue = ?
                    """,
                arguments: [now, queue, queue]
            )
            guard let row else { return QueueDepth() }
            let (all, held): (Int, Int) = (row[0], row[1])
            return QueueDepth(waiting: all - held, held: held, dead: row[3], oldest: row[2])
        }
    }
}

extension SQLiteState {
    private static func buryUsedUp(
        in queue: String,
        _ request: ReceiveRequest,
        now: Int64,
        in connection: Database
    ) throws {
        let usedUp = try Row.fetchAll(
            connection,
            sql: """
                SELECT id, is_held FROM message
                WHERE queue = ? AND receives > 0 AND receives - excused >= ? AND (visible <= ? OR visible > ?)
                """,
            arguments: [queue, max(1, request.receivesMax), now, request.latest(now: now)]
        )
        for row in usedUp {
            if row[1] { try record(MessageAttempt.timeoutError, of: row[0], now: now, in: connection) }
            try bury(row[0], now: now, in: connection)
        }
    }

    static func giveBack(_ failures: [MessageFailure], now: Int64, in connection: Database) throws {
        let release = try connection.cachedStatement(
            sql: """
                UPDATE message SET is_held = 0, visible = ?, excused = excused + ?, version = coalesce(?, version)
                WHERE id = ? AND receives = ? AND is_held = 1
                """
        )
        for failure in failures {
            let receipt = failure.receipt
            let (delay, excused): (Int64, Int) =
                switch failure.fate {
                case .retry(let delay): (delay, 0)
                case .postpone(let delay): (delay, 1)
                case .bury: (0, 0)
                }
            try release.execute(arguments: [now + delay, excused, failure.version, receipt.id, receipt.receives])
            guard connection.changesCount == 1 else { continue }
            try Self.record(failure.error, of: receipt.id, now: now, in: connection)
            if failure.fate == .bury { try Self.bury(receipt.id, now: now, in: connection) }
        }
    }

    /// Takes back what one receiver held, and says how much that was.
    private static func release(
        from holder: LeaseOwner,
        in queue: String,
        now: Int64,
        in connection: Database
    ) throws -> Int {
        let ids = try Int64.fetchAll(
            connection,
            sql: """
                UPDATE message SET is_held = 0, visible = ?
                WHERE queue = ? AND is_held = 1 AND host = ? AND process = ? AND process_start = ? RETURNING id
                """,
            arguments: [now, queue, holder.host, holder.process, holder.start]
        )
        for id in ids { try record(MessageAttempt.goneError, of: id, now: now, in: connection) }
        return ids.count
    }

    private static func bury(_ id: Int64, now: Int64, in connection: Database) throws {
        try connection.execute(
            sql: """
                INSERT INTO dead_letter (id, queue, message_group, body, sent, died, version)
                SELECT id, queue, message_group, body, sent, ?, version FROM message WHERE id = ?
                """,
            arguments: [now, id]
        )
        try connection.execute(sql: "DELETE FROM message WHERE id = ?", arguments: [id])
    }

    private static func record(_ error: String, of message: Int64, now: Int64, in connection: Database) throws {
        try connection.execute(
            sql: "INSERT INTO message_attempt (message, ended, error) VALUES (?, ?, ?)",
            arguments: [message, now, error]
        )
        try connection.execute(
            sql: """
                DELETE FROM message_attempt WHERE message = ? AND id NOT IN (
                    SELECT id FROM message_attempt WHERE message = ? ORDER BY id DESC LIMIT ?
                )
                """,
            arguments: [message, message, DeadLetter.attemptsMax]
        )
    }
}
