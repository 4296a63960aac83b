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
        let values = try partitionValues()
        let result = try await connection.query(
            """
            COPY (SELECT \((columns + values.map { "\($1) AS \($0)" }).joined(separator: ", ")) FROM (\(select)))
            TO \(SQL.literal("\(folder)/\(name)")) (\(Self.partitioned(by: values.map(\.key), fieldIDs)))
            """
        )
        return try StagedFile.files(result, partitionColumns: values.map(\.key))
    }

    /// Writes the rows of a SELECT that break nothing, as it goes over more rows than fit in memory.
    ///
    /// Rows of every kind go through one COPY, the broken ones to files of their own that nobody needs: a condition in
    /// the SELECT would make the engine compute each row twice, and the COPY counts them for nothing.
    ///
    /// - Parameters:
    ///   - select: The rows, with the schema's columns by name and ``Internal/broken``.
    ///   - folder: The staging folder.
    ///   - name: A name for the files, unique in the folder.
    /// - Returns: The files of the sound rows, and how many rows break each condition first.
    /// - Throws: `DuckDBError`.
    func writeSound(
        _ select: String,
        to folder: String,
        name: String
    ) async throws -> (files: [StagedFile], broken: [Int: Int]) {
        let columns = schema.fields.map { SQL.identifier($0.name) }
        let values = try partitionValues()
        let isInteger = spec.fields.first.map { PartitionSQL.isInteger($0.transform) } ?? false
        let marked = MarkedPartitions(values: values, isInteger: isInteger)
        let result = try await connection.query(
            """
            COPY (SELECT \((columns + marked.columns).joined(separator: ", ")) FROM (\(select)))
            TO \(SQL.literal("\(folder)/\(name)")) (
              \(Self.partitioned(by: marked.keys, TableRelation.fieldIDs(schema))), ROW_GROUP_SIZE \(Self.rowGroupSize))
            """
        )
        var files: [StagedFile] = []
        var broken: [Int: Int] = [:]
        for var file in try StagedFile.files(result, partitionColumns: marked.keys) {
            if let condition = marked.condition(of: &file.partition) {
                broken[condition, default: 0] += Int(file.rowCount)
            } else {
                files.append(file)
            }
        }
        return (files, broken)
    }

    /// Rows in a row group where many files are open at once, so that they need little memory.
    private static let rowGroupSize = 20_480

    private func partitionValues() throws -> [(key: String, value: String)] {
        try spec.fields.enumerated().map { ("__partition_\($0)", try PartitionSQL.value($1, in: schema)) }
    }

    private static func partitioned(by keys: [String], _ fieldIDs: String) -> String {
        """
        FORMAT parquet, COMPRESSION zstd, FIELD_IDS \(fieldIDs), RETURN_STATS,
          PARTITION_BY (\(keys.joined(separator: ", "))), HIVE_FILE_PATTERN false,
          FILENAME_PATTERN '{uuid}', OVERWRITE_OR_IGNORE
        """
    }
}
