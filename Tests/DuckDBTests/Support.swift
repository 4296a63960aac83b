import DuckDB
import Foundation

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

/// How many threads this process has, where the system tells.
func threadCount() -> Int? {
    try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
}

/// Lends a folder that is gone after the body.
func withTemporaryDirectory<R>(_ body: (String) async throws -> R) async throws -> R {
    let folder = FileManager.default.temporaryDirectory.appending(path: "duckdb-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path(percentEncoded: false))
}
