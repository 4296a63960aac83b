import CDuckDB
import Synchronization

/// The native side of a connection: what its thread works on.
///
/// - Everything but `cancel`, `interrupt` and `progress` is called on the connection's own thread.
/// - Those three come from any thread. They hold the lock, as `close` does, so that the handle cannot end under them.
@safe
final class Session: @unchecked Sendable {  // The handle ends under the lock; all else belongs to one thread.
    /// What a caller waits for; it can be cancelled before, while and after it runs.
    final class Ticket: Sendable {
        private let flag = Atomic(false)

        var isCancelled: Bool { flag.load(ordering: .sequentiallyConsistent) }

        fileprivate func cancel() {
            flag.store(true, ordering: .sequentiallyConsistent)
        }

        func check() throws {
            if isCancelled {
                throw CancellationError()
            }
        }
    }

    /// What the thread works on at the moment.
    private let running = Mutex<Ticket?>(nil)
    /// Owned; nil once it is closed.
    ///
    /// Written under the lock.
    private var handle: duckdb_connection?
    private var stream: NativeResult?

    /// Takes over a connection of DuckDB's.
    init(handle: duckdb_connection) {
        unsafe self.handle = unsafe handle
    }

    deinit { close() }

    func close() {
        stream?.close()
        stream = nil
        // Ended outside the lock: a rollback may take its time, and others ask for progress meanwhile.
        var owned: duckdb_connection?
        running.withLock { _ in unsafe swap(&owned, &handle) }
        unsafe duckdb_disconnect(&owned)
    }

    // MARK: Any thread

    func cancel(_ ticket: Ticket) {
        ticket.cancel()
        running.withLock { running in
            if running === ticket {
                unsafe duckdb_interrupt(handle)
            }
        }
    }

    func interrupt() {
        running.withLock { running in
            if running != nil {
                unsafe duckdb_interrupt(handle)
            }
        }
    }

    var progress: Progress? {
        running.withLock { running in
            guard running != nil, let handle = unsafe handle else { return nil }
            let progress = unsafe duckdb_query_progress(handle)
            guard progress.percentage >= 0 else { return nil }
            return Progress(
                percentage: min(100, progress.percentage),
                rowsProcessed: progress.rows_processed,
                rowsTotal: progress.total_rows_to_process
            )
        }
    }

    // MARK: The connection's thread

    /// Does a ticket's work.
    ///
    /// Whatever fails once the ticket is cancelled counts as cancelled.
    func serve<R>(_ ticket: Ticket, _ work: (Session) throws -> R) throws -> R {
        running.withLock { $0 = ticket }
        defer { running.withLock { $0 = nil } }
        do {
            try ticket.check()
            return try work(self)
        } catch {
            throw ticket.isCancelled ? CancellationError() : error
        }
    }

    func connection() throws -> duckdb_connection {
        guard let handle = unsafe handle else {
            throw DuckDBError(kind: .connection, message: "the connection is closed")
        }
        guard stream == nil else {
            throw DuckDBError(
                kind: .connection,
                message: "a result is being streamed on this connection: use another one meanwhile"
            )
        }
        return unsafe handle
    }

    /// Runs all statements of a SQL text, and answers the result of the last.
    func run(_ sql: String, _ parameters: Parameters, isStreaming: Bool = false, ticket: Ticket) throws -> NativeResult?
    {
        let connection = try unsafe connection()
        let statements = try unsafe ExtractedStatements(sql, on: connection)
        guard parameters.isEmpty || statements.count == 1 else {
            throw DuckDBError(
                kind: .invalidInput,
                message: "parameters go with a single statement, but the SQL holds \(statements.count)"
            )
        }
        var result: NativeResult?
        for index in 0..<statements.count {
            result?.close()
            let statement = try unsafe statements.prepare(index, on: connection)
            defer { statement.close() }
            try statement.bind(parameters)
            let isLast = index == statements.count - 1
            result = try statement.run(isStreaming: isStreaming && isLast, whenReady: { try checkReady(ticket) })
        }
        return result
    }

    /// Ends a statement that is ready to run if it was cancelled meanwhile.
    ///
    /// DuckDB forgets an interrupt that came before, its threads may be at work already, and they do not notice that
    /// the statement is given up: whatever came next on the connection would wait for them.
    private func checkReady(_ ticket: Ticket) throws {
        guard ticket.isCancelled else { return }
        interrupt()
        throw CancellationError()
    }

    /// Prepares the single statement of a SQL text.
    func prepare(_ sql: String) throws -> NativeStatement {
        let connection = try unsafe connection()
        let statements = try unsafe ExtractedStatements(sql, on: connection)
        guard statements.count == 1 else {
            throw DuckDBError(
                kind: .invalidInput,
                message: "a single statement is wanted, but the SQL holds \(statements.count)"
            )
        }
        return try unsafe statements.prepare(0, on: connection)
    }

    /// Runs a prepared statement.
    func run(_ statement: NativeStatement, _ parameters: Parameters, ticket: Ticket) throws -> NativeResult {
        _ = try unsafe connection()
        try statement.bind(parameters)
        return try statement.run(isStreaming: false, whenReady: { try checkReady(ticket) })
    }

    /// How many statements a SQL text holds.
    func countStatements(_ sql: String) throws -> Int {
        try unsafe ExtractedStatements(sql, on: connection()).count
    }

    /// What the single statement of a SQL text does.
    func type(of sql: String) throws -> StatementType {
        let statement = try prepare(sql)
        defer { statement.close() }
        return statement.type
    }

    /// Starts a stream; only its rows can be had from the connection until it ends.
    func openStream(_ sql: String, _ parameters: Parameters, ticket: Ticket) throws {
        stream = try run(sql, parameters, isStreaming: true, ticket: ticket)
    }

    /// The next rows of the stream: several batches at a time, because every one costs a change of threads.
    func nextBatches(_ count: Int, ticket: Ticket) throws -> [Batch] {
        var batches: [Batch] = []
        while batches.count < count, let batch = try stream?.next() {
            try ticket.check()
            batches.append(batch)
        }
        return batches
    }

    func closeStream() {
        stream?.close()
        stream = nil
    }
}
