import DuckDB
import Iceberg
import IngotCore

/// Writes rows as data files of a table, one COPY for all of them.
struct TableWriter {
    let connection: SQLConnection
    let schema: Schema
    let spec: PartitionSpec

    /// Writes what a SELECT gives, which has the schema's columns by name.
    ///
    /// - Parameters:
    ///   - select: The rows.
    ///   - folder: The staging folder.
    ///   - name: A name for the files, unique in the folder.
    ///   - isLarge: Whether there may be more rows than fit in memory.
    /// - Returns: The files that have rows.
    /// - Throws: `DuckDBError`.
    func write(
        _ select: String,
        to folder: String,
        name: String,
        isLarge: Bool = false
    ) async throws -> [StagedFile] {
        let columns = schema.fields.map { SQL.identifier($0.name) }
        let fieldIDs = TableRelation.fieldIDs(schema)
        guard !spec.isUnpartitioned else {
            let path = "\(folder)/\(name).parquet"
            let result = try await connection.query(
                """
                COPY (SELECT \(columns.joined(separator: ", ")) FROM (\(select)))
                TO \(SQL.literal(path)) (FORMAT parquet, COMPRESSION zstd, FIELD_IDS \(fieldIDs), RETURN_STATS)
                """
            )
            return try StagedFile.files(result, partitionColumns: [])
        }
        let values = try partitionValues()
        let result = try await connection.query(
            """
            COPY (SELECT \((columns + values.map { "\($1) AS \($0)" }).joined(separator: ", ")) FROM (\(select)))
            TO \(SQL.literal("\(folder)/\(name)")) (
              FORMAT parquet, COMPRESSION zstd, FIELD_IDS \(fieldIDs), RETURN_STATS,
              PARTITION_BY (\(values.map(\.key).joined(separator: ", "))), HIVE_FILE_PATTERN false,
              FILENAME_PATTERN '{uuid}', OVERWRITE_OR_IGNORE\(isLarge ? ", ROW_GROUP_SIZE \(Self.rowGroupSize)" : ""))
            """
        )
        return try StagedFile.files(result, partitionColumns: values.map(\.key))
    }

    /// Rows in a row group where many files are open at once, so that they need little memory.
    private static let rowGroupSize = 20_480

    private func partitionValues() throws -> [(key: String, value: String)] {
        try spec.fields.enumerated().map { ("__partition_\($0)", try PartitionSQL.value($1, in: schema)) }
    }
}
