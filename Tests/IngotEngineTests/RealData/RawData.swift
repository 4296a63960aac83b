import DuckDB
import IngotCore
import Testing

/// Facts about the real files, found without Ingot: plain SQL over the raw text, on a database of its own.
enum RawData {
    /// The rows of a query, each value as text.
    static func query(_ sql: String) async throws -> [[String]] {
        let database = try await Database()
        let connection = try await database.connect()
        try await connection.execute("SET TimeZone = 'UTC'")
        let result = try await connection.query(sql)
        let rows = result.map { row in row.values.map(\.description) }
        await connection.close()
        await database.close()
        return rows
    }

    /// A relation of a CSV file's fields as they are written.
    static func csv(_ name: String) -> String {
        let path = SQL.literal(SharedData.path(name))
        return "read_csv(\(path), header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"')"
    }
}

extension TestProject {
    /// How many reasons of each rule quarantine holds, by rule and column.
    func rejections(_ table: String) async throws -> [[String]] {
        try await rows(
            table,
            """
            SELECT reason.rule, reason."column", count(*)
            FROM (SELECT unnest(reasons) AS reason FROM t) GROUP BY ALL ORDER BY ALL
            """
        )
    }

    /// A table without what names the load: equal for equal inputs, however they were loaded.
    func lasting(_ table: String) async throws -> [[String]] {
        try await rows(table, "SELECT * EXCLUDE (_load_id, _ingested_at) FROM t ORDER BY ALL")
    }

    /// Sums that two tables share if they hold the same rows equally often; for tables too large to compare in full.
    func fingerprint(_ table: String) async throws -> [[String]] {
        try await rows(
            table,
            "SELECT count(*), sum(hash(r)), bit_xor(hash(r)) FROM (SELECT * EXCLUDE (_load_id, _ingested_at) FROM t) AS r"
        )
    }
}
