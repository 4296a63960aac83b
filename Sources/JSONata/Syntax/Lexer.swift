import JSONTree

/// Splits the text of an expression into tokens, one at a time.
///
/// It works on UTF-16 code units, because these are what JSONata counts places in.
struct Lexer {
    let units: [UInt16]
    var position = 0

    init(_ source: String) {
        units = Array(source.utf16)
    }

    /// The marks that end a name; the two-character ones are found first.
    private static let marks = Set(".[]{}(),@#;:?+-*/%|=<>^&!~".utf16)
    private static let doubleMarks = ["..", ":=", "!=", ">=", "<=", "**", "~>"].map { Array($0.utf16) }
    private static let spaces = Set(" \t\n\r\u{0B}".utf16)

    func unit(at offset: Int) -> UInt16? {
        offset < units.count ? units[offset] : nil
    }

    /// The next token; `isOperand` says whether an operand has just ended, so that `/` divides.
    mutating func next(afterOperand isOperand: Bool) throws(Failure) -> Token {
        try skipBlanks()
        guard let unit = unit(at: position) else { return token(.end) }
        if unit == .slash, !isOperand {
            position += 1
            let (pattern, flags) = try scanRegex()
            return token(.regex(pattern: pattern, flags: flags))
        }
        if let mark = scanMark() { return token(.symbol(mark)) }
        if unit == .doubleQuote || unit == .singleQuote {
            let text = try scanString(quote: unit)
            return token(.literal(.string(text)))
        }
        if let number = try scanNumber() { return token(.literal(.number(number))) }
        if unit == .backtick { return try scanQuotedName() }
        return scanWord()
    }

    private func token(_ kind: Token.Kind) -> Token {
        Token(kind: kind, position: position)
    }

    private mutating func skipBlanks() throws(Failure) {
        while let unit = unit(at: position) {
            if Lexer.spaces.contains(unit) {
                position += 1
            } else if unit == .slash, self.unit(at: position + 1) == .star {
                try skipComment()
            } else {
                return
            }
        }
    }

    private mutating func skipComment() throws(Failure) {
        let start = position
        position += 2
        while !(unit(at: position) == .star && unit(at: position + 1) == .slash) {
            position += 1
            guard position < units.count else { throw Failure("S0106", position: start) }
        }
        position += 2
    }

    private mutating func scanMark() -> String? {
        if position + 1 < units.count {
            let pair = units[position...position + 1]
            for mark in Lexer.doubleMarks where pair.elementsEqual(mark) {
                position += 2
                return String(decoding: mark, as: UTF16.self)
            }
        }
        guard Lexer.marks.contains(units[position]) else { return nil }
        position += 1
        return String(decoding: units[position - 1..<position], as: UTF16.self)
    }

    private mutating func scanQuotedName() throws(Failure) -> Token {
        let start = position + 1
        guard let end = units[start...].firstIndex(of: .backtick) else {
            throw Failure("S0105", position: units.count)
        }
        position = end + 1
        return token(.name(text(start..<end)))
    }

    private mutating func scanWord() -> Token {
        let start = position
        while let unit = unit(at: position), !Lexer.spaces.contains(unit), !Lexer.marks.contains(unit) {
            position += 1
        }
        if units[start] == .dollar { return token(.variable(text(start + 1..<position))) }
        let word = text(start..<position)
        switch word {
        case "and", "or", "in": return token(.symbol(word))
        case "true": return token(.literal(.bool(true)))
        case "false": return token(.literal(.bool(false)))
        case "null": return token(.literal(.null))
        default: return token(.name(word))
        }
    }

    func text(_ range: Range<Int>) -> String {
        String(decoding: units[range], as: UTF16.self)
    }
}

extension UInt16 {
    static let slash = UInt16(UInt8(ascii: "/"))
    static let backslash = UInt16(UInt8(ascii: "\\"))
    static let star = UInt16(UInt8(ascii: "*"))
    static let dollar = UInt16(UInt8(ascii: "$"))
    static let doubleQuote = UInt16(UInt8(ascii: "\""))
    static let singleQuote = UInt16(UInt8(ascii: "'"))
    static let backtick = UInt16(UInt8(ascii: "`"))

    init(ascii scalar: Unicode.Scalar) {
        self = UInt16(UInt8(ascii: scalar))
    }

    var isDigit: Bool {
        self >= 48 && self <= 57
    }
}
