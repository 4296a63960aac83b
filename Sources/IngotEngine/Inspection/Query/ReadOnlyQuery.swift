public import DuckDB
import Iceberg
import IngotCore
import IngotProject

/// Runs SQL that a user types: one statement that reads the project's tables, and nothing else.
///
/// The statement runs in a database of its own, which sees only the tables that it names, each as a view over the data
/// files of its current snapshot. Before anything of the user's is planned, files outside the lake, extensions and
/// settings are locked away, and functions that do more than read are refused.
public struct ReadOnlyQuery: Sendable {
    /// What will come, before the first rows.
    public struct Header: Sendable {
        /// The columns of the result.
        public var columns: [DuckDB.Column]
        /// Whether the result is a plan, which is text to be printed as it is.
        public var isPlan: Bool
    }

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
    ///   - start: Takes the columns, once, before any rows.
    ///   - body: Takes the rows.
    /// - Throws: `IngotError` with `invalidSQL`, `notReadOnly` or `unknownTable`, at the place in the SQL; what the
    ///   closures throw; `CancellationError`.
    public func run(
        _ sql: String,
        from origin: String = "query",
        start: (Header) async throws -> Void,
        _ body: (Batch) async throws -> Void
    ) async throws {
        let database = try await engine.queries.openSeparately()
        do {
            let connection = try await database.connect()
            do {
                try await run(sql, SQLExcerpt(sql: sql, origin: origin), connection, start, body)
                await connection.close()
            } catch {
                await connection.close()
                throw error
            }
            await database.close()
        } catch {
            await database.close()
            throw error
        }
    }

    private func run(
        _ sql: String,
        _ excerpt: SQLExcerpt,
        _ connection: SQLConnection,
        _ start: (Header) async throws -> Void,
        _ body: (Batch) async throws -> Void
    ) async throws {
        let views = QueryViews(engine: engine, connection: connection, excerpt: excerpt)
        do {
            let statement = try await UserStatement(sql, excerpt: excerpt, connection)
            try await views.create(for: statement)
            try await QueryFence(directories: [engine.services.storage.root]).close(connection)
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
