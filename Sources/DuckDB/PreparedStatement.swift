/// A statement that is parsed and planned once and can run many times, on the connection that prepared it.
public final class PreparedStatement: Sendable {
    /// What the statement does, takes and answers.
    public let description: StatementDescription
    private let connection: Connection
    private let holder: StatementHolder

    init(description: StatementDescription, connection: Connection, holder: StatementHolder) {
        self.description = description
        self.connection = connection
        self.holder = holder
    }

    deinit {
        // On the connection's thread; if that has ended, the statement did before it.
        connection.worker.enqueue { [holder] in holder.close() }
    }

    /// Runs the statement.
    ///
    /// - Returns: the number of rows that it changed.
    /// - Throws: `DuckDBError`, or `CancellationError`.
    @discardableResult
    public func execute(_ parameters: [Value] = []) async throws -> Int {
        try await query(.positional(parameters)).rowsChanged
    }

    /// Runs the statement with parameters by name.
    ///
    /// - Returns: the number of rows that it changed.
    /// - Throws: `DuckDBError`, or `CancellationError`.
    @discardableResult
    public func execute(named parameters: [String: Value]) async throws -> Int {
        try await query(.named(parameters)).rowsChanged
    }

    /// Runs the statement and answers all rows.
    ///
    /// - Throws: `DuckDBError`, or `CancellationError`.
    public func query(_ parameters: [Value] = []) async throws -> QueryResult {
        try await query(.positional(parameters))
    }

    /// Runs the statement with parameters by name and answers all rows.
    ///
    /// - Throws: `DuckDBError`, or `CancellationError`.
    public func query(named parameters: [String: Value]) async throws -> QueryResult {
        try await query(.named(parameters))
    }

    private func query(_ parameters: Parameters) async throws -> QueryResult {
        try await connection.perform { [holder] session, ticket in
            try session.run(holder.statement, parameters, ticket: ticket).collect(ticket)
        }
    }
}

/// A native statement on its way between a caller and its connection's thread.
final class StatementHolder: @unchecked Sendable {  // Only the connection's thread looks inside.
    let statement: NativeStatement

    init(_ statement: NativeStatement) {
        self.statement = statement
    }

    func close() {
        statement.close()
    }
}
