import IngotCore
import IngotProject

/// Times and numbers in the texts of checks.
enum CheckText {
    /// `2026-03-08 09:30`, with seconds where there are some; in UTC.
    static func time(_ microseconds: Int64) -> String {
        let iso = Timestamps.iso(microseconds.multipliedReportingOverflow(by: 1_000).partialValue)
        let (day, clock) = (iso.prefix(10), iso.dropFirst(11).prefix(8))
        return "\(day) \(clock.hasSuffix(":00") ? clock.dropLast(3) : clock)"
    }

    /// An instant as programs read it.
    static func iso(_ microseconds: Int64) -> String {
        Timestamps.iso(microseconds.multipliedReportingOverflow(by: 1_000).partialValue)
    }

    /// The two largest units of a duration: `2 d 3 h`, `30 min`.
    static func duration(_ microseconds: Int64) -> String {
        var rest = microseconds / 1_000_000
        var parts: [String] = []
        for (unit, seconds) in [("d", Int64(86_400)), ("h", 3_600), ("min", 60), ("s", 1)] {
            if rest >= seconds, parts.count < 2 { parts.append("\(rest / seconds) \(unit)") }
            rest %= seconds
        }
        return parts.isEmpty ? "0 s" : parts.joined(separator: " ")
    }

    /// How many characters of a value are shown: to people, and to programs.
    private static let valueSizeMax = (told: 100, listed: 1_000)

    /// A value of a table in one short line: controls, and marks that turn the direction of text, as escapes.
    static func value(_ text: String) -> String {
        let (start, isWhole) = Self.start(of: text, valueSizeMax.told)
        return PlainText.oneLine(start) + (isWhole ? "" : "…")
    }

    /// A value of a table for programs, with an ellipsis where it is long.
    static func shortened(_ text: String) -> String {
        let (start, isWhole) = Self.start(of: text, valueSizeMax.listed)
        return start + (isWhole ? "" : "…")
    }

    /// The first scalars of a text, of which a character may have any number.
    private static func start(of text: String, _ count: Int) -> (text: String, isWhole: Bool) {
        let start = text.unicodeScalars.prefix(count)
        return (String(start), start.endIndex == text.unicodeScalars.endIndex)
    }

    /// `1 file`, `2 files`.
    static func count(_ number: Int64, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
