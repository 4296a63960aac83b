import DuckDB
import Iceberg
import IngotCore
import IngotProject

/// A model that takes in what changes in a table, and what it has to know of a change.
struct ChangeConsumer: Sendable {
    var model: String
    var grain: ChangeGrain
}

/// Finds the models that must hear of changes, when that is first needed.
struct ChangeConsumers: Sendable {
    let load: @Sendable () async throws -> [TableName: [ChangeConsumer]]
}

/// Describes what a batch changes, for the models that read the changed tables.
struct ChangeCapture {
    /// With more intervals or keys than this, everything is computed anew.
    private static let extentsMax = ModelPlanner.extentsMax

    let connection: SQLConnection
    let consumers: ChangeConsumers
    let loadID: String

    /// What becomes pending when these changes are committed.
    func pending(_ changes: [TableChange]) async throws -> [PendingChange] {
        let all = try await consumers.load()
        var pending: [PendingChange] = []
        for change in changes where !change.isEmpty {
            let input = change.shape.definition.name
            guard let interested = all[input], !interested.isEmpty else { continue }
            let rows = change.replacesAll ? nil : Self.rows(of: change)
            pending += try await self.pending(
                of: input,
                interested,
                rows: rows,
                schema: change.shape.schema,
                isAppend: change.removedRows == nil
            )
        }
        return pending
    }

    /// What becomes pending when rows of a table change.
    ///
    /// - Parameters:
    ///   - input: The table.
    ///   - interested: The models that read it.
    ///   - rows: A SELECT of the rows that are added or removed; `nil` if that is not known.
    ///   - schema: The table's columns.
    ///   - isAppend: Whether no row is removed.
    /// - Returns: The changes, for each of the models.
    /// - Throws: What the query engine says.
    func pending(
        of input: TableName,
        _ interested: [ChangeConsumer],
        rows: String?,
        schema: Schema,
        isAppend: Bool
    ) async throws -> [PendingChange] {
        var known: [ChangeGrain: [PendingChange.Extent]] = [:]
        var pending: [PendingChange] = []
        for consumer in interested {
            let extents: [PendingChange.Extent]
            if let found = known[consumer.grain] {
                extents = found
            } else if let rows {
                extents = try await self.extents(rows, schema, consumer.grain, isAppend: isAppend)
                known[consumer.grain] = extents
            } else {
                extents = [.everything]
            }
            pending += extents.map { PendingChange(model: consumer.model, input: input.description, extent: $0) }
        }
        return pending
    }

    private func extents(
        _ rows: String,
        _ schema: Schema,
        _ grain: ChangeGrain,
        isAppend: Bool
    ) async throws -> [PendingChange.Extent] {
        switch grain {
        case .everything: return [.everything]
        case .loads: return isAppend ? [.load(loadID)] : [.everything]
        case .intervals(let column, let size):
            guard let time = EventTime(column, in: schema) else { return [.everything] }
            let found = try await distinct(time.intervalStart(size), rows)
            guard found.count <= Self.extentsMax else { return [.everything] }
            return found.compactMap { row in Int64(duckDB: row[0]).map(PendingChange.Extent.interval) }
        case .keys(let columns):
            guard let fields = KeyTable.fields(columns, in: schema) else { return [.everything] }
            let texts = fields.map { "CAST(\(SQL.identifier($0.name)) AS VARCHAR)" }.joined(separator: ", ")
            let found = try await distinct("CAST(json_array(\(texts)) AS VARCHAR)", rows)
            guard found.count <= Self.extentsMax else { return [.everything] }
            return found.compactMap { row in String(duckDB: row[0]).map(PendingChange.Extent.key) }
        }
    }

    /// The different values of an expression over rows.
    private func distinct(_ expression: String, _ rows: String) async throws -> QueryResult {
        try await connection.query(
            "SELECT DISTINCT \(expression) AS v FROM (\(rows)) LIMIT \(Self.extentsMax + 1)"
        )
    }

    /// The rows that a change adds or removes.
    private static func rows(of change: TableChange) -> String {
        var sources: [String] = []
        if !change.added.isEmpty {
            sources.append(TableRelation.select(files: change.added.map(\.path), schema: change.shape.schema))
        }
        if let removed = change.removedRows { sources.append(removed) }
        guard !sources.isEmpty else { return TableRelation.select(files: [], schema: change.shape.schema) }
        return sources.map { "SELECT * FROM (\($0))" }.joined(separator: " UNION ALL ")
    }
}
