import StatesLanguage

/// Reads the schedule expressions of EventBridge Scheduler.
enum ScheduleParser {
    /// Why a text is no schedule.
    struct Problem: Error, Hashable {
        var message: String
        var hint: String?
    }

    static func parse(_ text: String) -> Result<Schedule.Form, Problem> {
        do throws(Problem) {
            return .success(try form(text))
        } catch {
            return .failure(error)
        }
    }

    private static func form(_ text: String) throws(Problem) -> Schedule.Form {
        guard text.hasSuffix(")"), let open = text.firstIndex(of: "(") else {
            let isCron = text.split(separator: " ").count == 5
            throw Problem(
                message: "\"\(text.abbreviated)\" is no schedule: cron(...), rate(...) or at(...)",
                hint: isCron ? fromUnix(text) : "cron(30 4 * * ? *)"
            )
        }
        let inner = String(text[text.index(after: open)...].dropLast())
        switch text[..<open] {
        case "cron": return .cron(try cron(inner))
        case "rate": return .rate(seconds: try rate(inner))
        case "at": return .at(try time(inner))
        default:
            throw Problem(
                message: "\"\(text.abbreviated)\" is no schedule: cron(...), rate(...) or at(...)",
                hint: "cron(30 4 * * ? *)"
            )
        }
    }

    /// A cron expression of five fields with six, one day field of which is a question mark.
    private static func fromUnix(_ text: String) -> String {
        var fields = text.split(separator: " ").map(String.init)
        if fields[4] == "*" { fields[4] = "?" } else if fields[2] == "*" { fields[2] = "?" }
        return "cron(\(fields.joined(separator: " ")) *)"
    }

    // MARK: Rates and moments

    private static func rate(_ text: String) throws(Problem) -> Int64 {
        let words = text.split(separator: " ")
        let units: [Substring: Int64] = [
            "minute": 60, "minutes": 60, "hour": 3600, "hours": 3600, "day": 86_400, "days": 86_400,
        ]
        guard words.count == 2, let count = Int64(words[0]), (1...1_000_000).contains(count), let unit = units[words[1]]
        else {
            throw Problem(message: "a rate is a number of minutes, hours or days", hint: "rate(15 minutes)")
        }
        return count * unit
    }

    private static func time(_ text: String) throws(Problem) -> Int64 {
        let numbers = text.split { "-T:".contains($0) }.map { Int($0) ?? -1 }
        let isShaped = text.utf8.count == 19 && Array(text.utf8)[10] == UInt8(ascii: "T") && numbers.count == 6
        guard isShaped, CronFields.years.contains(numbers[0]), (1...12).contains(numbers[1]),
            (1...CivilDate.daysIn(month: numbers[1], year: numbers[0])).contains(numbers[2]),
            (0...23).contains(numbers[3]), (0...59).contains(numbers[4]), (0...59).contains(numbers[5])
        else { throw Problem(message: "a moment is written as 2026-03-02T04:30:00", hint: "at(2026-03-02T04:30:00)") }
        let day = CivilDate(year: numbers[0], month: numbers[1], day: numbers[2]).daysSinceEpoch
        return Int64(day * 86_400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5])
    }

    // MARK: Cron

    private static let months = [
        "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
    ]
    private static let weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

    private static func cron(_ text: String) throws(Problem) -> CronFields {
        let fields = text.split(separator: " ").map { $0.uppercased() }
        guard fields.count == 6 else {
            throw Problem(
                message: "cron has six fields: minutes, hours, day of the month, month, day of the week, year; "
                    + "found \(fields.count)",
                hint: fields.count == 5 ? fromUnix(fields.joined(separator: " ")) : "cron(30 4 * * ? *)"
            )
        }
        guard (fields[2] == "?") != (fields[4] == "?") else {
            throw Problem(
                message: "one of the day of the month and the day of the week is \"?\", and the other says which days",
                hint: fields[2] == "?" ? "cron(30 4 * * ? *)" : "cron(\(replaced(fields).joined(separator: " ")))"
            )
        }
        return CronFields(
            minutes: try values(fields[0], 0...59, "minutes"),
            hours: try values(fields[1], 0...23, "hours"),
            months: try values(fields[3], 1...12, "month", names: months),
            days: fields[4] == "?" ? try dates(fields[2]) : try weekdays(fields[4]),
            years: fields[5] == "*" ? nil : try values(fields[5], CronFields.years, "year")
        )
    }

    private static func replaced(_ fields: [String]) -> [String] {
        var fields = fields
        fields[fields[4] == "*" ? 4 : 2] = "?"
        return fields
    }

    private static func dates(_ field: String) throws(Problem) -> [CronFields.Days] {
        if field == "L" { return [.last] }
        if field.hasSuffix("W"), let date = Int(field.dropLast()), (1...31).contains(date) {
            return [.weekdayNear(date)]
        }
        return [.dates(try values(field, 1...31, "day of the month"))]
    }

    private static func weekdays(_ field: String) throws(Problem) -> [CronFields.Days] {
        if field == "L" { return [.weekdays([7])] }
        let parts = field.split(separator: "#")
        if parts.count == 2, let weekday = number(parts[0], weekdays, 1...7), let count = Int(parts[1]),
            (1...5).contains(count)
        {
            return [.nthWeekday(weekday, count)]
        }
        if field.hasSuffix("L"), let weekday = number(field.dropLast(), weekdays, 1...7) {
            return [.lastWeekday(weekday)]
        }
        return [.weekdays(try values(field, 1...7, "day of the week", names: weekdays))]
    }

    /// A field of numbers, ranges and steps, separated by commas.
    private static func values(
        _ field: String,
        _ range: ClosedRange<Int>,
        _ what: String,
        names: [String] = []
    ) throws(Problem) -> Set<Int> {
        var found: Set<Int> = []
        for part in field.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = part.split(separator: "/", omittingEmptySubsequences: false)
            let step = halves.count == 2 ? Int(halves[1]) ?? 0 : 1
            let ends = halves.first.map { $0.split(separator: "-", omittingEmptySubsequences: false) } ?? []
            let numbers = ends.map { number($0, names, range) }
            let isEvery = halves.first == "*"
            guard halves.count <= 2, step > 0, isEvery || (1...2).contains(ends.count) && !numbers.contains(nil) else {
                throw Problem(
                    message: "\"\(field.abbreviated)\" is no \(what): numbers from \(range.lowerBound) to "
                        + "\(range.upperBound), with \",\", \"-\", \"*\" and \"/\"",
                    hint: nil
                )
            }
            let known = numbers.compactMap(\.self)
            let lower = isEvery ? range.lowerBound : known[0]
            let upper = isEvery || halves.count == 2 && known.count == 1 ? range.upperBound : known.last ?? lower
            // Days of the week may go over the week's end.
            if lower <= upper {
                found.formUnion(stride(from: lower, through: upper, by: step))
            } else {
                let wrapped = Array(lower...range.upperBound) + Array(range.lowerBound...upper)
                found.formUnion(stride(from: 0, to: wrapped.count, by: step).map { wrapped[$0] })
            }
        }
        return found
    }

    private static func number(_ text: Substring, _ names: [String], _ range: ClosedRange<Int>) -> Int? {
        if let index = names.firstIndex(of: String(text)) { return index + range.lowerBound }
        return Int(text).flatMap { range.contains($0) ? $0 : nil }
    }
}
