import DuckDB

/// The functions of Athena that DuckDB does not have, as macros.
package enum AthenaMacros {
    /// Makes the functions known to a connection.
    package static func install(on connection: SQLConnection) async throws {
        try await connection.execute("CREATE OR REPLACE TEMP MACRO approx_distinct(x) AS approx_count_distinct(x)")
    }
}
