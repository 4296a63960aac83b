extension Connection {
    /// Runs a statement as `query` does, and tells what each operator of its plan did.
    ///
    /// Counting costs next to nothing, as it is done once for some two thousand rows.
    ///
    /// - Throws: `DuckDBError`, or `CancellationError`.
    public func profiledQuery(
        _ sql: String,
        _ parameters: [Value] = []
    ) async throws -> (result: QueryResult, profile: ProfileNode) {
        try await perform { session, ticket in
            try session.run("PRAGMA enable_profiling = 'no_output'", .none, ticket: ticket)?.close()
            defer { session.disableProfiling() }
            guard let native = try session.run(sql, .positional(parameters), ticket: ticket) else {
                throw DuckDBError(kind: .invalidInput, message: "the SQL holds no statement")
            }
            let result = try native.collect(ticket)
            return (result, try session.readProfile())
        }
    }
}
