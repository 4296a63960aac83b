/// What names may look like.
enum Names {
    /// Whether a text is a name of the user's choice for a thing of the project.
    static func isIdentifier(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, bytes.count <= 128, isLetter(first) else { return false }
        return bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
    }

    /// Whether a text can be a table's own name: it becomes a folder and a name in every engine's SQL.
    static func isTableName(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, bytes.count <= 128, isLower(first) else { return false }
        return bytes.allSatisfy { isLower($0) || isDigit($0) }
    }

    /// The nearest text that is a table's name, for hints.
    static func suggestion(for text: String) -> String? {
        var result = ""
        for character in text.lowercased() {
            if character.isASCII, character.isLetter || character.isNumber || character == "_" {
                result.append(character)
            } else if !result.isEmpty, result.last != "_" {
                result.append("_")
            }
        }
        while result.last == "_" { result.removeLast() }
        guard isTableName(result) else { return nil }
        return result
    }

    /// The columns that Ingot adds to tables.
    static let systemColumns = [
        "_source_file", "_source_version", "_source_row", "_load_id", "_ingested_at", "_rescued_data",
    ]

    private static func isLower(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "_")
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        isLower(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

/// What numbers look like.
enum Numbers {
    /// Whether a text is a decimal number: digits, at most one point, an exponent.
    static func isNumber(_ text: String) -> Bool {
        let (mantissa, exponent) = split(text)
        return isDecimal(mantissa) && (exponent.map(isInteger) ?? true)
    }

    /// Whether a text is a whole number.
    static func isInteger(_ text: some StringProtocol) -> Bool {
        let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
        return !digits.isEmpty && digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func isDecimal(_ text: Substring) -> Bool {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return isInteger(text) }
        let sign = parts[0].hasPrefix("-") || parts[0].hasPrefix("+") ? parts[0].dropFirst() : parts[0]
        return !(sign.isEmpty && parts[1].isEmpty)
            && (sign + parts[1]).utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
    }

    private static func split(_ text: String) -> (Substring, Substring?) {
        guard let index = text.firstIndex(where: { $0 == "e" || $0 == "E" }) else { return (text[...], nil) }
        return (text[..<index], text[text.index(after: index)...])
    }
}
