/// A connection to a database, with a thread of its own on which all its statements run, one after the other.
///
/// Statements of one connection run in the order in which they are asked for. A transaction, and a stream, belongs to
/// the connection: tasks that work at the same time take a connection each. When the task that waits for a statement
/// is cancelled, the statement is interrupted and throws `CancellationError`; the connection goes on working.
///
/// `close()` ends a connection for certain; one that is given up without it ends by itself, when its last statement
/// is done.
public final class Connection: Sendable {
    let session: Session
    let worker: Worker

    init(session: Session, worker: Worker) {
        self.session = session
        self.worker = worker
    }

    deinit {
        worker.stop { [session] in session.close() }
    }

    /// Waits for the statements that are asked for already, and ends the connection and its thread.
    public func close() async {
        await withCheckedContinuation { continuation in
            let isFirst = worker.stop { [session] in
                session.close()
                continuation.resume()
            }
            if !isFirst {
                continuation.resume()
            }
        }
    }

    /// Runs SQL: one statement, or several if there are no parameters.
    ///
    /// - Returns: the number of rows that the last statement changed.
    /// - Throws: `DuckDBError`, or `CancellationError`.
    @discardableResult
    public func execute(_ sql: String, _ parameters: [Value] = []) async throws -> Int {
        try await execute(sql, parameters: .positional(parameters))
    }

    /// Runs a statement with parameters by name (`$name`).
    ///
    /// - Returns: the number of rows that it changed.
    /// - Throws: `DuckDBError`, or `CancellationError`.
    @discardableResult
    public func execute(_ sql: String, named parameters: [String: Value]) async throws -> Int {
        try await execute(sql, parameters: .named(parameters))
    }

    /// Runs SQL and answers all rows of its last statement.
    ///
    /// - Throws: `DuckDBError`, or `CancellationError`.
    public func query(_ sql: String, _ parameters: [Value] = []) async throws -> QueryResult {
        try await query(sql, parameters: .positional(parameters))
    }

    /// Runs a statement with parameters by name (`$name`) and answers all its rows.
    ///
    /// - Throws: `DuckDBError`, or `CancellationError`.
    public func query(_ sql: String, named parameters: [String: Value]) async throws -> QueryResult {
        try await query(sql, parameters: .named(parameters))
    }

    /// Runs SQL and gives the rows of its last statement to the body as they come, about two thousand at a time, so
    /// that a result of any size takes little memory.
    ///
    /// Until the body is done with the last of them, the connection runs nothing else.
    ///
    /// - Throws: `DuckDBError`, `CancellationError`, or what the body throws, which ends the statement.
    public func stream(
        _ sql: String,
        _ parameters: [Value] = [],
        _ body: (Batch) async throws -> Void
    ) async throws {
        let parameters = Parameters.positional(parameters)
        try await perform { try $0.openStream(sql, parameters, ticket: $1) }
        // Not waited for: whatever comes next on this connection comes after it.
        defer { worker.enqueue { [session] in session.closeStream() } }
        while true {
            let batches = try await perform { try $0.nextBatches(Self.batchesAtATime, ticket: $1) }
            if batches.isEmpty {
                return
            }
            for batch in batches {
                try await body(batch)
            }
        }
    }

    /// Stops the running statement, if there is one; it throws a `DuckDBError` that `isInterrupted`.
    public func interrupt() {
        session.interrupt()
    }

    /// How far the running statement is, or nil if none runs or DuckDB cannot tell.
    ///
    /// Any thread may ask.
    public var progress: Progress? {
        session.progress
    }

    private static let batchesAtATime = 8

    private func execute(_ sql: String, parameters: Parameters) async throws -> Int {
        try await perform { session, ticket in
            let result = try session.run(sql, parameters, ticket: ticket)
            defer { result?.close() }
            return result?.rowsChanged ?? 0
        }
    }

    private func query(_ sql: String, parameters: Parameters) async throws -> QueryResult {
        try await perform { session, ticket in
            guard let result = try session.run(sql, parameters, ticket: ticket) else {
                throw DuckDBError(kind: .invalidInput, message: "the SQL holds no statement")
            }
            return try result.collect(ticket)
        }
    }

    /// Does work on the connection's thread and waits for it.
    ///
    /// What must be done in any case is not cancellable.
    func perform<R: Sendable>(
        isCancellable: Bool = true,
        _ work: @escaping @Sendable (Session, Session.Ticket) throws -> R
    ) async throws -> R {
        if isCancellable {
            try Task.checkCancellation()
        }
        let ticket = Session.Ticket()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isAccepted = worker.enqueue { [session] in
                    continuation.resume(with: Result { try session.serve(ticket) { try work($0, ticket) } })
                }
                if !isAccepted {
                    continuation.resume(throwing: DuckDBError(kind: .connection, message: "the connection is closed"))
                }
            }
        } onCancel: {
            if isCancellable {
                session.cancel(ticket)
            }
        }
    }
}

extension NativeResult {
    /// Copies all rows and ends the result.
    func collect(_ ticket: Session.Ticket) throws -> QueryResult {
        defer { close() }
        let rowsChanged = rowsChanged
        var batches: [Batch] = []
        while let batch = try next() {
            try ticket.check()
            batches.append(batch)
        }
        return QueryResult(list: list, batches: batches, rowsChanged: rowsChanged)
    }
}
