import DuckDB
import Iceberg
import IngotProject

/// A column that says when a row's event happened.
struct EventTime {
    private static let day: Int64 = 86_400_000_000

    let column: String
    let type: IcebergType

    /// The column of that name; `nil` if there is none, or if it is no date or timestamp.
    init?(_ name: String, in schema: Schema) {
        guard let field = schema.fields.first(where: { $0.name.lowercased() == name.lowercased() }),
            [.date, .timestamp, .timestamptz].contains(field.type)
        else { return nil }
        column = field.name
        type = field.type
    }

    private var name: String { SQL.identifier(column) }

    /// SQL that is true for rows of a range.
    ///
    /// The column stands alone, so that statistics of files help.
    func condition(_ range: IntervalRange) -> String {
        "\(name) >= \(sql(range.start)) AND \(name) < \(sql(range.end))"
    }

    /// SQL that is true for rows from an instant on.
    func condition(from start: Int64) -> String {
        "\(name) >= \(sql(start))"
    }

    /// SQL that is true for rows that have no place in time.
    var isMissing: String { "\(name) IS NULL" }

    /// Finds the files that can hold rows of a range.
    func predicate(_ range: IntervalRange) -> Predicate {
        .range(column, from: literal(range.start), to: literal(range.end))
    }

    /// Finds the files that can hold rows from an instant on.
    func predicate(from start: Int64) -> Predicate {
        .compare(column, .greaterThanOrEqual, literal(start))
    }

    /// SQL that gives the first instant of a row's interval, in microseconds since 1970.
    func intervalStart(_ size: Model.BatchSize) -> String {
        "CAST(epoch_us(date_trunc('\(size.rawValue)', CAST(\(name) AS TIMESTAMP))) AS BIGINT)"
    }

    private func sql(_ instant: Int64) -> String {
        switch type {
        case .date: "(DATE '1970-01-01' + \(firstDay(from: instant)))"
        case .timestamptz: "make_timestamptz(\(instant))"
        default: "make_timestamp(\(instant))"
        }
    }

    private func literal(_ instant: Int64) -> TableLiteral {
        switch type {
        case .date: .date(Int32(clamping: firstDay(from: instant)))
        case .timestamptz: .timestamptz(instant)
        default: .timestamp(instant)
        }
    }

    /// The first date that begins at an instant or later.
    private func firstDay(from instant: Int64) -> Int64 {
        (instant + Self.day - 1).flooredQuotient(Self.day)
    }

    /// The instant that a project file states as an ISO date or timestamp; UTC without an offset.
    static func instant(_ literal: ProjectLiteral) -> Int64? {
        Timestamps.instant(literal.text)
    }
}

extension Timestamps {
    /// The instant of an ISO date or timestamp, in microseconds since 1970 UTC; UTC without an offset.
    package static func instant(_ text: String) -> Int64? {
        var text = text.replacing("T", with: " ")
        if text.hasSuffix("Z") { text = text.dropLast() + "+00" }
        if text.utf8.count == 10 { text += " 00:00:00" }
        if text.utf8.count == 16 { text += ":00" }
        let value =
            TableLiteral(duckDBText: text, type: .timestamp) ?? TableLiteral(duckDBText: text, type: .timestamptz)
        switch value {
        case .timestamp(let instant), .timestamptz(let instant): return instant
        default: return nil
        }
    }
}
