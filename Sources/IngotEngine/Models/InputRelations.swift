import DuckDB
import Iceberg
import IngotCore
import IngotProject

/// The SELECTs that show a model exactly the part of its inputs that its work needs.
///
/// Only files that can hold such rows are named in them.
struct InputRelations {
    /// The part that is wanted.
    enum Part {
        case everything(from: Int64?)
        case interval(IntervalRange, from: Int64?)
        /// The rows with the keys in the temporary table.
        case keys
        case loads([String])
    }

    /// With more keys than this, files are not chosen by key: nearly all would be.
    private static let prunedKeysMax = 200

    let lake: Lake
    let connection: SQLConnection
    let inputs: [ModelInput]
    /// The temporary table of keys.
    let keys: KeyTable

    /// The relations, by input; inputs that do not exist yet are left to be shown as empty.
    ///
    /// - Returns: The SELECTs, and how many data files they name.
    func relations(_ part: Part) async throws -> (relations: [TableName: String], fileCount: Int) {
        var relations: [TableName: String] = [:]
        var fileCount = 0
        for input in inputs {
            guard let table = input.table else { continue }
            let (filter, condition) = try await restriction(input, table, part)
            let tasks = try await TableScan(lake.files, metadata: table.metadata, filter: filter).tasks()
            fileCount += tasks.count
            let relation = try VisibleTables.relation(of: table, tasks)
            relations[input.name] = condition.map { "SELECT * FROM (\(relation)) WHERE \($0)" } ?? relation
        }
        return (relations, fileCount)
    }

    /// Which files are wanted of an input, and which of their rows.
    private func restriction(
        _ input: ModelInput,
        _ table: LakeTable,
        _ part: Part
    ) async throws -> (filter: Predicate, condition: String?) {
        switch part {
        case .everything(let begin):
            guard let time = input.eventTime else { return (.always, nil) }
            guard let begin else { return (.always, "NOT (\(time.isMissing))") }
            return (time.predicate(from: begin), time.condition(from: begin))
        case .interval(var range, let begin):
            guard let time = input.eventTime else { return (.always, nil) }
            range.start = max(range.start, begin ?? .min)
            return (time.predicate(range), time.condition(range))
        case .keys:
            guard case .keys(let columns) = input.grain else { return (.always, nil) }
            let schema = table.metadata.currentSchema
            guard let fields = KeyTable.fields(columns, in: schema) else { return (.always, nil) }
            return (try await predicate(fields[0]), keys.condition(fields))
        case .loads(let loads):
            guard input.grain == .loads else { return (.always, nil) }
            let column = SystemColumns.loadID
            let list = loads.map(SQL.literal).joined(separator: ", ")
            return (.oneOf(column, loads.map(TableLiteral.string)), "\(SQL.identifier(column)) IN (\(list))")
        }
    }

    private func predicate(_ field: NestedField) async throws -> Predicate {
        let values = try await connection.query(
            "SELECT DISTINCT __k0 AS v FROM \(keys.name) LIMIT \(Self.prunedKeysMax + 1)"
        )
        guard values.count <= Self.prunedKeysMax else { return .always }
        var literals: [TableLiteral] = []
        for row in values {
            guard let text = String(duckDB: row[0]), let literal = TableLiteral(duckDBText: text, type: field.type)
            else { return .always }
            literals.append(literal)
        }
        return .oneOf(field.name, literals)
    }
}

/// A temporary table of keys, each column as text.
struct KeyTable {
    let name: String

    /// Fills the table with keys, JSON arrays of texts.
    func fill(_ keys: [String], count: Int, _ connection: SQLConnection) async throws {
        let columns = (0..<count).map { "json_extract_string(k, '$[\($0)]') AS __k\($0)" }
        try await connection.execute(
            """
            CREATE OR REPLACE TEMP TABLE \(name) AS
            SELECT \(columns.joined(separator: ", ")) FROM (SELECT unnest($1::VARCHAR[])::JSON AS k)
            """,
            [.list(keys.map(Value.varchar))]
        )
    }

    /// SQL that is true for rows whose key is in the table.
    func condition(_ fields: [NestedField]) -> String {
        let typed = fields.enumerated().map { "TRY_CAST(__k\($0) AS \($1.type.sql)) AS __v\($0)" }
        let equal = fields.enumerated().map { "__key.__v\($0) IS NOT DISTINCT FROM \(SQL.identifier($1.name))" }
        return """
            EXISTS (SELECT 1 FROM (SELECT DISTINCT \(typed.joined(separator: ", ")) FROM \(name)) AS __key \
            WHERE \(equal.joined(separator: " AND ")))
            """
    }

    /// The fields of key columns; `nil` where a table does not have them all.
    static func fields(_ columns: [String], in schema: Schema) -> [NestedField]? {
        let found = columns.compactMap { name in
            schema.fields.first { $0.name.lowercased() == name.lowercased() && $0.type.isPrimitive }
        }
        return found.count == columns.count ? found : nil
    }
}
