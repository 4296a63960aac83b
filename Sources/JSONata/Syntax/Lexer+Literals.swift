import JSONTree

extension Lexer {
    private static let escapes: [UInt16: UInt16] = [
        .doubleQuote: .doubleQuote,
        .backslash: .backslash,
        .slash: .slash,
        UInt16(ascii: "b"): 0x08,
        UInt16(ascii: "f"): 0x0C,
        UInt16(ascii: "n"): 0x0A,
        UInt16(ascii: "r"): 0x0D,
        UInt16(ascii: "t"): 0x09,
    ]

    /// Reads a string; the position is at its opening quote.
    mutating func scanString(quote: UInt16) throws(Failure) -> String {
        position += 1
        var content: [UInt16] = []
        while let unit = unit(at: position) {
            switch unit {
            case quote:
                position += 1
                return String(decoding: content, as: UTF16.self)
            case .backslash:
                position += 1
                content.append(try scanEscape())
            default:
                content.append(unit)
            }
            position += 1
        }
        throw Failure("S0101", position: position)
    }

    /// Reads an escape; the position is after its backslash, and ends at its last character.
    private mutating func scanEscape() throws(Failure) -> UInt16 {
        guard let unit = unit(at: position) else {
            throw Failure("S0103", position: position, token: .string(""))
        }
        if let replacement = Lexer.escapes[unit] { return replacement }
        guard unit == UInt16(ascii: "u") else {
            throw Failure("S0103", position: position, token: .string(text(position..<position + 1)))
        }
        // As in the reference implementation, the end of the text may cut the digits short.
        let digits = units[(position + 1)...].prefix(4)
        guard !digits.isEmpty, let code = UInt16(text(digits.startIndex..<digits.endIndex), radix: 16),
            digits.allSatisfy({ $0 != UInt16(ascii: "+") })
        else {
            throw Failure("S0104", position: position)
        }
        position += digits.count
        return code
    }

    /// Reads a number, if there is one.
    mutating func scanNumber() throws(Failure) -> Double? {
        let start = position
        var end = position
        guard let first = unit(at: end), first.isDigit else { return nil }
        end += 1
        if first != UInt16(ascii: "0") { skipDigits(&end) }
        if unit(at: end) == UInt16(ascii: "."), unit(at: end + 1)?.isDigit == true {
            end += 1
            skipDigits(&end)
        }
        if unit(at: end) == UInt16(ascii: "e") || unit(at: end) == UInt16(ascii: "E") {
            var exponent = end + 1
            if unit(at: exponent) == UInt16(ascii: "+") || unit(at: exponent) == UInt16(ascii: "-") { exponent += 1 }
            if unit(at: exponent)?.isDigit == true {
                skipDigits(&exponent)
                end = exponent
            }
        }
        let digits = text(start..<end)
        guard let number = Double(digits), number.isFinite else {
            throw Failure("S0102", position: start, token: .string(digits))
        }
        position = end
        return number
    }

    private func skipDigits(_ end: inout Int) {
        while unit(at: end)?.isDigit == true { end += 1 }
    }

    /// Reads a regular expression; the position is after its opening slash.
    mutating func scanRegex() throws(Failure) -> (pattern: [UInt16], flags: [UInt16]) {
        let start = position
        var depth = 0
        while let unit = unit(at: position) {
            if unit == .slash, depth == 0, !isEscaped(position, from: start) {
                guard position > start else { throw Failure("S0301", position: position) }
                let pattern = Array(units[start..<position])
                position += 1
                return (pattern, scanFlags())
            }
            // The reference implementation looks at one backslash only here, and slashes inside brackets are plain.
            if position == start || units[position - 1] != .backslash {
                if "([{".utf16.contains(unit) { depth += 1 }
                if ")]}".utf16.contains(unit) { depth -= 1 }
            }
            position += 1
        }
        throw Failure("S0302", position: position)
    }

    private mutating func scanFlags() -> [UInt16] {
        let start = position
        while unit(at: position) == UInt16(ascii: "i") || unit(at: position) == UInt16(ascii: "m") { position += 1 }
        return Array(units[start..<position])
    }

    private func isEscaped(_ offset: Int, from start: Int) -> Bool {
        var backslashes = 0
        while offset - backslashes > start, units[offset - backslashes - 1] == .backslash { backslashes += 1 }
        return backslashes % 2 == 1
    }
}
