import DuckDB
import IngotEngine
import IngotProject

/// Reads the rows of a load with the query engine.
struct LoadRowReader: Sendable {
    let configuration: Database.Configuration

    /// Reads rows, and gives them on as they come.
    ///
    /// - Parameters:
    ///   - rows: The rows.
    ///   - body: Takes some of them: the values of the columns, and then whether the row is to be deleted, where rows say so.
    /// - Throws: `DuckDBError`, `CancellationError`, what the body throws.
    func read(_ rows: LoadRows, _ body: ([[Value]]) async throws -> Void) async throws {
        let marks = rows.marksDeletions ? [LoadRows.deletionMark] : []
        let names = (rows.columns.map(\.name) + marks).map(SQL.identifier).joined(separator: ", ")
        let database = try await Database(configuration: configuration)
        do {
            let connection = try await database.connect()
            do {
                try await connection.execute("SET TimeZone = 'UTC'")
                try await connection.stream("SELECT \(names) FROM read_parquet(\(SQL.literal(rows.path)))") { batch in
                    try await body(batch.map(\.values))
                }
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
}
