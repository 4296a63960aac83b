/// A table that a SQL text reads, as it names it.
public struct TableReference: Sendable, Hashable {
    /// The parts of the name: catalog, schema and table, as many as are written.
    public let parts: [String]
    /// Where in the SQL it stands, if DuckDB tells.
    public let position: DuckDBError.Position?

    /// The name as SQL, each part in quotes where it needs them.
    public var qualifiedName: String {
        parts.map(SQL.identifierIfNeeded).joined(separator: ".")
    }
}

extension Connection {
    /// The tables that SELECT statements read, in the order of their places; each as often as it is named.
    ///
    /// The tables need not exist: only DuckDB's parser looks at the SQL. Names of common table expressions are no
    /// tables where they are in scope; files (`FROM 'x.csv'`) are, table functions are not.
    ///
    /// - Throws: `DuckDBError`: `parser`, with its place, if it is not SQL; `notImplemented` if there is a statement
    ///   other than SELECT.
    public func tableReferences(in sql: String) async throws -> [TableReference] {
        try await perform { session, ticket in
            // Gives an error its place.
            _ = try session.countStatements(sql)
            let tree = try session.run(
                "SELECT json_serialize_sql(?::VARCHAR)",
                .positional([.varchar(sql)]),
                ticket: ticket
            )
            guard let text = try tree?.collect(ticket).scalar(as: String.self) else { return [] }
            return try TableReferenceFinder.references(syntaxTree: text, sql: sql)
        }
    }

    /// The names of the tables that SELECT statements read, each once, sorted.
    ///
    /// - Parameters:
    ///   - sql: the SQL; its tables need not exist.
    ///   - isQualified: whether the names keep their schema and catalog, each part in quotes where it needs them.
    /// - Returns: the names.
    /// - Throws: `DuckDBError`, as `tableReferences(in:)` does.
    public func tableNames(in sql: String, isQualified: Bool) async throws -> [String] {
        let references = try await tableReferences(in: sql)
        return Set(references.map { isQualified ? $0.qualifiedName : $0.parts[$0.parts.count - 1] }).sorted()
    }
}
