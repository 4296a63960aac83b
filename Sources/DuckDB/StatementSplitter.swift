/// Cuts SQL at its semicolons.
///
/// DuckDB's parser has accepted the text before; here only what may hide one matters: texts, quoted names and comments.
struct StatementSplitter {
    private let scalars: [Unicode.Scalar]
    private var index = 0

    private init(_ sql: String) {
        scalars = Array(sql.unicodeScalars)
    }

    /// The parts between semicolons, without the space around them, and where each starts.
    static func split(_ sql: String) -> [(sql: String, position: DuckDBError.Position)] {
        var splitter = StatementSplitter(sql)
        var parts: [(String, DuckDBError.Position)] = []
        var start = 0
        while start <= splitter.scalars.count {
            splitter.skipToSemicolon()
            if let part = splitter.part(start..<splitter.index) {
                parts.append(part)
            }
            splitter.index += 1
            start = splitter.index
        }
        return parts
    }

    private func part(_ range: Range<Int>) -> (String, DuckDBError.Position)? {
        let isSpace: (Int) -> Bool = { scalars[$0].properties.isWhitespace }
        guard let first = range.first(where: { !isSpace($0) }), let last = range.last(where: { !isSpace($0) }) else {
            return nil
        }
        let before = scalars[..<first]
        let lineStart = before.lastIndex(of: "\n").map { $0 + 1 } ?? 0
        let line = before.count { $0 == "\n" } + 1
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[first...last])
        return (String(text), DuckDBError.Position(line: line, column: first - lineStart + 1))
    }

    private mutating func skipToSemicolon() {
        while index < scalars.count, scalars[index] != ";" {
            switch scalars[index] {
            case "'": skipQuoted(by: "'", hasEscapes: isEscapeText)
            case "\"": skipQuoted(by: "\"", hasEscapes: false)
            case "-" where peek(1) == "-": skip { $0 == "\n" }
            case "/" where peek(1) == "*": skipBlockComment()
            case "$": skipDollarQuoted()
            default: index += 1
            }
        }
    }

    private func peek(_ offset: Int) -> Unicode.Scalar? {
        index + offset < scalars.count ? scalars[index + offset] : nil
    }

    /// Whether an `E` stands right before the quote, and is not the end of a name.
    private var isEscapeText: Bool {
        guard index > 0, scalars[index - 1] == "e" || scalars[index - 1] == "E" else { return false }
        return index < 2 || !Self.isNamePart(scalars[index - 2])
    }

    private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar == "$" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            || !scalar.isASCII
    }

    /// Goes behind a quoted text.
    ///
    /// A doubled quote within it ends it here and starts the next, which comes to the same.
    private mutating func skipQuoted(by quote: Unicode.Scalar, hasEscapes: Bool) {
        index += 1
        while index < scalars.count, scalars[index] != quote {
            index += hasEscapes && scalars[index] == "\\" ? 2 : 1
        }
        index += 1
        // After an escaped text, a doubled quote goes on with escapes.
        if hasEscapes, index < scalars.count, scalars[index] == quote {
            skipQuoted(by: quote, hasEscapes: true)
        }
    }

    private mutating func skip(until isEnd: (Unicode.Scalar) -> Bool) {
        while index < scalars.count, !isEnd(scalars[index]) {
            index += 1
        }
    }

    /// Block comments nest.
    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if scalars[index] == "/", peek(1) == "*" {
                depth += 1
                index += 2
            } else if scalars[index] == "*", peek(1) == "/" {
                depth -= 1
                index += 2
            } else {
                index += 1
            }
        } while depth > 0 && index < scalars.count
    }

    /// `$tag$ ... $tag$`; a `$` that starts none, as in `$1`, is only itself.
    private mutating func skipDollarQuoted() {
        var end = index + 1
        while end < scalars.count, scalars[end] != "$", Self.isNamePart(scalars[end]) {
            end += 1
        }
        let isInName = index > 0 && Self.isNamePart(scalars[index - 1])
        let startsWithDigit = peek(1).map { ("0"..."9").contains($0) } ?? false
        guard end < scalars.count, scalars[end] == "$", !isInName, !startsWithDigit else {
            index += 1
            return
        }
        let tag = scalars[index...end]
        index = end + 1
        while index < scalars.count, !scalars[index...].starts(with: tag) {
            index += 1
        }
        index = min(index + tag.count, scalars.count)
    }
}
