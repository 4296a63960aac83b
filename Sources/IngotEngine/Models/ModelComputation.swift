import DuckDB
import Iceberg
import IngotCore
import IngotProject

/// Computes a model and stages what changes in its table.
struct ModelComputation {
    /// What was computed.
    struct Outcome: Sendable {
        /// The change of the model's table; nothing if the rows are the same as before.
        var change: TableChange
        /// What downstream models must take in.
        var pending: [PendingChange]
        /// How many rows were computed.
        var rowCount: Int
        /// How many intervals, or keys, were computed; zero for everything.
        var partCount: Int
        /// How many data files of inputs were read.
        var fileCount: Int
    }

    /// How many intervals one statement computes.
    private static let sliceSize = 400
    private static let result = "__model_result"
    private static let difference = "__model_difference"

    let session: QuerySession
    let node: ModelGraph.Node
    let inputs: [ModelInput]
    /// The model's table as it stands.
    let existing: LakeTable?
    let plan: ModelPlan
    let loadID: String
    /// Where files are staged.
    let folder: String
    /// The models that read the table.
    let consumers: [ChangeConsumer]

    private var connection: SQLConnection { session.connection }
    private var model: Model { node.model }
    private let wantedKeys = KeyTable(name: "__model_keys")

    /// Computes the model and stages the change.
    ///
    /// - Throws: `IngotError` with the place in the model's file.
    func run() async throws -> Outcome {
        let query = QueryText(model.sql)
        let statement = try await ParsedQuery(query, connection)
        var work = plan.work
        if case .keys(let keys) = work { try await wantedKeys.fill(keys, count: model.uniqueKey.count, connection) }
        var parts = parts(of: work)
        var fileCount = try await show(parts[0])
        let columns = try await described(statement, query)
        let schema = try ModelSchema(model, result: columns)
        let shape = try TableShape(schema.definition, table: existing)
        let hasNewLayout = existing != nil && shape.updates?.isEmpty == false
        if hasNewLayout, work != .everything {
            // Rows of another shape than the table's: those that are there have to be computed again too.
            work = .everything
            parts = self.parts(of: work)
            fileCount = try await show(parts[0])
        }
        let scope = try ModelScope(model, work, shape.schema, wantedKeys)
        for (number, part) in parts.enumerated() {
            if number > 0 { fileCount += try await show(part) }
            try await compute(statement, query, schema, scope.condition(part), isFirst: number == 0)
        }
        try await check(scope)
        let isComparable = existing != nil && !hasNewLayout
        let difference = try await compare(scope, shape, isComparable: isComparable)
        try await ModelAudit(model: model, session: session, result: Self.result).run(
            others: try await others(scope, shape, isComparable: isComparable)
        )
        var outcome = Outcome(
            change: TableChange(shape: shape),
            pending: [],
            rowCount: try await count(Self.result),
            partCount: work.partCount(model),
            fileCount: fileCount
        )
        let differenceCount = try await count(difference)
        if differenceCount > 0 || !isComparable {
            outcome.change = try await stage(scope, shape, difference, isComparable: isComparable)
            outcome.pending = try await pending(shape, difference, isComparable: isComparable, scope)
        }
        for table in [Self.result, Self.difference] { try await connection.execute("DROP TABLE IF EXISTS \(table)") }
        return outcome
    }

    // MARK: Computing

    /// What is computed by one statement each.
    private func parts(of work: ModelPlan.Work) -> [InputRelations.Part] {
        switch work {
        case .intervals(let ranges):
            guard let calendar = model.calendar else { return [.everything(from: model.begin)] }
            return ranges.flatMap { calendar.slices($0, of: Self.sliceSize) }.map { .interval($0, from: model.begin) }
        case .keys: return [.keys]
        case .loads(let loads): return [.loads(loads)]
        case .everything, .view, .upToDate: return [.everything(from: model.begin)]
        }
    }

    /// Shows the inputs, as much of them as a part needs.
    private func show(_ part: InputRelations.Part) async throws -> Int {
        var part = part
        if case .interval(let range, let begin) = part, let calendar = model.calendar,
            case .incremental(let settings) = model.materialization
        {
            // What is computed looks back, and changes that lie ahead reach it.
            part = .interval(calendar.widen(range, before: settings.lookback, after: settings.affects), from: begin)
        }
        let relations = InputRelations(lake: session.lake, connection: connection, inputs: inputs, keys: wantedKeys)
        let (selects, fileCount) = try await relations.relations(part)
        try await session.tables.show(node.reads, relations: selects)
        return fileCount
    }

    private func described(_ statement: ParsedQuery, _ query: QueryText) async throws -> [DuckDB.Column] {
        do {
            return try await connection.describe(statement.sql).columns
        } catch let error as DuckDBError {
            throw query.error(error)
        }
    }

    /// Computes a part into the table of results.
    private func compute(
        _ statement: ParsedQuery,
        _ query: QueryText,
        _ schema: ModelSchema,
        _ condition: String,
        isFirst: Bool
    ) async throws {
        let target = isFirst ? "CREATE OR REPLACE TEMP TABLE \(Self.result) AS" : "INSERT INTO \(Self.result)"
        let opening = "\(target) SELECT * FROM (SELECT \(schema.expressions.joined(separator: ", ")) FROM ("
        do {
            try await connection.execute("\(opening)\n\(statement.sql)\n)) WHERE \(condition)")
        } catch let error as DuckDBError {
            let linesBefore = opening.utf8.count { $0 == UInt8(ascii: "\n") } + 1
            throw query.error(error, linesBefore: linesBefore)
        }
    }

    /// Refuses rows that the work could never replace again.
    private func check(_ scope: ModelScope) async throws {
        if let time = scope.eventTime {
            let missing = try await connection.query("SELECT count(*) FROM \(Self.result) WHERE \(time.isMissing)")
            let count = try missing.scalar(as: Int.self)
            guard count == 0 else {
                throw IngotError(
                    .invalidEventTime,
                    "\(time.column) is NULL in \(count) rows of the result, so they belong to no interval",
                    at: model.eventTime?.location,
                    hint: "WHERE ... IS NOT NULL"
                )
            }
        }
        guard case .incremental(let settings) = model.materialization, settings.strategy == .merge else { return }
        let columns = model.uniqueKey.map { SQL.identifier($0.value) }.joined(separator: ", ")
        let repeated = try await connection.query(
            """
            SELECT count(*) AS n, any_value(k) AS sample
            FROM (SELECT CAST(row(\(columns)) AS VARCHAR) AS k FROM \(Self.result) GROUP BY \(columns) HAVING count(*) > 1)
            """
        )
        let count = try repeated[0].int("n")
        guard count == 0 else {
            throw IngotError(
                .duplicateModelKey,
                "\(count) keys stand in several rows of the result, for example \(try repeated[0].string("sample"))",
                at: model.uniqueKey.first?.location,
                hint: "incremental_strategy: delete+insert, or aggregate in the SELECT"
            )
        }
    }

    // MARK: Comparing and staging

    /// A SELECT of the table's rows that the work replaces.
    private func replaced(_ scope: ModelScope, _ shape: TableShape, isInside: Bool = true) async throws -> String {
        guard let existing else { return TableRelation.select(files: [], schema: shape.schema) }
        let filter = isInside ? scope.filter : .always
        let tasks = try await TableScan(session.lake.files, metadata: existing.metadata, filter: filter).tasks()
        let relation = try VisibleTables.relation(of: existing, tasks)
        let condition = isInside ? scope.wholeCondition : "NOT coalesce(\(scope.wholeCondition), FALSE)"
        return "SELECT * FROM (\(relation)) WHERE \(condition)"
    }

    /// The rows that stay beside what was computed; `nil` if there are none.
    private func others(_ scope: ModelScope, _ shape: TableShape, isComparable: Bool) async throws -> String? {
        guard isComparable, !scope.isWhole else { return nil }
        return try await replaced(scope, shape, isInside: scope.isAddition)
    }

    /// Finds the rows that are not the same as before, and says in which table they are.
    private func compare(_ scope: ModelScope, _ shape: TableShape, isComparable: Bool) async throws -> String {
        guard isComparable, !scope.isAddition else { return Self.result }
        let new = "SELECT * FROM \(Self.result)"
        let old = try await replaced(scope, shape)
        try await connection.execute(
            """
            CREATE OR REPLACE TEMP TABLE \(Self.difference) AS
            (\(new) EXCEPT ALL \(old)) UNION ALL (\(old) EXCEPT ALL \(new))
            """
        )
        return Self.difference
    }

    private func stage(
        _ scope: ModelScope,
        _ shape: TableShape,
        _ difference: String,
        isComparable: Bool
    ) async throws -> TableChange {
        var change = TableChange(shape: shape, base: .init(metadataLocation: existing?.metadataLocation))
        let writer = TableWriter(connection: connection, schema: shape.schema, spec: shape.spec)
        var rows = "SELECT * FROM \(Self.result)"
        if !isComparable || (scope.part == nil && !scope.isAddition) {
            change.replacesAll = true
        } else if let part = scope.part, let existing {
            // Of what was computed, only the intervals or keys whose rows differ are replaced.
            let changed = try await part.changed(difference, connection)
            rows += " WHERE \(changed.condition)"
            let removal = RowRemoval(lake: session.lake, connection: connection, folder: folder)
            let outcome = try await removal.remove(
                from: existing,
                shape: shape,
                filter: changed.filter,
                condition: changed.condition,
                name: "rest"
            )
            change.rewrites = outcome.rewrites
            change.removedRows = outcome.removedRows
        }
        change.added = try await writer.write(rows, to: folder, name: model.name.value)
        return change
    }

    private func pending(
        _ shape: TableShape,
        _ difference: String,
        isComparable: Bool,
        _ scope: ModelScope
    ) async throws -> [PendingChange] {
        guard !consumers.isEmpty else { return [] }
        let capture = ChangeCapture(connection: connection, consumers: ChangeConsumers { [:] }, loadID: loadID)
        return try await capture.pending(
            of: model.table.value,
            consumers,
            rows: isComparable || existing == nil ? "SELECT * FROM \(difference)" : nil,
            schema: shape.schema,
            isAppend: scope.isAddition
        )
    }

    private func count(_ table: String) async throws -> Int {
        try await connection.query("SELECT count(*) FROM \(table)").scalar()
    }
}

extension Model {
    /// The intervals by which the model works, if it does.
    var calendar: IntervalCalendar? {
        guard case .incremental(let settings) = materialization else { return nil }
        return settings.batchSize.map(IntervalCalendar.init)
    }

    /// The instant before which input is not read.
    var begin: Int64? {
        guard case .incremental(let settings) = materialization else { return nil }
        return settings.begin.flatMap(EventTime.instant)
    }
}

extension ModelPlan.Work {
    /// How many intervals, keys or loads are computed; zero for everything.
    func partCount(_ model: Model) -> Int {
        switch self {
        case .intervals(let ranges): ranges.reduce(0) { $0 + (model.calendar?.count($1) ?? 0) }
        case .keys(let keys): keys.count
        case .loads(let loads): loads.count
        case .everything, .view, .upToDate: 0
        }
    }
}
