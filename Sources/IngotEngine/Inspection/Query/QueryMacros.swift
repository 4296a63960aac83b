import DuckDB

/// Functions of Athena's that the query engine has under other names.
enum QueryMacros {
    private static let macros: [String: String] = [
        "approx_distinct": "(x) AS approx_count_distinct(x)",
        "from_iso8601_timestamp": "(x) AS CAST(x AS TIMESTAMP WITH TIME ZONE)",
        "from_iso8601_date": "(x) AS CAST(x AS DATE)",
    ]

    /// Makes those that a statement calls; an ordinary one calls none and pays for none.
    static func install(for functions: Set<String>, on connection: SQLConnection) async throws {
        for name in functions.intersection(macros.keys).sorted() {
            guard let body = macros[name] else { continue }
            try await connection.execute("CREATE OR REPLACE TEMP MACRO \(name)\(body)")
        }
    }

    /// Makes all of them.
    static func installAll(on connection: SQLConnection) async throws {
        try await install(for: Set(macros.keys), on: connection)
    }
}
