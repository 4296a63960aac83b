/// Instants as text, in UTC.
package enum Timestamps {
    /// The calendar's parts of an instant.
    private struct Parts {
        var year, month, day, hour, minute, second: Int
        var microsecond: Int

        init(nanoseconds: Int64) {
            let seconds = nanoseconds.flooredQuotient(1_000_000_000)
            microsecond = Int((nanoseconds - seconds * 1_000_000_000) / 1000)
            let days = seconds.flooredQuotient(86_400)
            let rest = Int(seconds - days * 86_400)
            (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
            (year, month, day) = CivilDate.parts(ofDays: Int(days))
        }
    }

    /// `2026-11-20T23:38:00.123456Z`.
    package static func iso(_ nanoseconds: Int64) -> String {
        let parts = Parts(nanoseconds: nanoseconds)
        return "\(date(parts))T\(pad(parts.hour)):\(pad(parts.minute)):\(pad(parts.second))"
            + ".\(pad(parts.microsecond, 6))Z"
    }

    /// `2026-11-20`.
    package static func day(_ nanoseconds: Int64) -> String {
        date(Parts(nanoseconds: nanoseconds))
    }

    /// `20261120T233800Z`.
    static func compact(_ nanoseconds: Int64) -> String {
        let parts = Parts(nanoseconds: nanoseconds)
        return pad(parts.year, 4) + pad(parts.month) + pad(parts.day) + "T"
            + pad(parts.hour) + pad(parts.minute) + pad(parts.second) + "Z"
    }

    private static func date(_ parts: Parts) -> String {
        "\(pad(parts.year, 4))-\(pad(parts.month))-\(pad(parts.day))"
    }

    private static func pad(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// The proleptic Gregorian calendar, in days since 1970-01-01.
package enum CivilDate {
    package static func days(year: Int, month: Int, day: Int) -> Int {
        // Years begin in March, so that the leap day is the last of its year.
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted.flooredQuotient(400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    package static func parts(ofDays days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted.flooredQuotient(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let civilMonth = month < 10 ? month + 3 : month - 9
        return (yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0), civilMonth, day)
    }
}

extension BinaryInteger {
    /// The quotient rounded down, also for negative numbers.
    package func flooredQuotient(_ divisor: Self) -> Self {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder != 0 && (remainder < 0) != (divisor < 0) ? quotient - 1 : quotient
    }
}
