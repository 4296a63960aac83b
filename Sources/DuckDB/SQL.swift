/// Helpers that put names and texts into SQL safely.
public enum SQL: Sendable {
    /// A name in double quotes, whatever it holds.
    public static func identifier(_ name: String) -> String {
        "\"\(doubling("\"", in: name))\""
    }

    /// A dotted name, each part in quotes: `"silver"."users"`.
    public static func qualified(_ parts: [String]) -> String {
        parts.map(identifier).joined(separator: ".")
    }

    /// A text as a SQL expression.
    ///
    /// One with a NUL in it, which no SQL text can hold, is put together with `chr(0)`.
    public static func literal(_ text: String) -> String {
        guard text.utf8.contains(0) else { return quoted(text) }
        let parts = text.unicodeScalars.split(separator: "\0", omittingEmptySubsequences: false).map {
            quoted(String($0))
        }
        return "(\(parts.joined(separator: " || chr(0) || ")))"
    }

    /// A list of texts as a SQL expression: `['a', 'b']`.
    ///
    /// An empty one keeps its type.
    public static func literal(_ texts: [String]) -> String {
        texts.isEmpty ? "CAST([] AS VARCHAR[])" : "[\(texts.map(literal).joined(separator: ", "))]"
    }

    static func quoted(_ text: String) -> String {
        "'\(doubling("'", in: text))'"
    }

    /// A name as DuckDB itself writes it: in quotes only if it must be.
    static func identifierIfNeeded(_ name: String) -> String {
        let isPlain = name.utf8.enumerated().allSatisfy { index, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): index > 0
            default: false
            }
        }
        return isPlain && !SQLKeywords.all.contains(Substring(name.lowercased())) ? name : identifier(name)
    }

    private static func doubling(_ quote: Unicode.Scalar, in text: String) -> String {
        // Looks at scalars: a quote with a combining mark behind it is one Character, but still a quote to SQL.
        guard text.unicodeScalars.contains(quote) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            result.append(scalar)
            if scalar == quote {
                result.append(scalar)
            }
        }
        return String(result)
    }
}
