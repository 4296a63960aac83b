import DuckDB
import IngotCore

/// Reads columns and types off JSON and Parquet, which say more of themselves.
struct NestedInference {
    let samples: SampleFiles
    let connection: DuckDB.Connection

    func form() async throws -> InferredForm {
        let relation =
            samples.format == .parquet
            ? "read_parquet(\(samples.sql), union_by_name=true)"
            // Texts stay texts: what looks like a date is tested below, as it is for delimited text.
            : "read_json(\(samples.sql), union_by_name=true, sample_size=-1, convert_strings_to_integers=false, "
                + "dateformat='-', timestampformat='-')"
        let described = try await connection.describe("FROM \(relation)").columns
        let records = try await connection.query("SELECT count(*) FROM \(relation)").scalar(as: Int64.self)
        guard records > 0 else { throw IngotError(.cannotInfer, "the files hold no records") }
        var columns: [InferredForm.Column] = []
        for column in described {
            if column.type == .varchar, samples.format != .parquet {
                let evidence = try await ValueEvidence.gather(column: column.name, from: relation, connection)
                var found = evidence.column(named: column.name, records: records)
                // A text of digits was written as text on purpose.
                if !["date", "timestamp", "timestamptz", "uuid"].contains(found.type) { found.type = "varchar" }
                columns.append(found)
            } else {
                columns.append(try await self.column(column, from: relation, records: records))
            }
        }
        return InferredForm(columns: columns, records: records)
    }

    private func column(
        _ column: DuckDB.Column,
        from relation: String,
        records: Int64
    ) async throws -> InferredForm.Column {
        let name = SQL.identifier(column.name)
        let row = try await connection.query("SELECT count(\(name)) AS n FROM \(relation)")[0]
        var found = InferredForm.Column(field: column.name, type: Self.type(column.type))
        found.isComplete = try row.int64("n") == records
        if case .alias = column.type { found.notes.append("its form differs between records, so it is kept as JSON") }
        return found
    }

    /// The type in a project file that loses nothing.
    static func type(_ type: LogicalType) -> String {
        switch type.resolved {
        case .boolean: "boolean"
        case .tinyint, .smallint, .integer, .utinyint, .usmallint: "integer"
        case .bigint, .uinteger: "bigint"
        case .ubigint: "decimal(20, 0)"
        case .hugeint, .uhugeint, .bignum: "decimal(38, 0)"
        case .float: "float"
        case .double: "double"
        case .decimal(let width, let scale): "decimal(\(width), \(scale))"
        case .date: "date"
        case .time, .timeNS, .timeTZ: "time"
        case .timestamp, .timestampS, .timestampMS, .timestampNS: "timestamp"
        case .timestampTZ: "timestamptz"
        case .uuid: "uuid"
        case .blob, .bit: "blob"
        case .list(let element), .array(let element, _): "\(Self.type(element))[]"
        case .structure(let fields) where !fields.isEmpty:
            "struct(" + fields.map { "\(SQL.identifier($0.name)) \(Self.type($0.type))" }.joined(separator: ", ") + ")"
        case .map(let key, let value): "map(\(Self.type(key)), \(Self.type(value)))"
        case .varchar: type == .json ? "json" : "varchar"
        default: "varchar"
        }
    }
}
