import JSONTree

extension Intrinsic {
    /// How deep calls may nest; the service allows 10.
    static let nestingMax = 10

    /// Whether a text looks like a call and not like a path.
    static func isCall(_ text: String) -> Bool {
        text.utf8.starts(with: "States.".utf8)
    }

    /// Parses a call; blanks after it are allowed, before it not.
    init(parsing text: String) throws(PathSyntaxError) {
        var parser = IntrinsicParser(characters: Array(text.unicodeScalars))
        self = try parser.call(depth: 1)
        parser.skipBlanks()
        guard parser.current == nil else { throw parser.unexpected() }
    }
}

private struct IntrinsicParser {
    let characters: [Unicode.Scalar]
    var position = 0

    init(characters: [Unicode.Scalar]) {
        self.characters = characters
    }

    var current: Unicode.Scalar? {
        position < characters.count ? characters[position] : nil
    }

    mutating func call(depth: Int) throws(PathSyntaxError) -> Intrinsic {
        guard depth <= Intrinsic.nestingMax else {
            throw PathSyntaxError(message: "Intrinsic functions nest deeper than \(Intrinsic.nestingMax)")
        }
        let start = position
        guard take(word: "States.") else { throw unexpected() }
        let name = word()
        guard let function = IntrinsicFunction(rawValue: name) else {
            throw PathSyntaxError(message: "Invalid function name 'States.\(name)'")
        }
        skipBlanks()
        guard take("(") else { throw unexpected() }
        var arguments: [Intrinsic.Argument] = []
        skipBlanks()
        if !take(")") {
            repeat {
                skipBlanks()
                arguments.append(try argument(depth: depth))
                skipBlanks()
            } while take(",")
            guard take(")") else { throw unexpected() }
        }
        guard function.argumentCounts.contains(arguments.count) else {
            throw PathSyntaxError(message: "Invalid number of arguments for States.\(name)")
        }
        return Intrinsic(text: text(from: start), function: function, arguments: arguments)
    }

    private mutating func argument(depth: Int) throws(PathSyntaxError) -> Intrinsic.Argument {
        switch current {
        case "'": return .text(try quoted())
        case "$": return .path(try path())
        case "S": return .call(try call(depth: depth + 1))
        default: return .literal(try literal())
        }
    }

    private mutating func quoted() throws(PathSyntaxError) -> String {
        position += 1
        let start = position
        while let character = current, character != "'" {
            position += 1
            guard character == "\\" else { continue }
            // Only characters with a meaning of their own can be escaped.
            guard let escaped = current, "'\\{}".unicodeScalars.contains(escaped) else { throw unexpected() }
            position += 1
        }
        guard position < characters.count else { throw PathSyntaxError(message: "A text in quotes does not end") }
        defer { position += 1 }
        return text(from: start)
    }

    /// A path ends at the comma or parenthesis that belongs to the call.
    private mutating func path() throws(PathSyntaxError) -> Path {
        let start = position
        var depth = 0
        while let character = current {
            if depth == 0, character == "," || character == ")" { break }
            switch character {
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            case "'", "\"":
                position += 1
                while let inner = current, inner != character { position += inner == "\\" ? 2 : 1 }
            default: break
            }
            position += 1
        }
        position = min(position, characters.count)
        var end = position
        while end > start, characters[end - 1] == " " { end -= 1 }
        return try Path(parsing: text(from: start, to: end))
    }

    private mutating func literal() throws(PathSyntaxError) -> JSON {
        let start = position
        while let character = current, !",) \t\n\r".unicodeScalars.contains(character) { position += 1 }
        guard position > start, let value = try? JSON(parsing: text(from: start)) else { throw unexpected() }
        return value
    }

    private mutating func word() -> String {
        let start = position
        while let character = current, character.properties.isAlphabetic || ("0"..."9").contains(character) {
            position += 1
        }
        return text(from: start)
    }

    private func text(from start: Int, to end: Int? = nil) -> String {
        String(String.UnicodeScalarView(characters[start..<min(end ?? position, characters.count)]))
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard current == character else { return false }
        position += 1
        return true
    }

    private mutating func take(word: String) -> Bool {
        guard position <= characters.count, characters[position...].starts(with: word.unicodeScalars) else {
            return false
        }
        position += word.unicodeScalars.count
        return true
    }

    mutating func skipBlanks() {
        while let character = current, " \t\n\r".unicodeScalars.contains(character) { position += 1 }
    }

    func unexpected() -> PathSyntaxError {
        guard let current else { return PathSyntaxError(message: "The function call ends too early") }
        return PathSyntaxError(message: "Unexpected character '\(current)' at position \(position)")
    }
}
