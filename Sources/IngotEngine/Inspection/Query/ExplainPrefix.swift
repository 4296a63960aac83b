/// The words before the statement that an EXPLAIN explains.
enum ExplainPrefix {
    /// The SQL with `EXPLAIN`, `ANALYZE` and options as blanks, so that what is explained keeps its place.
    static func blanked(_ sql: String) -> String {
        var scalars = Array(sql.unicodeScalars)
        var position = skipBlanks(scalars, 0)
        guard word(scalars, at: position)?.text == "EXPLAIN" else { return sql }
        var end = position
        while let next = word(scalars, at: position), ["EXPLAIN", "ANALYZE"].contains(next.text) {
            end = next.end
            position = skipBlanks(scalars, end)
        }
        if position < scalars.count, scalars[position] == "(", let close = scalars[position...].firstIndex(of: ")"),
            !isStatement(word(scalars, at: skipBlanks(scalars, position + 1))?.text)
        {
            end = close + 1
        }
        for index in 0..<end where scalars[index] != "\n" { scalars[index] = " " }
        return String(String.UnicodeScalarView(scalars))
    }

    /// The first word of a SQL text.
    static func firstWord(of sql: String) -> String {
        let scalars = Array(sql.unicodeScalars)
        return word(scalars, at: skipBlanks(scalars, 0))?.text ?? ""
    }

    /// Parentheses after EXPLAIN hold options, unless a statement stands in them.
    private static func isStatement(_ word: String?) -> Bool {
        ["SELECT", "FROM", "WITH", "VALUES"].contains(word)
    }

    private static func word(_ scalars: [Unicode.Scalar], at start: Int) -> (text: String, end: Int)? {
        var end = start
        while end < scalars.count, scalars[end].properties.isAlphabetic || scalars[end] == "_" { end += 1 }
        guard end > start else { return nil }
        return (String(String.UnicodeScalarView(scalars[start..<end])).uppercased(), end)
    }

    /// The place of the next thing that is neither white space nor a comment.
    private static func skipBlanks(_ scalars: [Unicode.Scalar], _ start: Int) -> Int {
        var position = start
        while position < scalars.count {
            let rest = scalars[position...]
            if scalars[position].properties.isWhitespace {
                position += 1
            } else if rest.starts(with: "--".unicodeScalars) {
                position = rest.firstIndex(of: "\n") ?? scalars.count
            } else if rest.starts(with: "/*".unicodeScalars) {
                position += 2
                while position < scalars.count, !scalars[position...].starts(with: "*/".unicodeScalars) {
                    position += 1
                }
                position = min(scalars.count, position + 2)
            } else {
                break
            }
        }
        return position
    }
}
