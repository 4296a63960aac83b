import IngotEngine
import JSONTree

/// Numbers and times as people read them.
enum HumanText {
    /// `1.4 MB`.
    static func bytes(_ size: Int64) -> String {
        let units = ["B", "kB", "MB", "GB", "TB", "PB"]
        var value = Double(size)
        var unit = 0
        while value >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return unit == 0 ? "\(size) B" : "\(fixed(value, value < 9.95 ? 1 : 0)) \(units[unit])"
    }

    /// `2026-11-20 23:38:00`, in UTC.
    static func time(_ nanoseconds: Int64) -> String {
        let iso = Timestamps.iso(nanoseconds)
        return String(iso.prefix(10)) + " " + String(iso.dropFirst(11).prefix(8))
    }

    /// `1.25`.
    static func decimal(_ value: Double) -> String {
        fixed(value, 2)
    }

    /// `0.34 s`, `12 s`, `3 min 20 s`.
    static func seconds(_ value: Double) -> String {
        if value < 10 { return "\(fixed(value, 2)) s" }
        let whole = Int(value.rounded())
        return whole < 120 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
    }

    /// `1 object`, `2 objects`.
    static func count(_ number: Int, _ noun: String) -> String {
        "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// `1,234,567`.
    static func grouped(_ number: Int) -> String {
        let digits = Array(String(number.magnitude))
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    /// A number of seconds in JSON, to the millisecond.
    static func json(_ value: Double) -> JSON {
        JSONNumber(text: fixed(value, 3)).map(JSON.number) ?? .null
    }

    /// A number with so many digits after the point.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite, value.magnitude < 1e15 else { return "\(value)" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int64((value * scale).rounded())
        guard digits > 0 else { return String(scaled) }
        let text = String(scaled.magnitude)
        let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        return (scaled < 0 ? "-" : "") + padded.dropLast(digits) + "." + padded.suffix(digits)
    }
}
