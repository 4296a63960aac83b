import IngotCore

/// A file's text in lines, as libyaml counts lines and columns.
struct SourceText {
    let file: String
    let text: String
    private let lines: [[Unicode.Scalar]]

    init(file: String, text: String) {
        self.file = file
        self.text = text
        self.lines = Self.lines(of: text)
    }

    /// The scalar at a place (both from 1), if there is one.
    func scalar(line: Int, column: Int) -> Unicode.Scalar? {
        guard lines.indices.contains(line - 1), lines[line - 1].indices.contains(column - 1) else { return nil }
        return lines[line - 1][column - 1]
    }

    /// The place behind the last character.
    var end: SourceLocation {
        SourceLocation(file: file, line: lines.count, column: (lines.last?.count ?? 0) + 1)
    }

    /// The first control character that YAML and SQL files may not hold.
    var firstControlCharacter: (scalar: Unicode.Scalar, location: SourceLocation)? {
        for (row, line) in lines.enumerated() {
            for (column, scalar) in line.enumerated() where Self.isForbidden(scalar) {
                return (scalar, SourceLocation(file: file, line: row + 1, column: column + 1))
            }
        }
        return nil
    }

    /// How a scalar's decoded text lies in this file.
    ///
    /// The text is laid along the file from `location` on: equal characters are matched, and what the decoding took
    /// away (quotes, escapes, indentation) is skipped.
    func textMap(of decoded: String, style: YAMLNode.ScalarStyle, at location: SourceLocation) -> TextMap {
        var line = (location.line ?? 1) - 1
        var column = (location.column ?? 1) - 1
        switch style {
        case .plain: break
        case .quoted: column += 1
        case .block: (line, column) = (line + 1, 0)
        }
        var runs: [TextMap.Run] = []
        var (textLine, textColumn) = (1, 1)
        var isContinuous = false
        for scalar in decoded.unicodeScalars {
            if scalar.properties.isWhitespace {
                isContinuous =
                    isContinuous && scalar != "\n" && self.scalar(line: line + 1, column: column + 1) == scalar
                column += isContinuous ? 1 : 0
            } else if let found = position(of: scalar, from: (line, column)) {
                if !isContinuous || found != (line, column) {
                    runs.append(
                        TextMap.Run(
                            textLine: textLine,
                            textColumn: textColumn,
                            fileLine: found.0 + 1,
                            fileColumn: found.1 + 1
                        )
                    )
                }
                (line, column) = (found.0, found.1 + 1)
                isContinuous = true
            } else {
                isContinuous = false
            }
            (textLine, textColumn) = scalar == "\n" ? (textLine + 1, 1) : (textLine, textColumn + 1)
        }
        if runs.isEmpty {
            return TextMap(file: file, line: location.line ?? 1, column: location.column ?? 1)
        }
        return TextMap(file: file, runs: runs)
    }

    /// Where `scalar` stands next; the search is short, because only what decoding removes lies between.
    private func position(of scalar: Unicode.Scalar, from start: (Int, Int)) -> (Int, Int)? {
        var (line, column) = start
        var left = 400
        while left > 0, lines.indices.contains(line) {
            let row = lines[line]
            while column < row.count, left > 0 {
                if row[column] == scalar { return (line, column) }
                column += 1
                left -= 1
            }
            (line, column) = (line + 1, 0)
            left -= 1
        }
        return nil
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        (scalar.value < 0x20 && scalar != "\t") || (0x7F...0x9F).contains(scalar.value)
    }

    private static func lines(of text: String) -> [[Unicode.Scalar]] {
        var lines: [[Unicode.Scalar]] = []
        var line: [Unicode.Scalar] = []
        var last: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n" where last == "\r":
                break
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
                lines.append(line)
                line = []
            default:
                line.append(scalar)
            }
            last = scalar
        }
        lines.append(line)
        return lines
    }
}
