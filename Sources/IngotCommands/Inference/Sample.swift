import DuckDB

/// The records that types are read off: those of the files, read once.
struct Sample {
    /// How many records are looked at.
    private static let recordsMax = 1_000_000
    /// How many values are looked at, whatever the number of columns.
    private static let valuesMax = 50_000_000

    /// What stands for the records in SQL.
    let relation = "__sample"
    let records: Int64

    init(of source: String, columns: Int, _ connection: DuckDB.Connection) async throws {
        let limit = min(Self.recordsMax, max(1, Self.valuesMax / max(1, columns)))
        try await connection.execute("CREATE OR REPLACE TEMP TABLE \(relation) AS FROM \(source) LIMIT \(limit)")
        records = try await connection.query("SELECT count(*) FROM \(relation)").scalar(as: Int64.self)
    }
}
