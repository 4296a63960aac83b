import DuckDB
import Iceberg
import IngotCore
import IngotProject

/// The rows of a model's table that a piece of work makes anew.
struct ModelScope {
    /// With more stretches than this, files are chosen by the first and last instant only.
    private static let prunedRangesMax = 200

    /// The column that places rows in intervals, for models that work by interval.
    let eventTime: EventTime?
    /// How the table is divided into pieces that are replaced each as a whole; `nil` if it is not.
    let part: ReplacedPart?
    /// Whether rows are only added.
    let isAddition: Bool
    /// Whether all rows of the table are made anew.
    let isWhole: Bool
    /// Finds the files that can hold such rows.
    let filter: Predicate
    /// SQL that is true for all rows that the work makes anew.
    let wholeCondition: String

    private let keys: KeyTable
    private let keyFields: [NestedField]
    private let first: Int64?

    init(_ model: Model, _ work: ModelPlan.Work, _ schema: Schema, _ keys: KeyTable) throws {
        self.keys = keys
        let calendar = model.calendar
        first = calendar.flatMap { calendar in model.begin.map { calendar.start(ofNumber: calendar.number(of: $0)) } }
        var isAppend = false
        if case .incremental(let settings) = model.materialization { isAppend = settings.strategy == .append }
        if let calendar, !isAppend, let name = model.eventTime {
            guard let time = EventTime(name.value, in: schema) else {
                throw IngotError(
                    .invalidEventTime,
                    "the column \"\(name)\" is no date or timestamp, so it cannot place rows in intervals",
                    at: name.location,
                    hint: "CAST(... AS TIMESTAMP) AS \(name)"
                )
            }
            eventTime = time
            part = .interval(time, calendar.size)
        } else {
            eventTime = nil
            let isKeyed = !isAppend && !model.uniqueKey.isEmpty
            part = isKeyed ? try ReplacedPart.key(Self.keyFields(model, schema)) : nil
        }
        if case .key(let fields)? = part { keyFields = fields } else { keyFields = [] }
        if case .loads = work { isAddition = true } else { isAddition = false }
        switch work {
        case .intervals(let ranges):
            (filter, wholeCondition) = Self.restriction(ranges, eventTime)
            isWhole = false
        case .keys:
            (filter, wholeCondition) = (.always, keys.condition(keyFields))
            isWhole = false
        case .loads:
            (filter, wholeCondition) = (.always, "TRUE")
            isWhole = false
        case .everything, .view, .upToDate:
            (filter, wholeCondition) = (.always, "TRUE")
            isWhole = true
        }
    }

    /// SQL that is true for the rows of a part's result that are kept; rows without an event time are, to be refused.
    func condition(_ part: InputRelations.Part) -> String {
        switch part {
        case .interval(let range, _):
            guard let eventTime else { return "TRUE" }
            let from = IntervalRange(start: max(range.start, first ?? .min), end: range.end)
            return "(\(eventTime.condition(from)) OR \(eventTime.isMissing))"
        case .keys: return keys.condition(keyFields)
        case .loads: return "TRUE"
        case .everything:
            guard let eventTime, let first else { return "TRUE" }
            return "(\(eventTime.condition(from: first)) OR \(eventTime.isMissing))"
        }
    }

    private static func restriction(_ ranges: [IntervalRange], _ time: EventTime?) -> (Predicate, String) {
        guard let time, let first = ranges.first, let last = ranges.last else { return (.always, "TRUE") }
        let condition = ranges.map { "(\(time.condition($0)))" }.joined(separator: " OR ")
        let covering = IntervalRange(start: first.start, end: last.end)
        let filter =
            ranges.count <= prunedRangesMax ? Predicate.or(ranges.map(time.predicate)) : time.predicate(covering)
        return (filter, "(\(condition))")
    }

    private static func keyFields(_ model: Model, _ schema: Schema) throws -> [NestedField] {
        if let fields = KeyTable.fields(model.uniqueKey.map(\.value), in: schema) { return fields }
        throw IngotError(
            .contractBroken,
            "a column of unique_key is a list, structure or map, which cannot identify rows",
            at: model.uniqueKey.first?.location
        )
    }
}

/// How a table is divided into pieces that are replaced each as a whole.
enum ReplacedPart {
    case interval(EventTime, Model.BatchSize)
    case key([NestedField])

    private static let changed = "__model_changed"
    private static let prunedMax = 200

    /// The pieces in which rows differ.
    ///
    /// - Returns: SQL that is true for rows of these pieces, and what finds the files that can hold them.
    func changed(
        _ difference: String,
        _ connection: SQLConnection
    ) async throws -> (condition: String, filter: Predicate) {
        switch self {
        case .interval(let time, let size):
            let start = time.intervalStart(size)
            try await connection.execute(
                "CREATE OR REPLACE TEMP TABLE \(Self.changed) AS SELECT DISTINCT \(start) AS v FROM \(difference)"
            )
            let starts = try await connection.query("SELECT v FROM \(Self.changed) ORDER BY v")
            let calendar = IntervalCalendar(size)
            let ranges = starts.compactMap { Int64(duckDB: $0[0]) }.map { instant in
                calendar.range(calendar.number(of: instant)...calendar.number(of: instant))
            }
            let condition = "\(start) IN (SELECT v FROM \(Self.changed))"
            guard let first = ranges.first, let last = ranges.last else { return (condition, .never) }
            let covering = time.predicate(IntervalRange(start: first.start, end: last.end))
            return (condition, ranges.count <= Self.prunedMax ? .or(ranges.map(time.predicate)) : covering)
        case .key(let fields):
            let columns = fields.enumerated().map { "\(SQL.identifier($1.name)) AS __v\($0)" }
            try await connection.execute(
                """
                CREATE OR REPLACE TEMP TABLE \(Self.changed) AS
                SELECT DISTINCT \(columns.joined(separator: ", ")) FROM \(difference)
                """
            )
            let equal = fields.enumerated().map { "__key.__v\($0) IS NOT DISTINCT FROM \(SQL.identifier($1.name))" }
            return (
                "EXISTS (SELECT 1 FROM \(Self.changed) AS __key WHERE \(equal.joined(separator: " AND ")))", .always
            )
        }
    }
}
