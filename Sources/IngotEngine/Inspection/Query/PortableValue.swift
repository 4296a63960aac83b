package import DuckDB
import JSONTree

/// Values as other programs read them: exact numbers, ISO 8601 times.
package enum PortableValue {
    /// The value as text, for CSV.
    package static func text(_ value: Value) -> String {
        switch value {
        case .timestamp, .timestampS, .timestampMS, .timestampNS, .timestampTZ: isoTime(value.description)
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
        case .timestamp, .timestampS, .timestampMS, .timestampNS, .timestampTZ:
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

    /// `2026-01-31 12:00:00+00` becomes `2026-01-31T12:00:00Z`; the infinities, and years before Christ, stay.
    private static func isoTime(_ text: String) -> String {
        guard let blank = text.firstIndex(of: " "), !text.hasSuffix("(BC)") else { return text }
        var iso = text.replacingCharacter(at: blank, with: "T")
        if iso.hasSuffix("+00") { iso = iso.dropLast(3) + "Z" }
        return iso
    }
}

extension String {
    fileprivate func replacingCharacter(at index: String.Index, with character: Character) -> String {
        String(self[..<index]) + String(character) + self[self.index(after: index)...]
    }
}
