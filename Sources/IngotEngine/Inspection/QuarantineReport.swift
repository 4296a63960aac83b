import DuckDB
import Iceberg
import IngotCore
public import IngotProject

/// Why rows of a table were rejected, and how many.
public struct QuarantineCount: Sendable, Hashable {
    /// The quarantine table.
    public var table: TableName
    /// The rule; a row counts for each of its reasons.
    public var rule: String
    /// The column, where the rule is about one.
    public var column: String?
    /// How many rows.
    public var rows: Int64
    /// How many objects they came from.
    public var objects: Int64
    /// One of the messages.
    public var example: String?
}

/// A rejected row.
public struct QuarantinedRow: Sendable, Hashable {
    /// The object.
    public var object: String
    /// The object's version.
    public var version: String
    /// The record's number in the object; `nil` where the object could not be read at all.
    public var row: Int64?
    /// Why: `rule(column): message`.
    public var reasons: [String]
    /// The record as it was read.
    public var raw: String?
    /// The batch.
    public var loadID: String
}

extension Engine {
    /// Counts of rejected rows by table, rule and column.
    ///
    /// A table is named as `users`, `silver.users` or `quarantine.users`; without a name, all are counted.
    public func quarantineCounts(_ name: String? = nil) async throws -> [QuarantineCount] {
        var tables: [LakeTable] = []
        if let name {
            tables = [try await quarantineTable(name)].compactMap(\.self)
        } else {
            for name in try await lake.names() where name.namespace == "quarantine" {
                if let table = try await lake.table(name), Self.holdsRejectedRows(table) { tables.append(table) }
            }
        }
        return try await withConnection { connection in
            var counts: [QuarantineCount] = []
            for table in tables {
                let relation = try await TableReader(lake: lake, connection: connection).select(from: table)
                let result = try await connection.query(
                    """
                    SELECT coalesce(reason.rule, '') AS rule, reason."column" AS col, count(*) AS n,
                        count(DISTINCT _source_file) AS objects, min(reason.message) AS example
                    FROM (SELECT _source_file, unnest(reasons) AS reason FROM (\(relation)))
                    GROUP BY ALL ORDER BY n DESC, rule, col
                    """
                )
                counts += try result.map { row in
                    QuarantineCount(
                        table: table.name,
                        rule: try row.string("rule"),
                        column: try row.get("col"),
                        rows: try row.int64("n"),
                        objects: try row.int64("objects"),
                        example: try row.get("example")
                    )
                }
            }
            return counts
        }
    }

    /// Rejected rows, in the order of objects and records.
    ///
    /// - Parameters:
    ///   - name: A table, as `users`, `silver.users` or `quarantine.users`.
    ///   - rule: Only those with this reason.
    ///   - object: Only those of this object.
    ///   - limit: At most so many.
    /// - Returns: The rows.
    /// - Throws: `IngotError` with `unknownTable`.
    public func quarantinedRows(
        _ name: String,
        rule: String? = nil,
        object: String? = nil,
        limit: Int
    ) async throws -> [QuarantinedRow] {
        guard let table = try await quarantineTable(name) else { return [] }
        return try await withConnection { connection in
            let relation = try await TableReader(lake: lake, connection: connection).select(from: table)
            let result = try await connection.query(
                """
                SELECT _source_file, _source_version, _source_row, raw, _load_id,
                    list_transform(reasons, reason -> concat(reason.rule,
                        CASE WHEN reason."column" IS NOT NULL THEN concat('(', reason."column", ')') END,
                        CASE WHEN reason.message IS NOT NULL THEN concat(': ', reason.message) END)) AS why
                FROM (\(relation))
                WHERE (? IS NULL OR len(list_filter(reasons, reason -> reason.rule = ?)) > 0)
                    AND (? IS NULL OR _source_file = ?)
                ORDER BY _source_file, _source_version, _source_row LIMIT \(max(0, limit))
                """,
                [rule, rule, object, object].map { $0.map(DuckDB.Value.varchar) ?? .null }
            )
            return try result.map { row in
                QuarantinedRow(
                    object: try row.string("_source_file"),
                    version: try row.string("_source_version"),
                    row: try row.get("_source_row"),
                    reasons: try row.list("why").map(\.description),
                    raw: try row.get("raw"),
                    loadID: try row.string("_load_id")
                )
            }
        }
    }

    /// Does something with a connection of the engine's own, and closes it.
    func withConnection<Value>(_ body: (SQLConnection) async throws -> Value) async throws -> Value {
        let connection = try await queries.connect()
        do {
            let value = try await body(connection)
            await connection.close()
            return value
        } catch {
            await connection.close()
            throw error
        }
    }

    /// Whether a table is one of rejected rows: other engines may have made tables of their own beside them.
    private static func holdsRejectedRows(_ table: LakeTable) -> Bool {
        let columns = Set(table.metadata.currentSchema.fields.map(\.name))
        return columns.isSuperset(of: [SystemColumns.sourceFile, SystemColumns.sourceVersion, "raw", "reasons"])
    }

    /// The quarantine of a table; `nil` for one of a pipeline's that has never had a rejected row.
    private func quarantineTable(_ name: String) async throws -> LakeTable? {
        let bare = name.split(separator: ".").last.map(String.init) ?? name
        let table = TableName(namespace: "quarantine", name: bare.lowercased())
        if let found = try await lake.table(table), Self.holdsRejectedRows(found) { return found }
        let pipelines = services.project.pipelines
        let fed = pipelines.flatMap(\.tables).map(\.table.value.name) + pipelines.map(\.name.value)
        guard !fed.contains(table.name) else { return nil }
        let near = NearestMatch.find(table.name, among: fed.uniqued().sorted())
        throw IngotError(
            .unknownTable,
            "there is no table \(table)",
            hint: near.map { "ingot quarantine show \($0)" } ?? "ingot quarantine list"
        )
    }
}
