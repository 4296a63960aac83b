extension JSON {
    /// Parses the bytes of one JSON text (RFC 8259, UTF-8; a byte order mark is skipped).
    ///
    /// - Throws: ``JSONSyntaxError`` with the place of the first offence.
    public init(parsing bytes: [UInt8], options: JSONParserOptions = .init()) throws(JSONSyntaxError) {
        var parser = JSONParser(bytes: bytes, options: options)
        self = try parser.parseText()
    }

    /// Parses one JSON text.
    ///
    /// - Throws: ``JSONSyntaxError`` with the place of the first offence.
    public init(parsing text: String, options: JSONParserOptions = .init()) throws(JSONSyntaxError) {
        try self.init(parsing: Array(text.utf8), options: options)
    }
}

/// A parser without recursion, so that depth costs heap and not stack.
struct JSONParser {
    /// An array or object whose end has not been read; changed in place, so that nothing is copied as it grows.
    private struct Container {
        var isObject: Bool
        var elements: [JSON] = []
        var members = JSONObject()
        var key = ""
    }

    let bytes: [UInt8]
    let options: JSONParserOptions
    var position = 0
    private var open: [Container] = []

    init(bytes: [UInt8], options: JSONParserOptions) {
        self.bytes = bytes
        self.options = options
    }

    mutating func parseText() throws(JSONSyntaxError) -> JSON {
        guard bytes.count <= options.byteCountMax else {
            throw error("the text has \(bytes.count) bytes; at most \(options.byteCountMax) are allowed", at: 0)
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        while true {
            skipWhitespace()
            guard var value = try parseOpeningOrScalar() else { continue }
            while true {
                skipWhitespace()
                guard !open.isEmpty else {
                    guard position == bytes.count else { throw unexpected("the end of the text") }
                    return value
                }
                guard try extend(open.count - 1, with: value) else { break }
                let closed = open.removeLast()
                value = closed.isObject ? .object(closed.members) : .array(closed.elements)
            }
        }
    }

    /// Reads a scalar or an empty container and answers it; opens any other container and answers nil.
    private mutating func parseOpeningOrScalar() throws(JSONSyntaxError) -> JSON? {
        guard position < bytes.count else { throw unexpected("a value") }
        switch bytes[position] {
        case .openBrace:
            try checkDepth()
            position += 1
            skipWhitespace()
            if take(.closeBrace) { return .object(JSONObject()) }
            open.append(Container(isObject: true, key: try parseKey(in: JSONObject())))
            return nil
        case .openBracket:
            try checkDepth()
            position += 1
            skipWhitespace()
            if take(.closeBracket) { return .array([]) }
            open.append(Container(isObject: false))
            return nil
        case .quote:
            return .string(try parseString())
        case .minus, UInt8(ascii: "0")...UInt8(ascii: "9"):
            return try parseNumber()
        case UInt8(ascii: "t"):
            return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"):
            return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"):
            return try parseWord("null", .null)
        default:
            throw unexpected("a value")
        }
    }

    /// Puts a finished value into its container; answers whether the container ends here.
    private mutating func extend(_ depth: Int, with value: JSON) throws(JSONSyntaxError) -> Bool {
        guard open[depth].isObject else {
            open[depth].elements.append(value)
            if take(.closeBracket) { return true }
            guard take(.comma) else { throw unexpected("',' or ']'") }
            return false
        }
        open[depth].members[open[depth].key] = value
        if take(.closeBrace) { return true }
        guard take(.comma) else { throw unexpected("',' or '}'") }
        skipWhitespace()
        open[depth].key = try parseKey(in: open[depth].members)
        return false
    }

    private mutating func parseKey(in object: JSONObject) throws(JSONSyntaxError) -> String {
        let start = position
        guard position < bytes.count, bytes[position] == .quote else { throw unexpected("a key in quotes") }
        let key = try parseString()
        if options.duplicateKeys == .refuse, object.contains(key) {
            throw error("the key \"\(key)\" appears twice in one object", at: start)
        }
        skipWhitespace()
        guard take(.colon) else { throw unexpected("':'") }
        return key
    }

    private func checkDepth() throws(JSONSyntaxError) {
        guard open.count < options.depthMax else {
            throw error("arrays and objects nest deeper than \(options.depthMax)", at: position)
        }
    }

    private mutating func parseWord(_ word: StaticString, _ value: JSON) throws(JSONSyntaxError) -> JSON {
        let text = "\(word)"
        guard bytes[position...].starts(with: text.utf8) else { throw unexpected("a value") }
        position += text.utf8.count
        return value
    }

    private mutating func parseNumber() throws(JSONSyntaxError) -> JSON {
        let start = position
        let isNegative = bytes[start] == .minus
        if isNegative { position += 1 }
        var value: Int64 = 0
        var fits = true
        let firstDigit = position
        while position < bytes.count, bytes[position].isDigit {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let digit = Int64(bytes[position] - .zero)
            let (sum, overflowed) =
                isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            fits = fits && !overflow && !overflowed
            value = sum
            position += 1
        }
        let digits = position - firstDigit
        guard digits > 0 else { throw unexpected("a digit") }
        guard digits == 1 || bytes[firstDigit] != .zero else {
            throw error("a number does not start with a superfluous 0", at: firstDigit)
        }
        // Negative zero is no integer of ours: its sign would be lost.
        var isInteger = fits && !(isNegative && value == 0)
        while position < bytes.count, isNumberByte(bytes[position]) {
            isInteger = false
            position += 1
        }
        if isInteger { return .integer(value) }
        guard JSONNumber.isValid(bytes[start..<position]) else { throw error("this is not a number", at: start) }
        return .number(JSONNumber(validated: String(decoding: bytes[start..<position], as: UTF8.self)))
    }

    private func isNumberByte(_ byte: UInt8) -> Bool {
        byte.isDigit || byte == .dot || byte == .lowerE || byte == .upperE || byte == .plus || byte == .minus
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }
}
