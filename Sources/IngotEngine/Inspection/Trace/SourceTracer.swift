import DuckDB
import Iceberg
import IngotCore
import IngotProject

/// Follows a computed row back to the objects whose rows it can have been made from.
///
/// A row of an interval comes from the rows of its interval, and of as many before and after it as the model reads; a row
/// of a key from the rows of that key; any other row from all rows of what its model reads.
struct SourceTracer {
    /// How many objects of a table are named.
    private static let objectsMax = 100

    /// A span of time, from the first instant to before the second, as SQL.
    private struct Window: Hashable {
        var start: String
        var end: String

        /// The whole intervals of a model that the span touches, with what the model reads before and after them.
        func widened(to settings: Model.Incremental, _ size: Model.BatchSize) -> Window {
            let unit = size.rawValue
            let first = "date_trunc('\(unit)', CAST(\(start) AS TIMESTAMP))"
            let last = "date_trunc('\(unit)', CAST(\(end) AS TIMESTAMP) - INTERVAL 1 MICROSECOND)"
            return Window(
                start: "(\(first) - INTERVAL \(settings.lookback) \(unit))",
                end: "(\(last) + INTERVAL \(settings.affects + 1) \(unit))"
            )
        }
    }

    let engine: Engine
    let connection: SQLConnection

    /// The objects behind a row of a model's result.
    ///
    /// - Parameters:
    ///   - model: The model.
    ///   - text: The row's values by column, as text.
    /// - Returns: The objects by the silver table that holds their rows.
    /// - Throws: `DuckDBError`, `IcebergError`, `IngotError`.
    func sources(of model: Model, _ text: (String) -> String?) async throws -> [RowTrace.Source] {
        var window: Window?
        if let column = model.eventTime?.value, let time = text(column) {
            let instant = "CAST(\(SQL.literal(time)) AS TIMESTAMP)"
            window = Window(start: instant, end: "(\(instant) + INTERVAL 1 MICROSECOND)")
        }
        let key = model.uniqueKey.map { ($0.value, text($0.value)) }
        let copiesKey = try await copiesKey(model)
        var found: [TableName: Set<String?>] = [:]
        try await collect(model, window, key: model.batchSize == nil && copiesKey ? key : [], into: &found)
        var sources: [RowTrace.Source] = []
        for (table, conditions) in found.sorted(by: { $0.key < $1.key }) {
            // A table that is read as a whole by one way and in part by another is read as a whole.
            let condition =
                conditions.contains(nil) ? "TRUE" : conditions.compactMap(\.self).sorted().joined(separator: " OR ")
            if let source = try await source(table, condition) { sources.append(source) }
        }
        return sources
    }

    /// Whether the columns of a model's key are columns of its inputs as they are.
    private func copiesKey(_ model: Model) async throws -> Bool {
        let made = MadeColumns.names(in: try await connection.syntaxTree(of: model.sql.text))
        return model.uniqueKey.allSatisfy { !made.contains($0.value.lowercased()) }
    }

    /// Collects, for each silver table behind a model, the conditions on its rows; `nil` for all of them.
    private func collect(
        _ model: Model,
        _ span: Window?,
        key: [(column: String, value: String?)],
        into found: inout [TableName: Set<String?>]
    ) async throws {
        var window: Window?
        if let span, case .incremental(let settings) = model.materialization, let size = settings.batchSize {
            window = span.widened(to: settings, size)
        }
        let project = engine.services.project
        for input in try await engine.inputs(of: model) {
            // What is looked up as a whole has its part in every row.
            let isWhole = model.inputs.contains { $0.table.value == input && !$0.filter }
            let window = isWhole ? nil : window
            if let other = project.models.first(where: { $0.table.value == input }) {
                try await collect(other, other.eventTime == nil ? nil : window, key: [], into: &found)
            } else if let silver = project.pipelines.flatMap(\.tables).first(where: { $0.table.value == input }) {
                found[input, default: []].insert(condition(on: silver, window, key))
            }
        }
    }

    private func condition(
        on table: SilverTable,
        _ window: Window?,
        _ key: [(column: String, value: String?)]
    ) -> String? {
        if let window, let column = table.eventTime?.value {
            let time = "CAST(\(SQL.identifier(column)) AS TIMESTAMP)"
            return "(\(time) >= \(window.start) AND \(time) < \(window.end))"
        }
        let columns = Set(table.columns.map { $0.name.value.lowercased() })
        guard !key.isEmpty, key.allSatisfy({ columns.contains($0.column.lowercased()) }) else { return nil }
        let parts = key.map { column, value in
            let name = SQL.identifier(column)
            return value.map { "CAST(\(name) AS VARCHAR) = \(SQL.literal($0))" } ?? "\(name) IS NULL"
        }
        return "(\(parts.joined(separator: " AND ")))"
    }

    private func source(_ name: TableName, _ condition: String) async throws -> RowTrace.Source? {
        guard let table = try await engine.lake.table(name) else { return nil }
        let relation = try await TableReader(lake: engine.lake, connection: connection).select(from: table)
        let result = try await connection.query(
            """
            SELECT DISTINCT \(SystemColumns.sourceFile) AS key FROM (\(relation)) WHERE \(condition) ORDER BY key
            """
        )
        guard !result.isEmpty else { return nil }
        let keys = try result.prefix(Self.objectsMax).map { try $0.string("key") }
        return RowTrace.Source(table: name, objects: keys, count: result.count)
    }
}
