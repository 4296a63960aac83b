import StatesLanguage

/// The fields of a cron expression of EventBridge: the local times at which something happens.
struct CronFields: Hashable, Sendable {
    /// Which days of a month, by the date or by the day of the week.
    enum Days: Hashable, Sendable {
        /// Any of these dates.
        case dates(Set<Int>)
        /// The last day.
        case last
        /// The weekday nearest to a date, within the month.
        case weekdayNear(Int)
        /// Any of these days of the week.
        case weekdays(Set<Int>)
        /// The last such day of the week.
        case lastWeekday(Int)
        /// The n-th such day of the week.
        case nthWeekday(Int, Int)
    }

    static let years = 1970...2199

    var minutes: Set<Int>
    var hours: Set<Int>
    var months: Set<Int>
    var days: [Days]
    /// The years; nil for any.
    var years: Set<Int>?

    /// The first time after another one, both in seconds since 1970 as a local clock shows them.
    func next(after local: Int64) -> Int64? {
        // Whole minutes only, and never the same one again.
        let minute = Int((Double(local) / 60).rounded(.down)) + 1
        var (day, time) = (minute / 1440, minute % 1440)
        var date = CivilDate(daysSinceEpoch: day)
        while date.year <= Self.years.upperBound {
            if !months.contains(date.month) || !(years?.contains(date.year) ?? true) {
                let isDecember = date.month == 12
                date = CivilDate(
                    year: isDecember ? date.year + 1 : date.year,
                    month: isDecember ? 1 : date.month + 1,
                    day: 1
                )
                (day, time) = (date.daysSinceEpoch, 0)
                continue
            }
            if matches(date), let found = firstTime(from: time) { return Int64(day * 1440 + found) * 60 }
            day += 1
            time = 0
            date = CivilDate(daysSinceEpoch: day)
        }
        return nil
    }

    /// The first minute of a day from one on that the fields name.
    private func firstTime(from start: Int) -> Int? {
        for hour in hours.sorted() where hour >= start / 60 {
            let first = hour == start / 60 ? start % 60 : 0
            if let minute = minutes.filter({ $0 >= first }).min() { return hour * 60 + minute }
        }
        return nil
    }

    private func matches(_ date: CivilDate) -> Bool {
        let count = CivilDate.daysIn(month: date.month, year: date.year)
        return days.contains { rule in
            switch rule {
            case .dates(let dates): dates.contains(date.day)
            case .last: date.day == count
            case .weekdayNear(let wanted): date.day == Self.weekday(near: wanted, in: date, count)
            case .weekdays(let weekdays): weekdays.contains(date.weekday)
            case .lastWeekday(let weekday): date.weekday == weekday && date.day + 7 > count
            case .nthWeekday(let weekday, let number): date.weekday == weekday && (date.day - 1) / 7 + 1 == number
            }
        }
    }

    /// The day from Monday to Friday that is nearest to a date and in its month; nil where the month has no such date.
    private static func weekday(near wanted: Int, in month: CivilDate, _ count: Int) -> Int? {
        guard wanted <= count else { return nil }
        switch CivilDate(year: month.year, month: month.month, day: wanted).weekday {
        case 7: return wanted == 1 ? 3 : wanted - 1
        case 1: return wanted == count ? wanted - 2 : wanted + 1
        default: return wanted
        }
    }
}
