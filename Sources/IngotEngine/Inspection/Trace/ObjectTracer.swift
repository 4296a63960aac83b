import DuckDB
import Iceberg
import IngotCore
import IngotProject

/// Follows an object's rows into tables and models.
struct ObjectTracer {
    /// How many intervals are named.
    private static let intervalsMax = 100

    let engine: Engine
    let connection: SQLConnection

    /// The tables that hold rows of an object's version.
    func places(of entry: LedgerEntry) async throws -> [ObjectTrace.Place] {
        guard let pipeline = engine.services.project.pipeline(named: entry.object.source) else { return [] }
        let silver = pipeline.tables.map(\.table.value)
        var places: [ObjectTrace.Place] = []
        for name in silver + Set(silver.map(\.quarantine)).sorted() {
            guard let rows = try await rows(of: entry, in: name) else { continue }
            let count = try await connection.query("SELECT count(*) AS n FROM (\(rows))")[0].int64("n")
            if count > 0 { places.append(ObjectTrace.Place(table: name, rows: count)) }
        }
        return places
    }

    /// The models that read these rows, with the intervals in which they lie.
    func reach(of entry: LedgerEntry, from places: [ObjectTrace.Place]) async throws -> [ObjectTrace.Reach] {
        let project = engine.services.project
        var reach: [ObjectTrace.Reach] = []
        for model in project.models {
            let inputs = try await engine.inputs(of: model)
            for place in places where inputs.contains(place.table) {
                let eventTime = project.pipelines.flatMap(\.tables)
                    .first { $0.table.value == place.table }?.eventTime?.value
                var found: [String] = []
                var count = 0
                if let size = model.batchSize, let eventTime, let rows = try await rows(of: entry, in: place.table) {
                    let starts = "date_trunc('\(size.rawValue)', \(SQL.identifier(eventTime)))"
                    let result = try await connection.query(
                        "SELECT DISTINCT CAST(\(starts) AS VARCHAR) AS start FROM (\(rows)) ORDER BY start"
                    )
                    found = try result.prefix(Self.intervalsMax).map { try $0.get("start") ?? "none" }
                    count = result.count
                }
                reach.append(
                    ObjectTrace.Reach(table: model.table.value, input: place.table, intervals: found, count: count)
                )
            }
        }
        return reach
    }

    /// The rows of an object's version in a table; `nil` if there is no such table.
    private func rows(of entry: LedgerEntry, in name: TableName) async throws -> String? {
        guard let table = try await engine.lake.table(name) else { return nil }
        let filter = Predicate.and([
            .compare(SystemColumns.sourceFile, .equal, .string(entry.object.key)),
            .compare(SystemColumns.sourceVersion, .equal, .string(entry.object.version)),
        ])
        let relation = try await TableReader(lake: engine.lake, connection: connection)
            .select(from: table, filter: filter)
        return """
            FROM (\(relation)) WHERE \(SystemColumns.sourceFile) = \(SQL.literal(entry.object.key))
            AND \(SystemColumns.sourceVersion) = \(SQL.literal(entry.object.version))
            """
    }
}
