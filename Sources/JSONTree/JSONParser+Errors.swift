extension JSONParser {
    /// An error that says what stands at the current position and what should.
    func unexpected(_ expected: String) -> JSONSyntaxError {
        guard position < bytes.count else {
            return error("the text ends where \(expected) is expected", at: position)
        }
        if expected == "the end of the text" {
            return error("unexpected \(name(at: position)) after the value", at: position)
        }
        return error("unexpected \(name(at: position)); expected \(expected)", at: position)
    }

    func error(_ message: String, at offset: Int) -> JSONSyntaxError {
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == .newline {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return JSONSyntaxError(message: message, line: line, column: column, offset: offset)
    }

    private func name(at offset: Int) -> String {
        let byte = bytes[offset]
        if byte > .space, byte < 0x7F { return "'\(Character(Unicode.Scalar(byte)))'" }
        let digits = String(byte, radix: 16, uppercase: true)
        return "byte 0x" + (digits.count == 1 ? "0" : "") + digits
    }
}
