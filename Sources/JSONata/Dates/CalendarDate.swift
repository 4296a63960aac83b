/// A moment in UTC, in the proleptic Gregorian calendar, as JavaScript's `Date` has it.
struct CalendarDate {
    let milliseconds: Int64
    let year: Int
    /// From 1.
    let month: Int
    let day: Int

    private static let millisecondsPerDay: Int64 = 86_400_000
    /// How far from 1970 a moment may be.
    static let millisecondsMax: Int64 = 8_640_000_000_000_000

    /// The moment so many milliseconds after 1970 began; `nil` beyond what dates can express.
    init?(_ milliseconds: Double) {
        guard let whole = Int64(exactly: milliseconds.rounded(.towardZero)), whole.magnitude <= Self.millisecondsMax
        else { return nil }
        self.milliseconds = whole
        (year, month, day) = CalendarDate.civil(fromDays: whole.dividedDown(by: Self.millisecondsPerDay))
    }

    private var timeOfDay: Int {
        Int(milliseconds - milliseconds.dividedDown(by: Self.millisecondsPerDay) * Self.millisecondsPerDay)
    }

    var hour: Int { timeOfDay / 3_600_000 }
    var minute: Int { timeOfDay / 60_000 % 60 }
    var second: Int { timeOfDay / 1000 % 60 }
    var millisecond: Int { timeOfDay % 1000 }

    /// The day of the week, from 1 for Monday to 7 for Sunday.
    var weekday: Int {
        CalendarDate.weekday(ofDays: days)
    }

    var dayOfYear: Int {
        Int(days - CalendarDate.days(year: year, month: 1, day: 1)) + 1
    }

    /// The days since 1970.
    private var days: Int64 {
        milliseconds.dividedDown(by: Self.millisecondsPerDay)
    }

    // MARK: - Weeks

    /// The week of the year, by ISO 8601: the first one holds the first Thursday.
    var week: Int {
        week(from: firstWeek(year, 1), next: firstWeek(year + 1, 1), previous: firstWeek(year - 1, 1))
    }

    /// The week of the month, by the same rule.
    var weekOfMonth: Int {
        let (next, previous) = (neighbour(1), neighbour(-1))
        return week(
            from: firstWeek(year, month),
            next: firstWeek(next.year, next.month),
            previous: firstWeek(previous.year, previous.month)
        )
    }

    /// The year that the week belongs to.
    var weekYear: Int {
        days < firstWeek(year, 1) ? year - 1 : days >= firstWeek(year + 1, 1) ? year + 1 : year
    }

    /// The month that the week belongs to.
    var weekMonth: Int {
        let next = neighbour(1)
        if days < firstWeek(year, month) { return neighbour(-1).month }
        return days >= firstWeek(next.year, next.month) ? next.month : month
    }

    private func week(from start: Int64, next: Int64, previous: Int64) -> Int {
        if days >= next { return 1 }
        return Int((days - (days < start ? previous : start)) / 7) + 1
    }

    private func neighbour(_ offset: Int) -> (year: Int, month: Int) {
        switch month + offset {
        case 0: (year - 1, 12)
        case 13: (year + 1, 1)
        default: (year, month + offset)
        }
    }

    /// The Monday of the first week of a month, in days since 1970.
    private func firstWeek(_ year: Int, _ month: Int) -> Int64 {
        let first = CalendarDate.days(year: year, month: month, day: 1)
        let weekday = Int64(CalendarDate.weekday(ofDays: first))
        return weekday > 4 ? first + 8 - weekday : first - (weekday - 1)
    }

    // MARK: - Days

    private static func weekday(ofDays days: Int64) -> Int {
        let sinceThursday = days - days.dividedDown(by: 7) * 7
        return Int((sinceThursday + 3) % 7) + 1
    }

    /// The days from 1970 to a date, whose month may lie outside of its year.
    static func days(year: Int, month: Int, day: Int) -> Int64 {
        // Years begin in March here, so that a leap day is the last one.
        let months = Int64(year) * 12 + Int64(month) - 3
        let shiftedYear = months.dividedDown(by: 12)
        let shiftedMonth = months - shiftedYear * 12
        let era = shiftedYear.dividedDown(by: 400)
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * shiftedMonth + 2) / 5 + Int64(day) - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func civil(fromDays days: Int64) -> (Int, Int, Int) {
        let shifted = days + 719_468
        let era = shifted.dividedDown(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (Int(year), Int(month), Int(day))
    }

    /// The milliseconds from 1970 to a date and time, as `Date.UTC` of JavaScript counts them; `NaN` where a part is
    /// none or the moment is beyond what dates can express.
    static func milliseconds(
        year: Double,
        month: Double,
        day: Double,
        hour: Double = 0,
        minute: Double = 0,
        second: Double = 0,
        millisecond: Double = 0
    ) -> Double {
        let parts = [year, month, day, hour, minute, second, millisecond].map { $0.rounded(.towardZero) }
        guard parts.allSatisfy({ $0.magnitude <= 1e9 }) else { return .nan }
        // Years of two digits are those of the 20th century.
        let fullYear = (0...99).contains(parts[0]) ? parts[0] + 1900 : parts[0]
        guard fullYear.magnitude <= 400_000, parts[1].magnitude <= 4_000_000 else { return .nan }
        let days = Double(CalendarDate.days(year: Int(fullYear), month: Int(parts[1]), day: 1)) + parts[2] - 1
        let time = ((parts[3] * 60 + parts[4]) * 60 + parts[5]) * 1000 + parts[6]
        let total = days * 86_400_000 + time
        return total.magnitude <= Double(millisecondsMax) ? total : .nan
    }
}

extension Int64 {
    /// The quotient rounded down, for negative numbers too.
    func dividedDown(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
