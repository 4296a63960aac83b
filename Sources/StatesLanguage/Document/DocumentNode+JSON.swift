public import JSONTree

extension DocumentNode {
    /// Limits of a definition's text.
    public struct Limits: Sendable, Hashable {
        /// How many bytes the text may have; the service allows 1 MB.
        public var byteCountMax: Int
        /// How deep arrays and objects may nest.
        public var depthMax: Int

        /// Makes limits; without arguments they are the usual ones.
        public init(byteCountMax: Int = 1 << 20, depthMax: Int = 128) {
            self.byteCountMax = byteCountMax
            self.depthMax = depthMax
        }
    }

    /// Parses JSON and notes where every value and key stands.
    ///
    /// - Throws: `JSONSyntaxError` with the place of the first offence.
    public init(parsing text: String, limits: Limits = .init()) throws(JSONSyntaxError) {
        // The value parser judges the text; the walk below only has to find places in a text that is known to be sound.
        let options = JSONParserOptions(
            depthMax: limits.depthMax,
            byteCountMax: limits.byteCountMax,
            duplicateKeys: .keepLast,
            loneSurrogates: .replace
        )
        _ = try JSON(parsing: text, options: options)
        var walk = PositionWalk(bytes: Array(text.utf8))
        self = try walk.node()
    }
}

/// Walks over the text of sound JSON and finds the place of each value.
private struct PositionWalk {
    let bytes: [UInt8]
    var offset = 0
    var line = 1
    var column = 1

    init(bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    }

    mutating func node() throws(JSONSyntaxError) -> DocumentNode {
        skipWhitespace()
        let position = SourcePosition(line: line, column: column)
        switch current {
        case UInt8(ascii: "{"): return DocumentNode(.object(try members()), position: position)
        case UInt8(ascii: "["): return DocumentNode(.array(try elements()), position: position)
        case UInt8(ascii: "\""): return DocumentNode(.scalar(.string(try string())), position: position)
        default:
            let start = offset
            while let byte = current, !Self.ends.contains(byte) { advance() }
            return DocumentNode(.scalar(try JSON(parsing: Array(bytes[start..<offset]))), position: position)
        }
    }

    private static let ends: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D, 0x2C, 0x5D, 0x7D]

    private var current: UInt8? {
        offset < bytes.count ? bytes[offset] : nil
    }

    private mutating func members() throws(JSONSyntaxError) -> [DocumentNode.Member] {
        var members: [DocumentNode.Member] = []
        advance()
        skipWhitespace()
        while let byte = current, byte != UInt8(ascii: "}") {
            let position = SourcePosition(line: line, column: column)
            let key = try string()
            skipWhitespace()
            advance()
            members.append(.init(key: key, position: position, value: try node()))
            skipWhitespace()
            if current == UInt8(ascii: ",") { advance() }
            skipWhitespace()
        }
        advance()
        return members
    }

    private mutating func elements() throws(JSONSyntaxError) -> [DocumentNode] {
        var elements: [DocumentNode] = []
        advance()
        skipWhitespace()
        while let byte = current, byte != UInt8(ascii: "]") {
            elements.append(try node())
            skipWhitespace()
            if current == UInt8(ascii: ",") { advance() }
            skipWhitespace()
        }
        advance()
        return elements
    }

    private mutating func string() throws(JSONSyntaxError) -> String {
        let start = offset
        var hasEscape = false
        advance()
        while let byte = current, byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\") {
                hasEscape = true
                advance()
            }
            advance()
        }
        advance()
        if !hasEscape { return String(decoding: bytes[start + 1..<offset - 1], as: UTF8.self) }
        let value = try JSON(
            parsing: Array(bytes[start..<offset]),
            options: JSONParserOptions(loneSurrogates: .replace)
        )
        return value.stringValue ?? ""
    }

    private mutating func skipWhitespace() {
        while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { advance() }
    }

    private mutating func advance() {
        guard offset < bytes.count else { return }
        let byte = bytes[offset]
        offset += 1
        if byte == 0x0A {
            line += 1
            column = 1
        } else if byte & 0xC0 != 0x80 {
            // Only the first byte of a character's encoding moves the column.
            column += 1
        }
    }
}
