package import IngotProject

/// The intervals of one length: hours, days, ISO weeks, months or years in UTC, as microseconds since 1970.
package struct IntervalCalendar: Sendable, Hashable {
    private static let hour: Int64 = 3_600_000_000
    private static let day: Int64 = 86_400_000_000

    /// The length of an interval.
    package let size: Model.BatchSize

    package init(_ size: Model.BatchSize) {
        self.size = size
    }

    /// The interval that holds an instant, by its number; interval 0 holds the first instant of 1970.
    package func number(of instant: Int64) -> Int64 {
        switch size {
        case .hour: return instant.flooredQuotient(Self.hour)
        case .day: return instant.flooredQuotient(Self.day)
        case .week:
            // 1970 began on a Thursday, three days into its ISO week.
            return (instant.flooredQuotient(Self.day) + 3).flooredQuotient(7)
        case .month, .year:
            let (year, month, _) = CivilDate.parts(ofDays: Int(instant.flooredQuotient(Self.day)))
            return Int64(size == .year ? year - 1970 : (year - 1970) * 12 + month - 1)
        }
    }

    /// The first instant of an interval.
    package func start(ofNumber number: Int64) -> Int64 {
        switch size {
        case .hour: return number * Self.hour
        case .day: return number * Self.day
        case .week: return (number * 7 - 3) * Self.day
        case .month:
            let year = number.flooredQuotient(12)
            let days = CivilDate.days(year: Int(year) + 1970, month: Int(number - year * 12) + 1, day: 1)
            return Int64(days) * Self.day
        case .year: return Int64(CivilDate.days(year: Int(number) + 1970, month: 1, day: 1)) * Self.day
        }
    }

    /// The range of so many intervals from one on.
    package func range(_ numbers: ClosedRange<Int64>) -> IntervalRange {
        IntervalRange(start: start(ofNumber: numbers.lowerBound), end: start(ofNumber: numbers.upperBound + 1))
    }

    /// The whole intervals that hold a range.
    package func whole(_ range: IntervalRange) -> IntervalRange {
        guard range.start < range.end else { return range }
        return self.range(number(of: range.start)...number(of: range.end - 1))
    }

    /// A range made longer by whole intervals at its ends.
    package func widen(_ range: IntervalRange, before: Int, after: Int) -> IntervalRange {
        IntervalRange(
            start: start(ofNumber: number(of: range.start) - Int64(before)),
            end: start(ofNumber: number(of: range.end) + Int64(after))
        )
    }

    /// How many intervals a range of whole intervals holds.
    package func count(_ range: IntervalRange) -> Int {
        Int(number(of: range.end) - number(of: range.start))
    }

    /// A range cut into pieces of at most so many intervals.
    package func slices(_ range: IntervalRange, of countMax: Int) -> [IntervalRange] {
        var slices: [IntervalRange] = []
        var first = number(of: range.start)
        let end = number(of: range.end)
        while first < end {
            let next = min(end, first + Int64(countMax))
            slices.append(IntervalRange(start: start(ofNumber: first), end: start(ofNumber: next)))
            first = next
        }
        return slices
    }
}

/// A stretch of time: from its start on, up to but without its end, in microseconds since 1970 UTC.
package struct IntervalRange: Sendable, Hashable {
    /// The first instant.
    package var start: Int64
    /// The first instant that does not belong to it any more.
    package var end: Int64

    package init(start: Int64, end: Int64) {
        self.start = start
        self.end = end
    }
}
