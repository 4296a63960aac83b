import DuckDB
import IngotCore
import IngotProject

extension Check.Completeness {
    /// Makes sure that the column of the key can hold expected keys that are listed.
    ///
    /// - Throws: `IngotError` with `invalidValue` at the first one that it cannot hold as it is.
    func checkValues(
        _ values: [Literal],
        of column: String,
        _ type: LogicalType,
        _ connection: SQLConnection
    ) async throws {
        let rows = values.map { "(\(SQL.literal($0.text)))" }.joined(separator: ", ")
        let cast = ExpectedKeyCast(from: .varchar, to: type)
        let relation = "(VALUES \(rows)) AS listed(k0)"
        guard let lost = try await cast.firstLost("k0", of: relation, connection) else { return }
        let value = values.first { $0.text == lost } ?? values[0]
        throw IngotError(.invalidValue, cast.message(lost, column), at: value.location)
    }

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
