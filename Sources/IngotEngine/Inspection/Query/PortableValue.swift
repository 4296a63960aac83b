package import DuckDB
import JSONTree

/// Values as other programs read them: exact numbers, ISO 8601 times.
package enum PortableValue {
    /// The value as text, for CSV.
    package static func text(_ value: Value) -> String {
        switch value {
        case .date, .timestamp, .timestampS, .timestampMS, .timestampNS, .timestampTZ: isoTime(value.description)
        case .list, .array, .structure, .map: json(value)
        case .union(_, let inner): text(inner)
        default: value.description
        }
    }

    /// The value as JSON.
    package static func json(_ value: Value) -> String {
        var text = ""
        appendJSON(value, to: &text)
        return text
    }

    /// Appends the value as JSON.
    package static func appendJSON(_ value: Value, to text: inout String) {
        switch value {
        case .date, .timestamp, .timestampS, .timestampMS, .timestampNS, .timestampTZ:
            Value.appendQuoted(isoTime(value.description), to: &text)
        case .json(let json):
            // A file may hold any text under the type's name.
            if (try? JSON(parsing: json)) != nil { text += json } else { Value.appendQuoted(json, to: &text) }
        case .list(let elements), .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += ", " }
                appendJSON(element, to: &text)
            }
            text += "]"
        case .structure(let fields):
            appendMembers(fields.enumerated().map { ($1.name.isEmpty ? "\($0 + 1)" : $1.name, $1.value) }, to: &text)
        case .map(let entries): appendMembers(entries.map { (self.text($0.key), $0.value) }, to: &text)
        case .union(_, let inner): appendJSON(inner, to: &text)
        default: value.appendJSON(to: &text)
        }
    }

    private static func appendMembers(_ members: [(String, Value)], to text: inout String) {
        text += "{"
        for (index, member) in members.enumerated() {
            if index > 0 { text += ", " }
            Value.appendQuoted(member.0, to: &text)
            text += ": "
            appendJSON(member.1, to: &text)
        }
        text += "}"
    }

    /// `2026-01-31 12:00:00+00` becomes `2026-01-31T12:00:00Z`, and `0044-03-15 (BC)` `-0043-03-15`; the infinities
    /// stay.
    private static func isoTime(_ text: String) -> String {
        var iso = text
        if let mark = text.firstRange(of: " (BC)") {
            iso = isoYear(String(text[..<mark.lowerBound])) + text[mark.upperBound...]
        }
        iso = iso.replacing(" ", with: "T", maxReplacements: 1)
        if iso.hasSuffix("+00") { iso = iso.dropLast(3) + "Z" }
        return iso
    }

    /// The date with the year as ISO 8601 counts it, where year 0 is the one before year 1.
    private static func isoYear(_ date: String) -> String {
        guard let end = date.firstIndex(of: "-"), let year = Int(date[..<end]) else { return date }
        let digits = String(year - 1)
        let padding = String(repeating: "0", count: max(0, 4 - digits.count))
        return (year > 1 ? "-" : "") + padding + digits + date[end...]
    }
}
