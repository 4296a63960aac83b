extension Connection {
    /// Does something in a transaction: it is committed when the body returns, and rolled back when it throws.
    ///
    /// An error means that nothing was committed: once the body is done, a cancelled task no longer stops the commit.
    ///
    /// - Throws: what the body throws, or a `DuckDBError` of the transaction's own.
    public func withTransaction<R>(_ body: (Connection) async throws -> R) async throws -> R {
        try await execute("BEGIN TRANSACTION")
        do {
            let result = try await body(self)
            try Task.checkCancellation()
            try await finish("COMMIT")
            return result
        } catch {
            // Fails if the commit did, which has ended the transaction; the first error is the one to tell.
            try? await finish("ROLLBACK")
            throw error
        }
    }

    private func finish(_ sql: String) async throws {
        try await perform(isCancellable: false) { session, ticket in
            try session.run(sql, .none, ticket: ticket)?.close()
        }
    }
}
