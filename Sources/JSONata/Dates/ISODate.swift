/// Reads dates and times in ISO 8601.
enum ISODate {
    private struct Cursor {
        var rest: Substring.UnicodeScalarView

        /// Reads so many digits, if they are here.
        mutating func digits(_ count: Int) -> Double? {
            let digits = rest.prefix(count)
            guard digits.count == count, digits.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
            rest = rest.dropFirst(count)
            return Double(String(digits))
        }

        mutating func take(_ scalar: Unicode.Scalar) -> Bool {
            guard rest.first == scalar else { return false }
            rest.removeFirst()
            return true
        }
    }

    /// The milliseconds since 1970; `nil` where the text is no such date, and `NaN` where there is no such day or time.
    static func milliseconds(_ text: String) -> Double? {
        var cursor = Cursor(rest: text[...].unicodeScalars)
        guard let year = cursor.digits(4) else { return nil }
        var parts = [year, 1, 1, 0, 0, 0]
        for index in 1...2 where cursor.rest.count != 5 || !isOffset(cursor) {
            guard cursor.take("-") else { break }
            guard let part = cursor.digits(2) else { return nil }
            parts[index] = part
        }
        if cursor.take("T") {
            for index in 3...5 {
                guard index == 3 || cursor.take(":"), let part = cursor.digits(2) else { return nil }
                parts[index] = part
            }
        }
        var millisecond = 0.0
        if cursor.take(".") {
            let digits = cursor.rest.prefix { ("0"..."9").contains($0) }
            guard !digits.isEmpty else { return nil }
            cursor.rest = cursor.rest.dropFirst(digits.count)
            millisecond = Double((String(digits) + "00").prefix(3)) ?? 0
        }
        guard let zone = zoneMinutes(&cursor), cursor.rest.isEmpty else { return nil }
        let isMidnight = parts[3] == 24 && parts[4] == 0 && parts[5] == 0 && millisecond == 0
        guard (1...12).contains(parts[1]), (1...31).contains(parts[2]), parts[3] < 24 || isMidnight, parts[4] < 60,
            parts[5] < 60
        else { return .nan }
        let days = CalendarDate.days(year: Int(year), month: Int(parts[1]), day: Int(parts[2]))
        let time = ((parts[3] * 60 + parts[4] - zone) * 60 + parts[5]) * 1000 + millisecond
        return Double(days) * 86_400_000 + time
    }

    /// Whether what is left is an offset such as `-0500`, not a month and what follows it.
    private static func isOffset(_ cursor: Cursor) -> Bool {
        cursor.rest.dropFirst().allSatisfy { ("0"..."9").contains($0) }
    }

    private static func zoneMinutes(_ cursor: inout Cursor) -> Double? {
        if cursor.rest.isEmpty || cursor.take("Z") { return 0 }
        let sign: Double
        if cursor.take("+") {
            sign = 1
        } else if cursor.take("-") {
            sign = -1
        } else {
            return nil
        }
        guard let hours = cursor.digits(2) else { return nil }
        _ = cursor.take(":")
        guard let minutes = cursor.digits(2) else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
