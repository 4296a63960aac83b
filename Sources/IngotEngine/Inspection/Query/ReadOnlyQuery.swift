public import DuckDB
import IngotCore

/// Runs SQL that a user types: one statement that reads the project's tables, and nothing else.
///
/// The statement runs in a fenced session of its own, which sees only the tables that it names. Functions that do more
/// than read are refused before anything is planned.
public struct ReadOnlyQuery: Sendable {
    /// What will come, before the first rows.
    public struct Header: Sendable {
        /// The columns of the result.
        public var columns: [DuckDB.Column]
        /// Whether the result is a plan, which is text to be printed as it is.
        public var isPlan: Bool
    }

    /// What `SHOW TABLES` means here: by itself it would look in a schema that no table is in.
    private static let tableNames = "SELECT schema || '.' || name AS name FROM (SHOW ALL TABLES) ORDER BY ALL"

    private let engine: Engine

    /// A query over the tables of an engine's project.
    public init(_ engine: Engine) {
        self.engine = engine
    }

    /// Runs one statement and gives its rows to the body as they come.
    ///
    /// - Parameters:
    ///   - sql: The statement.
    ///   - origin: What errors call the place that the SQL comes from: a file, or `query`.
    ///   - variables: Texts that the SQL reads with `getvariable('name')`, beside those of the environment.
    ///   - start: Takes the columns, once, before any rows.
    ///   - body: Takes the rows.
    /// - Throws: `IngotError` with `invalidSQL`, `notReadOnly` or `unknownTable`, at the place in the SQL; what the
    ///   closures throw; `CancellationError`.
    public func run(
        _ sql: String,
        from origin: String = "query",
        variables: [String: String] = [:],
        start: (Header) async throws -> Void,
        _ body: (Batch) async throws -> Void
    ) async throws {
        let words = sql.lowercased().split { $0.isWhitespace || $0 == ";" }
        let sql = words == ["show", "tables"] ? Self.tableNames : sql
        let session = try await engine.openQuerySession(only: sql)
        do {
            for (name, text) in variables {
                try await session.connection.execute("SET VARIABLE \(SQL.identifier(name)) = \(SQL.literal(text))")
            }
            try await run(sql, SQLExcerpt(sql: sql, origin: origin), session, start, body)
            await session.close()
        } catch {
            await session.close()
            throw error
        }
    }

    private func run(
        _ sql: String,
        _ excerpt: SQLExcerpt,
        _ session: QuerySession,
        _ start: (Header) async throws -> Void,
        _ body: (Batch) async throws -> Void
    ) async throws {
        let connection = session.connection
        do {
            let statement = try await UserStatement(sql, excerpt: excerpt, connection)
            try await QueryTables(session: session, excerpt: excerpt).show(statement)
            let description = try await connection.describe(sql)
            guard description.parameters.isEmpty else {
                throw excerpt.error(.invalidSQL, "the SQL has parameters, for which there are no values")
            }
            try await start(Header(columns: description.columns, isPlan: description.type == .explain))
            try await connection.stream(sql, [], body)
        } catch let error as DuckDBError {
            throw excerpt.error(error)
        }
    }
}
