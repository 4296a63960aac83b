import DuckDB
import IngotCore
import IngotProject

extension Check.Completeness {
    /// Makes sure that a query of expected keys gives a column for each column of the key.
    ///
    /// - Throws: `IngotError` with `invalidSQL` at the query, `DuckDBError` where it cannot be compiled.
    func checkColumns(of query: QueryText, _ connection: SQLConnection) async throws {
        let given = try await connection.describe(query.text).columns.count
        guard given != key.count else { return }
        throw query.error(
            .invalidSQL,
            "the expected keys have \(CheckText.count(Int64(given), "column")), and the key has \(key.count): "
                + key.map(\.value).joined(separator: ", "),
            at: nil,
            hint: nil
        )
    }
}
