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
        let sample = try await Sample(of: relation, columns: described.count, connection)
        let records = sample.records
        guard records > 0 else { throw IngotError(.cannotInfer, "the files hold no records") }
        let fields = try await fields(of: described.map(\.name))
        var columns: [InferredForm.Column] = []
        for (column, field) in zip(described, fields) {
            if column.type == .varchar, samples.format != .parquet {
                let evidence = try await ValueEvidence.gather(column: column.name, from: sample.relation, connection)
                var found = evidence.column(named: field, records: records)
                // A text of digits was written as text on purpose.
                if !["date", "timestamp", "timestamptz", "uuid"].contains(found.type) { found.type = "varchar" }
                columns.append(found)
            } else {
                var found = try await self.column(column, from: sample)
                found.field = field
                columns.append(found)
            }
        }
        return InferredForm(columns: columns, records: records)
    }

    /// The keys that the engine's columns stand for: of keys that differ in case only, it numbers all but one.
    private func fields(of columns: [String]) async throws -> [String] {
        let bases = columns.map(Self.withoutNumber)
        let folded = Set(columns.map { $0.lowercased() })
        let isNumbered = bases.contains { base in base.map { folded.contains($0.lowercased()) } ?? false }
        guard samples.format != .parquet, isNumbered else { return columns }
        let found = try await connection.query(
            "SELECT DISTINCT unnest(json_keys(json)) AS key FROM read_json_objects(\(samples.sql))"
        )
        let keys = Set(try found.map { try $0.string("key") })
        // A numbered name may be a key of its own as well.
        let numbered = Set(zip(columns, bases).filter { !keys.contains($0.0) }.compactMap(\.1))
        return zip(columns, bases).map { column, base in
            if keys.contains(column), !numbered.contains(column) { return column }
            return base.flatMap { keys.contains($0) ? $0 : nil } ?? column
        }
    }

    /// The name before `_` and a number; `nil` where there is no number.
    private static func withoutNumber(_ name: String) -> String? {
        guard let mark = name.lastIndex(of: "_"), Int(name[name.index(after: mark)...]) != nil else { return nil }
        return String(name[..<mark])
    }

    private func column(
        _ column: DuckDB.Column,
        from sample: Sample
    ) async throws -> InferredForm.Column {
        let name = SQL.identifier(column.name)
        // A plain text is no JSON, so that a column which has any is one of text.
        let isJSON = if case .alias = column.type { true } else { false }
        let texts = isJSON ? "count(*) FILTER (json_type(\(name)) = 'VARCHAR')" : "0"
        let row = try await connection.query(
            "SELECT count(\(name)) AS n, \(texts) AS t FROM \(sample.relation)"
        )[0]
        var found = InferredForm.Column(field: column.name, type: Self.type(column.type))
        let count = try row.int64("n")
        found.isComplete = count == sample.records
        if count == 0 {
            found.notes.append("no record has a value")
        } else if isJSON {
            let hasTexts = try row.int64("t") > 0
            if hasTexts { found.type = "varchar" }
            found.notes.append("its form differs between records, so it is kept as \(hasTexts ? "text" : "JSON")")
        } else if Self.depth(of: column.type) > Self.depthMax {
            found.type = "json"
            found.notes.append("deeper in itself than a type may be, so it is kept as JSON")
        }
        return found
    }

    /// How deep types of project files lie in themselves at most.
    private static let depthMax = 16

    private static func depth(of type: LogicalType) -> Int {
        switch type.resolved {
        case .list(let element), .array(let element, _): 1 + depth(of: element)
        case .structure(let fields): 1 + (fields.map { depth(of: $0.type) }.max() ?? 0)
        case .map(let key, let value): 1 + max(depth(of: key), depth(of: value))
        default: 1
        }
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
