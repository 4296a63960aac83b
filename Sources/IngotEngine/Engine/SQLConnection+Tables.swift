import DuckDB

extension SQLConnection {
    /// Makes a temporary table of given rows; one of that name that was there before is gone.
    ///
    /// - Parameters:
    ///   - name: The table.
    ///   - columns: Its columns, each as in `CREATE TABLE`.
    ///   - rows: A value for each column, of just its type.
    /// - Throws: `DuckDBError`, `CancellationError`.
    func makeTable(_ name: String, _ columns: [String], rows: some Sequence<[Value]>) async throws {
        try await execute("CREATE OR REPLACE TEMP TABLE \(name) (\(columns.joined(separator: ", ")))")
        try await append(to: [name]) { appender in
            for row in rows { try await appender.append(row) }
        }
    }
}
