/// Dates and times as DuckDB writes them.
enum TimeText {
    /// A DATE.
    static func date(_ days: Int32) -> String {
        switch days {
        case .max: "infinity"
        case -.max: "-infinity"
        default: finiteDate(Int(days))
        }
    }

    /// A timestamp in some unit, `suffix` behind it unless it is infinite.
    static func timestamp(_ value: Int64, unitsPerSecond: Int64, suffix: String = "") -> String {
        guard value != .max else { return "infinity" }
        guard value != -.max else { return "-infinity" }
        let unitsPerDay = 86_400 * unitsPerSecond
        var (days, rest) = value.quotientAndRemainder(dividingBy: unitsPerDay)
        if rest < 0 {
            days -= 1
            rest += unitsPerDay
        }
        return "\(finiteDate(Int(days))) \(clock(rest.magnitude, unitsPerSecond: unitsPerSecond.magnitude))\(suffix)"
    }

    /// Hours (as many as there are), minutes and seconds, and the fraction without its trailing zeros.
    static func clock(_ value: UInt64, unitsPerSecond: UInt64) -> String {
        let (seconds, fraction) = value.quotientAndRemainder(dividingBy: unitsPerSecond)
        let text = "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
        guard fraction > 0 else { return text }
        // The digit in front keeps the zeros that the fraction starts with.
        let digits = String(unitsPerSecond + fraction).dropFirst()
        let end = digits.lastIndex { $0 != "0" } ?? digits.startIndex
        return "\(text).\(digits[...end])"
    }

    /// An offset from UTC: `+05:30`, the minutes and seconds only where there are any.
    static func offset(_ seconds: Int32) -> String {
        let magnitude = UInt64(seconds.magnitude)
        var text = (seconds < 0 ? "-" : "+") + two(magnitude / 3600)
        if magnitude % 3600 != 0 {
            text += ":" + two(magnitude / 60 % 60)
        }
        if magnitude % 60 != 0 {
            text += ":" + two(magnitude % 60)
        }
        return text
    }

    private static func two(_ number: UInt64) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }

    private static func finiteDate(_ days: Int) -> String {
        let (year, month, day) = civil(days)
        let shown = String(year > 0 ? year : 1 - year)
        let padding = String(repeating: "0", count: max(0, 4 - shown.count))
        return "\(padding)\(shown)-\(two(UInt64(month)))-\(two(UInt64(day)))\(year > 0 ? "" : " (BC)")"
    }

    /// The proleptic Gregorian date of a day number.
    ///
    /// Works in eras of 400 years, counted from 0000-03-01, so that the leap day is the last of its year.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
