extension JSONParser {
    /// Parses a string; the position is at its opening quote.
    mutating func parseString() throws(JSONSyntaxError) -> String {
        let open = position
        position += 1
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == .quote {
                let text = try decode(bytes[start..<position], at: start)
                position += 1
                return text
            }
            if byte == .backslash { return try parseEscapedString(from: start, open: open) }
            guard byte >= .space else { throw controlCharacter() }
            position += 1
        }
        throw error("this string is not closed", at: open)
    }

    private mutating func parseEscapedString(from start: Int, open: Int) throws(JSONSyntaxError) -> String {
        var buffer = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case .quote:
                position += 1
                return try decode(buffer[...], at: start)
            case .backslash:
                try parseEscape(into: &buffer)
            case 0..<UInt8.space:
                throw controlCharacter()
            default:
                buffer.append(byte)
                position += 1
            }
        }
        throw error("this string is not closed", at: open)
    }

    private mutating func parseEscape(into buffer: inout [UInt8]) throws(JSONSyntaxError) {
        let start = position
        guard position + 1 < bytes.count else { throw error("this escape is cut off", at: start) }
        position += 2
        switch bytes[start + 1] {
        case .quote: buffer.append(.quote)
        case .backslash: buffer.append(.backslash)
        case UInt8(ascii: "/"): buffer.append(UInt8(ascii: "/"))
        case UInt8(ascii: "b"): buffer.append(0x08)
        case UInt8(ascii: "f"): buffer.append(0x0C)
        case UInt8(ascii: "n"): buffer.append(0x0A)
        case UInt8(ascii: "r"): buffer.append(0x0D)
        case UInt8(ascii: "t"): buffer.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = try parseUnicodeEscape(from: start)
            buffer.append(contentsOf: Array(String(Character(scalar)).utf8))
        default: throw error("unknown escape in a string", at: start)
        }
    }

    private mutating func parseUnicodeEscape(from start: Int) throws(JSONSyntaxError) -> Unicode.Scalar {
        let first = try parseHexDigits(from: start)
        if let scalar = Unicode.Scalar(first) { return scalar }
        let isHigh = first < 0xDC00
        if isHigh, position + 1 < bytes.count, bytes[position] == .backslash,
            bytes[position + 1] == UInt8(ascii: "u")
        {
            let second = position
            position += 2
            let low = try parseHexDigits(from: second)
            if (0xDC00...0xDFFF).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (low - 0xDC00))
            {
                return scalar
            }
            // What follows is an escape of its own.
            position = second
        }
        guard options.loneSurrogates == .replace else {
            throw error("half of a surrogate pair in a string", at: start)
        }
        return "\u{FFFD}"
    }

    private mutating func parseHexDigits(from start: Int) throws(JSONSyntaxError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw error("this escape is cut off", at: start) }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = bytes[position].hexDigitValue else {
                throw error("\\u is followed by four hexadecimal digits", at: start)
            }
            value = value << 4 | digit
            position += 1
        }
        return value
    }

    private func decode(_ slice: ArraySlice<UInt8>, at start: Int) throws(JSONSyntaxError) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else {
            throw error("a string is not valid UTF-8", at: start)
        }
        return text
    }

    private func controlCharacter() -> JSONSyntaxError {
        error("a control character in a string has to be escaped", at: position)
    }
}
