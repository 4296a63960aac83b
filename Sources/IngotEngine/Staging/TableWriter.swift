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
    /// - Returns: The files that have rows.
    /// - Throws: `DuckDBError`.
    func write(_ select: String, to folder: String, name: String) async throws -> [StagedFile] {
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
        let keys = spec.fields.indices.map { "__partition_\($0)" }
        let values = try zip(spec.fields, keys).map { "\(try PartitionSQL.value($0, in: schema)) AS \($1)" }
        let result = try await connection.query(
            """
            COPY (SELECT \((columns + values).joined(separator: ", ")) FROM (\(select)))
            TO \(SQL.literal("\(folder)/\(name)")) (
              FORMAT parquet, COMPRESSION zstd, FIELD_IDS \(fieldIDs), RETURN_STATS,
              PARTITION_BY (\(keys.joined(separator: ", "))), HIVE_FILE_PATTERN false,
              FILENAME_PATTERN '{uuid}', OVERWRITE_OR_IGNORE)
            """
        )
        return try StagedFile.files(result, partitionColumns: keys)
    }
}
