import DuckDB
import IngotCore
import IngotProject

/// Tests what a model computed, before it is committed.
struct ModelAudit {
    private static let sampleSize = 3

    let model: Model
    let session: QuerySession
    /// The table of computed rows.
    let result: String

    /// Runs the model's data tests.
    ///
    /// - Parameter others: A SELECT of the rows that stay in the table beside the computed ones.
    /// - Throws: `IngotError` with `dataTestFailed`, for the first test that rows do not pass.
    func run(others: String?) async throws {
        for column in model.columns {
            for test in column.tests {
                let name = SQL.identifier(column.name.value)
                switch test.value {
                case .notNull:
                    try await check("SELECT * FROM \(result) WHERE \(name) IS NULL", "not_null", column, test)
                case .unique:
                    try await check(Self.repeated(name, in: result, others), "unique", column, test)
                case .acceptedValues(let values):
                    let list = values.map(\.sql).joined(separator: ", ")
                    try await check(
                        "SELECT * FROM \(result) WHERE \(name) NOT IN (\(list))",
                        "accepted_values",
                        column,
                        test
                    )
                case .relationships(let table, let field):
                    try await checkRelationship(column, test, table, field)
                }
            }
        }
    }

    private func checkRelationship(
        _ column: Model.Column,
        _ test: Located<Model.Test>,
        _ table: Located<TableName>,
        _ field: Located<String>
    ) async throws {
        guard session.names.kinds[table.value] != nil else {
            throw IngotError(.unknownTable, "there is no table \"\(table)\"", at: table.location)
        }
        // All of it, whatever part of it the model read.
        try await session.show([table.value])
        let name = SQL.identifier(column.name.value)
        let other = SQL.qualified([table.value.namespace, table.value.name])
        do {
            try await check(
                """
                SELECT * FROM \(result) AS r WHERE r.\(name) IS NOT NULL AND NOT EXISTS (
                  SELECT 1 FROM \(other) AS o WHERE o.\(SQL.identifier(field.value)) = r.\(name))
                """,
                "relationships",
                column,
                test
            )
        } catch let error as DuckDBError {
            throw IngotError(.contractBroken, error.message, at: field.location)
        }
    }

    /// The computed rows whose value another row has too, in the result or beside it.
    private static func repeated(_ name: String, in result: String, _ others: String?) -> String {
        let all = "SELECT \(name) AS v FROM \(result)" + (others.map { " UNION ALL SELECT \(name) FROM (\($0))" } ?? "")
        return """
            SELECT * FROM \(result) WHERE \(name) IN (
              SELECT v FROM (\(all)) WHERE v IS NOT NULL GROUP BY v HAVING count(*) > 1)
            """
    }

    private func check(
        _ failing: String,
        _ test: String,
        _ column: Model.Column,
        _ declared: Located<Model.Test>
    ) async throws {
        let name = SQL.identifier(column.name.value)
        let found = try await session.connection.query(
            """
            SELECT count(*) AS n,
              list(DISTINCT CAST(\(name) AS VARCHAR) ORDER BY CAST(\(name) AS VARCHAR))[1:\(Self.sampleSize)] AS sample
            FROM (\(failing))
            """
        )
        let count = try found[0].int("n")
        guard count > 0 else { return }
        let sample = try found[0].get("sample", as: [String?]?.self) ?? []
        let shown = sample.compactMap { $0 }.map { "'\($0)'" }.joined(separator: ", ")
        throw IngotError(
            .dataTestFailed,
            "\(test) of the column \"\(column.name)\" of \(model.table) failed for \(count) "
                + (count == 1 ? "row" : "rows") + (shown.isEmpty ? "" : ", for example \(shown)"),
            at: declared.location
        )
    }
}
