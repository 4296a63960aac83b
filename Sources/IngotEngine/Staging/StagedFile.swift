import DuckDB
import Iceberg
import IngotCore

/// A data file that was written and is not part of a table yet.
struct StagedFile: Sendable {
    /// Where it was staged.
    var path: String
    var rowCount: Int64
    var size: Int64
    /// What `COPY ... RETURN_STATS` says of each column.
    var statistics: [String: [String: String]]
    /// The text of each partition value, in the order of the spec's fields.
    var partition: [String?]

    /// The files that a COPY with `RETURN_STATS` answers with; those without rows are left out.
    static func files(_ result: QueryResult, partitionColumns: [String]) throws -> [StagedFile] {
        try result.compactMap { row in
            let count = try row.int64("count")
            guard count > 0 else { return nil }
            let keys = textMap(try row.value("partition_keys"))
            return StagedFile(
                path: try row.string("filename"),
                rowCount: count,
                size: try row.int64("file_size_bytes"),
                statistics: statistics(try row.value("column_statistics")),
                partition: partitionColumns.map { keys[$0] ?? nil }
            )
        }
    }

    /// Says that a column of text has one value in every row, where a COPY does not tell.
    mutating func setConstant(_ column: String, _ text: String) {
        statistics[SQL.identifier(column), default: [:]].merge(["min": text, "max": text]) { $1 }
    }

    private static func statistics(_ value: Value) -> [String: [String: String]] {
        guard case .map(let entries) = value else { return [:] }
        var columns: [String: [String: String]] = [:]
        for entry in entries {
            guard let name = String(duckDB: entry.key) else { continue }
            columns[name] = textMap(entry.value).compactMapValues { $0 }
        }
        return columns
    }

    private static func textMap(_ value: Value) -> [String: String?] {
        guard case .map(let entries) = value else { return [:] }
        var texts: [String: String?] = [:]
        for entry in entries {
            guard let key = String(duckDB: entry.key) else { continue }
            texts.updateValue(String(duckDB: entry.value), forKey: key)
        }
        return texts
    }

    /// The file as part of a table, at its place there.
    ///
    /// - Throws: `IcebergError` if a partition value cannot be read back.
    func dataFile(at location: String, schema: Schema, spec: PartitionSpec) throws -> DataFile {
        let values = try partitionValues(schema: schema, spec: spec)
        var file = DataFile(
            path: location,
            specID: spec.id,
            partition: values,
            recordCount: rowCount,
            fileSize: size
        )
        file.setStatistics(duckDB: statistics, schema: schema)
        return file
    }

    /// The values of the partition that the file belongs to.
    func partitionValues(schema: Schema, spec: PartitionSpec) throws -> [TableLiteral?] {
        try zip(zip(spec.fields, spec.resultTypes(in: schema)), partition).map { field, text in
            guard let text else { return nil }
            // A day is a date by its type and a number in a COPY's answer.
            if field.1 == .date, field.0.transform == .day, let days = Int32(text) { return .date(days) }
            guard let type = field.1, let value = TableLiteral(duckDBText: text, type: type) else {
                throw IcebergError(.invalidArgument, "the partition value \(text) of \(field.0.name) cannot be read")
            }
            return value
        }
    }
}
