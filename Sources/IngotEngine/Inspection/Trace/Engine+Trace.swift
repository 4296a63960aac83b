import DuckDB
import Iceberg
import IngotCore
import IngotProject

extension Engine {
    /// How many of the newest runs under a model's name are looked through: a pipeline may have had it before.
    private static let runsMax = 1_000

    /// Where rows came from.
    ///
    /// - Parameters:
    ///   - name: The table.
    ///   - key: Columns and the texts of their values.
    ///   - limit: How many rows at most.
    /// - Returns: A trace of each row.
    /// - Throws: `IngotError` with `unknownTable`, `wrongUse` for a column that the table does not have or a value
    ///   that is none of its type, and `nothingTraced` where no row has these values.
    public func trace(
        rowOf name: String,
        where key: [(column: String, value: String)],
        limit: Int = 20
    ) async throws -> [RowTrace] {
        let table = try await lakeTable(named: name)
        let condition = try Self.condition(key, table)
        let rows = try await withConnection { connection in
            let relation = try await TableReader(lake: lake, connection: connection).select(from: table)
            do {
                return try await connection.query("FROM (\(relation)) WHERE \(condition) LIMIT \(max(1, limit))")
            } catch let error as DuckDBError where error.kind == .conversion {
                throw IngotError(.wrongUse, "a value is not of its column's type", cause: error.message)
            }
        }
        guard !rows.isEmpty else {
            let words = key.map { "\($0.column)=\($0.value)" }.joined(separator: " ")
            throw IngotError(
                .nothingTraced,
                "\(table.name) has no row with \(words)",
                hint: table.name.namespace == "silver"
                    ? "ingot quarantine show \(table.name.name)" : "ingot query 'FROM \(table.name) LIMIT 10'"
            )
        }
        var traces: [RowTrace] = []
        for row in rows { traces.append(try await trace(row, of: table)) }
        return traces
    }

    /// Where the rows of an object's versions are, the newest version last.
    ///
    /// - Throws: `IngotError` with `nothingTraced` if the ledger has no such object.
    public func trace(object key: String) async throws -> [ObjectTrace] {
        let entries = try await services.state.entries(matching: LedgerFilter(keys: [key]))
        guard !entries.isEmpty else {
            throw IngotError(.nothingTraced, "the ledger has no object \"\(key)\"", hint: "ingot objects")
        }
        return try await withConnection { connection in
            let tracer = ObjectTracer(engine: self, connection: connection)
            var traces: [ObjectTrace] = []
            for entry in entries {
                let places = try await tracer.places(of: entry)
                traces.append(
                    ObjectTrace(
                        object: entry,
                        runs: try await runs(loadID: entry.loadID),
                        places: places,
                        reach: try await tracer.reach(of: entry, from: places)
                    )
                )
            }
            return traces
        }
    }

    private func trace(_ row: Row, of table: LakeTable) async throws -> RowTrace {
        let values = zip(row.columns, row.values).map { ($0.name, $1.isNull ? nil : $1.description) }
        let text = { (column: String) in values.first { $0.0 == column }?.1 }
        var trace = RowTrace(values: values, runs: [], inputs: [])
        if let file = text(SystemColumns.sourceFile) {
            let entries = try await services.state.entries(matching: LedgerFilter(keys: [file]))
            let version = text(SystemColumns.sourceVersion)
            trace.object = entries.last { $0.object.version == version && Self.feeds($0, table, services.project) }
            trace.row = text(SystemColumns.sourceRow).flatMap { Int64($0) }
            trace.loadID = text(SystemColumns.loadID)
            trace.runs = try await runs(loadID: trace.loadID)
            return trace
        }
        guard let model = services.project.models.first(where: { $0.table.value == table.name }) else { return trace }
        let history = try await runs(of: model.name.value, limit: Self.runsMax)
        let runs = history.filter { $0.kind == .model }
        trace.runs = Array(runs.prefix(1))
        trace.loadID = runs.first?.loadID
        trace.inputs = try await inputs(of: model)
        if let column = model.eventTime?.value, let time = text(column), let size = model.batchSize {
            trace.interval = "\(size.rawValue) of \(time)"
        }
        trace.sources = try await withConnection { connection in
            try await SourceTracer(engine: self, connection: connection).sources(of: model) { text($0) ?? nil }
        }
        return trace
    }

    /// The tables that a model reads; none where its SQL is wrong, which a run or `ingot validate` says.
    func inputs(of model: Model) async throws -> [TableName] {
        let references = try await withConnection { connection in
            do {
                return try await connection.tableReferences(in: model.sql.text)
            } catch let error as DuckDBError where error.kind == .parser || error.kind == .notImplemented {
                return []
            }
        }
        let names = TableNames(services.project, existing: try await lake.names())
        return Set(references.compactMap { names.find($0.parts) }).sorted()
    }

    private func runs(loadID: String?) async throws -> [Run] {
        guard let loadID else { return [] }
        return try await services.state.runs(loadID: loadID).map { $0.standing(services.isAlive) }
    }

    /// Whether an object is of the pipeline that makes a table.
    private static func feeds(_ entry: LedgerEntry, _ table: LakeTable, _ project: Project) -> Bool {
        guard let pipeline = project.pipeline(named: entry.object.source) else { return true }
        return pipeline.tables.contains { $0.table.value == table.name || $0.table.value.quarantine == table.name }
    }

    /// The condition that a row has these values, each compared as its column's type.
    private static func condition(_ key: [(column: String, value: String)], _ table: LakeTable) throws -> String {
        let fields = table.metadata.currentSchema.fields
        let parts = try key.map { column, value in
            guard let field = fields.first(where: { $0.name.lowercased() == column.lowercased() }) else {
                throw IngotError(
                    .wrongUse,
                    "\(table.name) has no column \"\(column)\"; columns: "
                        + fields.map(\.name).joined(separator: ", "),
                    hint: NearestMatch.find(column, among: fields.map(\.name))
                )
            }
            let name = SQL.identifier(field.name)
            return value.isEmpty ? "\(name) IS NULL" : "\(name) = CAST(\(SQL.literal(value)) AS \(field.type.sql))"
        }
        return parts.isEmpty ? "TRUE" : parts.joined(separator: " AND ")
    }
}

extension Model {
    /// The length of the model's intervals, if it works by intervals.
    var batchSize: BatchSize? {
        guard case .incremental(let settings) = materialization else { return nil }
        return settings.batchSize
    }
}
