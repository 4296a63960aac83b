import DuckDB
import IngotProject

extension BatchReader {
    /// Words of SQL that are functions of the time without parentheses.
    private static let words: Set<String> = [
        "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp",
    ]

    /// Whether the project's SQL answers the same when it is asked again of the same row: rows whose verdict may change are
    /// never judged a second time to be written, for they could be in both tables or in none.
    ///
    /// A word that is the name of such a function, but means something else, costs memory and nothing else.
    func isRepeatable() async throws -> Bool {
        let texts = pipeline.tables.flatMap { table in
            table.rules.map(\.expression.text) + table.columns.compactMap(\.transform?.text)
                + table.columns.compactMap { column in
                    if case .expression(let sql) = column.origin { sql.text } else { nil }
                }
        }
        let found = texts.flatMap { $0.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "_") } }
        let words = Set(found.map(String.init))
        guard !words.isEmpty else { return true }
        guard words.isDisjoint(with: Self.words) else { return false }
        let changing = try await connection.query(
            """
            SELECT 1 FROM duckdb_functions()
            WHERE stability IS DISTINCT FROM 'CONSISTENT' AND function_type IN ('scalar', 'macro')
              AND list_contains($1::VARCHAR[], lower(function_name)) LIMIT 1
            """,
            [Value.list(words.map { .varchar($0) })]
        )
        return changing.count == 0
    }
}
