import DuckDB
import IngotCore
import IngotProject

/// The table of a check, as it is visible to SQL.
struct CheckedTable {
    /// How SQL names it.
    let sql: String
    /// The column that places a row in time, in quotes, and its type.
    let eventTime: (name: String, type: LogicalType)
    private let check: Check
    private let columns: [DuckDB.Column]

    /// Looks at a table that is visible on a connection.
    ///
    /// - Throws: `IngotError` with `unknownName` or `invalidValue` at the column that the check names.
    init(_ check: Check, of project: Project, _ connection: SQLConnection) async throws {
        self.check = check
        let table = check.table.value
        sql = SQL.qualified([table.sqlSchema, table.name])
        columns = try await connection.describe("FROM \(sql)").columns
        guard let named = project.eventTime(of: check) else {
            throw IngotError(.missingKey, "the check needs the key \"event_time\"", at: check.table.location)
        }
        let column = try Self.column(named, of: table, among: columns)
        guard Self.isTime(column.type) else {
            let times = columns.filter { Self.isTime($0.type) }.map(\.name)
            throw IngotError(
                .invalidValue,
                "the column \"\(column.name)\" of \(table) is \(column.type), and no date or timestamp",
                at: named.location,
                hint: times.isEmpty ? nil : "event_time: \(times.joined(separator: " or "))"
            )
        }
        eventTime = (SQL.identifier(column.name), column.type)
    }

    private static func isTime(_ type: LogicalType) -> Bool {
        switch type {
        case .date, .timestamp, .timestampS, .timestampMS, .timestampNS, .timestampTZ: true
        default: false
        }
    }

    /// The error for a check of a table that nobody has.
    static func unknown(_ check: Check, _ names: TableNames) -> IngotError {
        let table = check.table.value.description
        return IngotError(
            .unknownTable,
            "there is no table \"\(table)\"",
            at: check.table.location,
            hint: NearestMatch.find(table, among: names.kinds.keys.map(\.description).sorted())
        )
    }

    /// A column that the check names.
    ///
    /// - Throws: `IngotError` with `unknownName`.
    func column(_ name: Located<String>) throws -> DuckDB.Column {
        try Self.column(name, of: check.table.value, among: columns)
    }

    private static func column(
        _ name: Located<String>,
        of table: TableName,
        among columns: [DuckDB.Column]
    ) throws -> DuckDB.Column {
        if let column = columns.first(where: { $0.name.lowercased() == name.value.lowercased() }) { return column }
        let known = columns.map(\.name)
        throw IngotError(
            .unknownName,
            "\(table) has no column \"\(name)\"; columns: \(known.joined(separator: ", "))",
            at: name.location,
            hint: NearestMatch.find(name.value, among: known)
        )
    }

    /// SQL that gives a row's time in microseconds since 1970; NULL for a date that no timestamp reaches.
    var microseconds: String { "epoch_us(TRY_CAST(\(eventTime.name) AS TIMESTAMP))" }

    /// SQL that is true for rows of a time from an instant on.
    func isFrom(_ instant: Int64) -> String { "\(time) >= \(literal(instant))" }

    /// SQL that is true for rows of a time before an instant.
    func isBefore(_ instant: Int64) -> String { "\(time) < \(literal(instant))" }

    /// The time of a row; timestamps stand alone, so that statistics of files help.
    private var time: String {
        switch eventTime.type {
        case .timestamp, .timestampTZ: eventTime.name
        default: "TRY_CAST(\(eventTime.name) AS TIMESTAMP)"
        }
    }

    private func literal(_ instant: Int64) -> String {
        eventTime.type == .timestampTZ ? "make_timestamptz(\(instant))" : "make_timestamp(\(instant))"
    }
}
