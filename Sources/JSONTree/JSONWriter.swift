extension JSON {
    /// How JSON is laid out.
    public enum Layout: Sendable, Hashable {
        /// One line without blanks.
        case compact
        /// A line for every member and element, indented by two blanks.
        case pretty
    }

    /// The text of the value as UTF-8, with the members in their order.
    public func bytes(_ layout: Layout = .compact) -> [UInt8] {
        var writer = JSONWriter(isPretty: layout == .pretty)
        writer.write(self)
        return writer.output
    }

    /// The text of the value, with the members in their order.
    public func text(_ layout: Layout = .compact) -> String {
        String(decoding: bytes(layout), as: UTF8.self)
    }
}

/// Writes JSON into one buffer: whole values, or objects member by member.
package struct JSONWriter: Sendable {
    /// The text as UTF-8.
    package private(set) var output: [UInt8] = []
    let isPretty: Bool
    private var depth = 0

    /// A writer that has written nothing.
    package init(isPretty: Bool = false) {
        self.isPretty = isPretty
    }

    /// Begins anew, in the memory that it has.
    package mutating func removeAll() {
        output.removeAll(keepingCapacity: true)
    }

    /// Writes a compact object with the members that a closure writes.
    package mutating func object(_ members: (inout JSONWriter) -> Void) {
        output.append(.openBrace)
        members(&self)
        output.append(.closeBrace)
    }

    /// Begins a member of a compact object; its value is to follow.
    package mutating func key(_ key: String) {
        if output.last != .openBrace { output.append(.comma) }
        write(string: key)
        output.append(.colon)
    }

    /// Writes a member of a compact object.
    package mutating func member(_ key: String, _ value: String) {
        self.key(key)
        write(string: value)
    }

    /// Writes a member of a compact object.
    package mutating func member(_ key: String, _ value: Int) {
        self.key(key)
        output.append(contentsOf: value.description.utf8)
    }

    /// Writes a member of a compact object: a string that holds the text of a value.
    package mutating func member(_ key: String, textOf value: JSON) {
        self.key(key)
        output.append(.quote)
        let start = output.count
        write(value)
        // A text of JSON holds no control characters.
        if output[start...].contains(where: { $0 == .quote || $0 == .backslash }) {
            let text = Array(output[start...])
            output.removeLast(text.count)
            for byte in text {
                if byte == .quote || byte == .backslash { output.append(.backslash) }
                output.append(byte)
            }
        }
        output.append(.quote)
    }

    /// Writes a value.
    package mutating func write(_ value: JSON) {
        switch value {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): output.append(contentsOf: value.description.utf8)
        case .number(let number): output.append(contentsOf: number.text.utf8)
        case .string(let text): write(string: text)
        case .array(let elements): write(elements)
        case .object(let object): write(object)
        }
    }

    private mutating func write(_ elements: [JSON]) {
        guard !elements.isEmpty else { return output.append(contentsOf: "[]".utf8) }
        output.append(.openBracket)
        depth += 1
        for (position, element) in elements.enumerated() {
            if position > 0 { output.append(.comma) }
            breakLine()
            write(element)
        }
        depth -= 1
        breakLine()
        output.append(.closeBracket)
    }

    private mutating func write(_ object: JSONObject) {
        guard !object.isEmpty else { return output.append(contentsOf: "{}".utf8) }
        output.append(.openBrace)
        depth += 1
        for position in object.indices {
            if position > 0 { output.append(.comma) }
            breakLine()
            write(string: object.keys[position])
            output.append(.colon)
            if isPretty { output.append(.space) }
            write(object.values[position])
        }
        depth -= 1
        breakLine()
        output.append(.closeBrace)
    }

    private mutating func breakLine() {
        guard isPretty else { return }
        output.append(.newline)
        output.append(contentsOf: repeatElement(.space, count: 2 * depth))
    }

    private mutating func write(string: String) {
        output.append(.quote)
        // Nearly all strings need no escape and are copied at once.
        let isPlain =
            string.utf8.withContiguousStorageIfAvailable { bytes in
                bytes.allSatisfy { $0 >= .space && $0 != .quote && $0 != .backslash }
            } ?? false
        if isPlain {
            output.append(contentsOf: string.utf8)
        } else {
            write(escaping: string)
        }
        output.append(.quote)
    }

    private mutating func write(escaping string: String) {
        for byte in string.utf8 {
            switch byte {
            case .quote: output.append(contentsOf: [.backslash, .quote])
            case .backslash: output.append(contentsOf: [.backslash, .backslash])
            case 0x08: output.append(contentsOf: [.backslash, UInt8(ascii: "b")])
            case 0x09: output.append(contentsOf: [.backslash, UInt8(ascii: "t")])
            case 0x0A: output.append(contentsOf: [.backslash, UInt8(ascii: "n")])
            case 0x0C: output.append(contentsOf: [.backslash, UInt8(ascii: "f")])
            case 0x0D: output.append(contentsOf: [.backslash, UInt8(ascii: "r")])
            case 0..<UInt8.space: writeControl(byte)
            default: output.append(byte)
            }
        }
    }

    private mutating func writeControl(_ byte: UInt8) {
        let digits = Array("0123456789abcdef".utf8)
        output.append(contentsOf: "\\u00".utf8)
        output.append(digits[Int(byte >> 4)])
        output.append(digits[Int(byte & 15)])
    }
}
