import JSONTree

/// Texts in the form Python prints them: the check of labels answers with such texts around its message.
enum PythonText {
    /// A string as Python's `repr` shows it.
    static func quoted(_ text: String) -> String {
        let quote: Unicode.Scalar = text.contains("'") && !text.contains("\"") ? "\"" : "'"
        var output = "\(quote)"
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": output += "\\\\"
            case "\t": output += "\\t"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case quote: output += "\\\(quote)"
            default:
                let isPrintable = scalar.value >= 0x20 && !(0x7F...0xA0).contains(scalar.value)
                output += isPrintable ? String(scalar) : "\\x" + hexadecimal(scalar.value, digits: 2)
            }
        }
        return output + "\(quote)"
    }

    /// A value as Python's `json.dumps` writes it: blanks after commas and colons, and only ASCII.
    static func json(_ value: JSON) -> String {
        switch value {
        case .string(let text): return string(text)
        case .array(let elements): return "[" + elements.map(json).joined(separator: ", ") + "]"
        case .object(let object):
            return "{" + object.map { "\(string($0.key)): \(json($0.value))" }.joined(separator: ", ") + "}"
        default: return value.text()
        }
    }

    private static func string(_ text: String) -> String {
        var output = ""
        for unit in JSON.string(text).text().utf16 {
            if unit < 0x7F, let scalar = Unicode.Scalar(unit) {
                output.unicodeScalars.append(scalar)
            } else {
                output += "\\u" + hexadecimal(UInt32(unit), digits: 4)
            }
        }
        return output
    }

    private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
