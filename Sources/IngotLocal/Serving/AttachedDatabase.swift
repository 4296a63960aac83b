import DuckDB
import IngotCore
import IngotEngine

/// A database that the query engine attaches as `serving`: what is different from one kind to the other.
///
/// All calls but ``attach(_:readOnly:)`` come on a connection on which it is attached.
protocol AttachedDatabase: Sendable {
    /// What SQL its tables understand.
    var dialect: ServingDialect { get }

    /// The schemas, and the database where it has to be named, before the names of tables beside a table.
    func prefix(of order: LoadOrder) -> [String]

    /// Whether there is anything to attach: a file is not made only to be looked at.
    var exists: Bool { get }

    /// Attaches the database.
    func attach(_ connection: SQLConnection, readOnly: Bool) async throws

    /// Runs a statement of the database's own, in the transaction if there is one.
    func execute(_ sql: String, _ connection: SQLConnection) async throws

    /// A table as it is; outside of a transaction where ``preparesOutside``.
    func find(_ table: String, _ statements: LoadStatements, _ connection: SQLConnection) async throws -> FoundTable

    /// Whether tables are made before the transaction, because the database ends it when one is made.
    var preparesOutside: Bool { get }

    /// Sees to it that nobody else loads the same until the transaction ends; there is a table of records then.
    func lock(_ statements: LoadStatements, _ connection: SQLConnection) async throws

    /// The record of the last load, if there is one; in the transaction if there is one.
    func record(_ statements: LoadStatements, _ connection: SQLConnection) async throws -> LoadRecord?

    /// Makes a table for the rows, and names it for the database and for the query engine.
    func makeStage(
        _ statements: LoadStatements,
        _ found: FoundTable,
        _ connection: SQLConnection
    ) async throws -> ServingStage

    /// Ends the use of a stage, in the transaction.
    func clear(_ stage: ServingStage, _ connection: SQLConnection) async throws
}

/// A table that holds the rows of a load while it is under way.
struct ServingStage: Sendable {
    /// Its name in the database's own SQL.
    var native: String
    /// Its name for the query engine.
    var attached: String
    /// What gives its columns the table's types where the query engine writes others, once the rows are verified.
    var settling: [String] = []
}

extension LoadRecord {
    /// A record of a row with the columns of ``LoadStatements/recordColumns``.
    init?(_ row: Row?) throws {
        guard let row else { return nil }
        self.init(
            loadID: try row.string("load_id"),
            version: try row.string("source_version"),
            definition: try row.string("definition"),
            rows: try row.int("rows_loaded"),
            deletions: try row.int("rows_deleted")
        )
    }
}
