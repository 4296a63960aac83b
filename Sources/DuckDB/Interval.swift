/// A span of time in three parts that do not convert into each other.
public struct Interval: Sendable, Hashable {
    /// Months, years among them.
    public var months: Int32
    /// Days, weeks among them.
    public var days: Int32
    /// All that is shorter than a day.
    public var microseconds: Int64

    /// Makes an interval.
    public init(months: Int32 = 0, days: Int32 = 0, microseconds: Int64 = 0) {
        self.months = months
        self.days = days
        self.microseconds = microseconds
    }
}

extension Interval: CustomStringConvertible {
    /// The interval as DuckDB writes it: `2 years -3 days 25:00:01.5`.
    public var description: String {
        var parts: [String] = []
        for (count, unit) in [(months / 12, "year"), (months % 12, "month"), (days, "day")] where count != 0 {
            parts.append("\(count) \(unit)\(count.magnitude == 1 ? "" : "s")")
        }
        if microseconds != 0 || parts.isEmpty {
            let sign = microseconds < 0 ? "-" : ""
            parts.append(sign + TimeText.clock(microseconds.magnitude, unitsPerSecond: 1_000_000))
        }
        return parts.joined(separator: " ")
    }
}
