extension Value: CustomStringConvertible {
    /// The text that `CAST(value AS VARCHAR)` gives in a session whose time zone is UTC; `NULL` for the null.
    public var description: String {
        switch self {
        case .null: "NULL"
        case .boolean(let value): value ? "true" : "false"
        case .tinyint(let value): String(value)
        case .smallint(let value): String(value)
        case .integer(let value): String(value)
        case .bigint(let value): String(value)
        case .hugeint(let value): String(value)
        case .utinyint(let value): String(value)
        case .usmallint(let value): String(value)
        case .uinteger(let value): String(value)
        case .ubigint(let value): String(value)
        case .uhugeint(let value): String(value)
        case .bignum(let value): value.description
        case .float(let value): NumberText.text(value)
        case .double(let value): NumberText.text(value)
        case .decimal(let value): value.description
        case .varchar(let text), .json(let text), .enumeration(let text): text
        case .blob(let bytes): Self.blobText(bytes)
        case .bit(let bits): bits.description
        case .uuid(let value): Self.uuidText(value)
        case .interval(let value): value.description
        case .list(let elements): Self.listText(elements)
        // Of an array, DuckDB quotes no element.
        case .array(let elements): "[\(elements.map(\.description).joined(separator: ", "))]"
        case .structure(let fields): Self.structureText(fields)
        case .map(let entries): Self.mapText(entries)
        case .union(_, let value): value.description
        default: timeText
        }
    }

    private var timeText: String {
        switch self {
        case .date(let days): TimeText.date(days)
        case .time(let value): TimeText.clock(value.magnitude, unitsPerSecond: 1_000_000)
        case .timeNS(let value): TimeText.clock(value.magnitude, unitsPerSecond: 1_000_000_000)
        case .timeTZ(let value, let offset):
            TimeText.clock(value.magnitude, unitsPerSecond: 1_000_000) + TimeText.offset(offset)
        case .timestamp(let value): TimeText.timestamp(value, unitsPerSecond: 1_000_000)
        case .timestampS(let value): TimeText.timestamp(value, unitsPerSecond: 1)
        case .timestampMS(let value): TimeText.timestamp(value, unitsPerSecond: 1000)
        case .timestampNS(let value): TimeText.timestamp(value, unitsPerSecond: 1_000_000_000)
        case .timestampTZ(let value): TimeText.timestamp(value, unitsPerSecond: 1_000_000, suffix: "+00")
        default: preconditionFailure("every other case has its text in description")
        }
    }

    private static func blobText(_ bytes: [UInt8]) -> String {
        var text = ""
        for byte in bytes {
            let isPlain = (32...126).contains(byte) && !#"\'""#.utf8.contains(byte)
            text += isPlain ? String(UnicodeScalar(byte)) : "\\x" + hex(UInt128(byte), digits: 2).uppercased()
        }
        return text
    }

    private static func uuidText(_ value: UInt128) -> String {
        let digits = hex(value, digits: 32)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) {
                text += "-"
            }
            text.append(digit)
        }
        return text
    }

    private static func hex(_ value: UInt128, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: digits - text.count) + text
    }
}

// Nested values: what stands inside is quoted where it could be taken for part of what surrounds it.
extension Value {
    private static func listText(_ elements: [Value]) -> String {
        // DuckDB writes a list of JSON as JSON is written.
        let isJSON = elements.contains { if case .json = $0 { true } else { false } }
        return "[\(elements.map { isJSON ? $0.description : $0.innerText }.joined(separator: ", "))]"
    }

    private static func structureText(_ fields: [Field]) -> String {
        if fields.allSatisfy(\.name.isEmpty) {
            return "(\(fields.map(\.value.innerText).joined(separator: ", ")))"
        }
        return "{\(fields.map { "\(quoted($0.name)): \($0.value.innerText)" }.joined(separator: ", "))}"
    }

    private static func mapText(_ entries: [Entry]) -> String {
        "{\(entries.map { "\($0.key.innerText)=\($0.value.innerText)" }.joined(separator: ", "))}"
    }

    private var innerText: String {
        switch self {
        case .null, .list, .array, .structure, .map, .union: description
        default:
            description.isEmpty || Self.needsQuotes(description) ? Self.quoted(description) : description
        }
    }

    private static func needsQuotes(_ text: String) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last else { return true }
        return isSpace(first) || isSpace(last) || bytes.contains { #""'(),:=[]{}"#.utf8.contains($0) }
            || text.lowercased() == "null"
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 32 || (9...13).contains(byte)
    }

    private static func quoted(_ text: String) -> String {
        var result = String.UnicodeScalarView("'".unicodeScalars)
        for scalar in text.unicodeScalars {
            if scalar == "'" || scalar == "\\" {
                result.append("\\")
            }
            result.append(scalar)
        }
        result.append("'")
        return String(result)
    }
}
