extension Connection {
    /// Adds rows to a table: the body gives them to the appender, and what it gave is written when it returns.
    ///
    /// If the body throws, rows that are not flushed yet are dropped; to drop all of them, use a transaction.
    ///
    /// - Parameters:
    ///   - table: the table's name, with its schema and catalog before it where they are not the current ones.
    ///   - columns: the columns that rows have values for; nil for all of the table's.
    ///   - body: what adds the rows.
    /// - Returns: what the body returns.
    /// - Throws: `DuckDBError`, `CancellationError`, or what the body throws.
    public func append<R>(
        to table: [String],
        columns: [String]? = nil,
        _ body: (Appender) async throws -> R
    ) async throws -> R {
        let (holder, types) = try await perform { session, _ in
            let appender = try session.makeAppender(table: table, columns: columns)
            return (AppenderHolder(appender), appender.columnTypes)
        }
        // On the connection's thread, after all that was asked of it; drops what is not flushed.
        defer { worker.enqueue { holder.appender.close() } }
        let appender = Appender(connection: self, holder: holder, columnTypes: types)
        let result = try await body(appender)
        try await appender.flush()
        return result
    }
}
