extension Connection {
    /// One statement of a SQL text.
    public struct Statement: Sendable, Hashable {
        /// Its text, without the semicolon.
        public let sql: String
        /// Where in the whole text it starts.
        public let position: DuckDBError.Position
        /// What it does; nil if it cannot be bound yet, because a statement before it makes what it needs.
        public let type: StatementType?
    }

    /// Parses and plans a single statement.
    ///
    /// - Throws: `DuckDBError`, also if the SQL holds several statements or none; or `CancellationError`.
    public func prepare(_ sql: String) async throws -> PreparedStatement {
        let (description, holder) = try await perform { session, _ in
            let statement = try session.prepare(sql)
            return (statement.describe(), StatementHolder(statement))
        }
        return PreparedStatement(description: description, connection: self, holder: holder)
    }

    /// What a single statement does, takes and answers, without running it.
    ///
    /// - Throws: `DuckDBError`, also if the SQL holds several statements or none; or `CancellationError`.
    public func describe(_ sql: String) async throws -> StatementDescription {
        try await perform { session, _ in
            let statement = try session.prepare(sql)
            defer { statement.close() }
            return statement.describe()
        }
    }

    /// The statements of a SQL text.
    ///
    /// - Throws: `DuckDBError` (`parser`) with the place if it is not SQL.
    public func statements(in sql: String) async throws -> [Statement] {
        try await perform { session, _ in
            // Parsed as a whole first, so that an error has its place in the whole.
            _ = try session.countStatements(sql)
            return try StatementSplitter.split(sql).filter { try session.countStatements($0.sql) > 0 }.map { part in
                let type = try? session.type(of: part.sql)
                return Statement(sql: part.sql, position: part.position, type: type)
            }
        }
    }
}
