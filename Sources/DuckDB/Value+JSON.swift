extension Value {
    /// The value as JSON.
    ///
    /// Numbers keep all their digits, decimals too; a JSON value is taken over as it is; a map is an object whose keys
    /// are the texts of its keys; anything that JSON has no form for (dates, blobs, `NaN`) is the text of the value.
    public var json: String {
        var text = ""
        appendJSON(to: &text)
        return text
    }

    /// Appends the value as JSON, as `json` has it.
    public func appendJSON(to text: inout String) {
        switch self {
        case .null, .boolean, .tinyint, .smallint, .integer, .bigint, .hugeint, .utinyint, .usmallint, .uinteger,
            .ubigint, .uhugeint, .bignum:
            text += self == .null ? "null" : description
        case .float(let number) where number.isFinite: text += description
        case .double(let number) where number.isFinite: text += description
        case .decimal(let number): text += Self.jsonNumber(number)
        case .json(let json): text += json
        case .list(let elements), .array(let elements):
            text += "["
            Self.separated(elements, into: &text) { $0.appendJSON(to: &$1) }
            text += "]"
        case .structure(let fields):
            text += "{"
            Self.separated(fields.enumerated(), into: &text) { field, text in
                // The fields of an unnamed struct go by their numbers.
                let name = field.element.name.isEmpty ? "\(field.offset + 1)" : field.element.name
                Self.appendMember(name, field.element.value, to: &text)
            }
            text += "}"
        case .map(let entries):
            text += "{"
            Self.separated(entries, into: &text) { Self.appendMember($0.key.description, $0.value, to: &$1) }
            text += "}"
        case .union(_, let value): value.appendJSON(to: &text)
        default: Self.appendQuoted(description, to: &text)
        }
    }

    /// Appends a text as a JSON string.
    public static func appendQuoted(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    private static func separated<S: Sequence>(
        _ elements: S,
        into text: inout String,
        _ append: (S.Element, inout String) -> Void
    ) {
        var isFirst = true
        for element in elements {
            if !isFirst {
                text += ","
            }
            isFirst = false
            append(element, &text)
        }
    }

    private static func appendMember(_ name: String, _ value: Value, to text: inout String) {
        appendQuoted(name, to: &text)
        text += ":"
        value.appendJSON(to: &text)
    }

    /// JSON wants a digit before the point, which a DECIMAL(2,2) does not have.
    private static func jsonNumber(_ number: Decimal) -> String {
        Decimal(unscaled: number.unscaled, width: max(number.width, number.scale + 1), scale: number.scale).description
    }
}
