import DuckDB

/// Runs a body with a connection to a database of its own, and closes both.
func withConnection<R>(
    _ configuration: Database.Configuration = Database.Configuration(),
    _ body: (Connection) async throws -> R
) async throws -> R {
    let database = try await Database(configuration: configuration)
    let connection = try await database.connect()
    do {
        let result = try await body(connection)
        await connection.close()
        await database.close()
        return result
    } catch {
        await connection.close()
        await database.close()
        throw error
    }
}

/// The error that a body throws, or nil if it throws none of DuckDB's.
func duckDBError(_ body: () async throws -> Void) async -> DuckDBError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? DuckDBError
    }
}
