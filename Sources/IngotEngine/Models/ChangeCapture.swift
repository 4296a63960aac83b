import DuckDB
import IngotCore
import IngotProject

/// A model that takes in what changes in a table, and what it has to know of a change.
struct ChangeConsumer: Sendable {
    /// How a change is described to a model.
    enum Grain: Sendable, Hashable {
        /// By the intervals in which rows were added or removed.
        case intervals(eventTime: String, Model.BatchSize)
        /// By the keys of rows that were added or removed.
        case keys([String])
        /// By the batch that added rows; anything else restates everything.
        case loads
        /// Not at all: everything is computed anew.
        case everything
    }

    var model: String
    var grain: Grain
}

/// Finds the models that must hear of changes, when that is first needed.
struct ChangeConsumers: Sendable {
    let load: @Sendable () async throws -> [TableName: [ChangeConsumer]]
}

/// Describes what a batch changes, for the models that read the changed tables.
struct ChangeCapture {
    /// With more intervals or keys than this, everything is computed anew.
    private static let extentsMax = 100_000

    let connection: SQLConnection
    let consumers: ChangeConsumers
    let loadID: String

    /// What becomes pending when these changes are committed.
    func pending(_ changes: [TableChange]) async throws -> [PendingChange] {
        let all = try await consumers.load()
        var pending: [PendingChange] = []
        for change in changes where !change.isEmpty {
            let input = change.shape.definition.name
            let interested = all[input] ?? []
            var known: [ChangeConsumer.Grain: [PendingChange.Extent]] = [:]
            for consumer in interested {
                let extents: [PendingChange.Extent]
                if let found = known[consumer.grain] {
                    extents = found
                } else {
                    extents = try await self.extents(of: change, consumer.grain)
                    known[consumer.grain] = extents
                }
                pending += extents.map { PendingChange(model: consumer.model, input: input.description, extent: $0) }
            }
        }
        return pending
    }

    private func extents(of change: TableChange, _ grain: ChangeConsumer.Grain) async throws -> [PendingChange.Extent] {
        if change.replacesAll { return [.everything] }
        switch grain {
        case .everything: return [.everything]
        case .loads: return change.removedRows == nil ? [.load(loadID)] : [.everything]
        case .intervals(let column, let size):
            let start = "date_trunc('\(size.rawValue)', CAST(\(SQL.identifier(column)) AS TIMESTAMP))"
            let found = try await distinct("CAST(epoch_us(\(start)) AS BIGINT)", of: change)
            guard found.count <= Self.extentsMax else { return [.everything] }
            return found.compactMap { row in Int64(duckDB: row[0]).map(PendingChange.Extent.interval) }
        case .keys(let columns):
            let texts = columns.map { "CAST(\(SQL.identifier($0)) AS VARCHAR)" }.joined(separator: ", ")
            let found = try await distinct("CAST(json_array(\(texts)) AS VARCHAR)", of: change)
            guard found.count <= Self.extentsMax else { return [.everything] }
            return found.compactMap { row in String(duckDB: row[0]).map(PendingChange.Extent.key) }
        }
    }

    /// The different values of an expression over the rows that are added or removed.
    private func distinct(_ expression: String, of change: TableChange) async throws -> QueryResult {
        var sources: [String] = []
        if !change.added.isEmpty {
            sources.append(TableRelation.select(files: change.added.map(\.path), schema: change.shape.schema))
        }
        if let removed = change.removedRows { sources.append(removed) }
        let selects = sources.map { "SELECT \(expression) AS v FROM (\($0))" }
        return try await connection.query(
            "SELECT DISTINCT v FROM (\(selects.joined(separator: " UNION ALL "))) LIMIT \(Self.extentsMax + 1)"
        )
    }
}
