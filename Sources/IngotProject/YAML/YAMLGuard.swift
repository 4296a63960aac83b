/// Refuses texts that could exhaust the parser, before it sees them.
///
/// Yams shares the nodes of aliases, so expansion costs nothing until somebody walks the tree; our own walk is
/// bounded. Yams itself walks the keys of mappings, so keys that could hold an alias are refused here.
enum YAMLGuard {
    struct Problem {
        var message: String
        var line: Int
        var hint: String?
    }

    static func problem(in text: String) -> Problem? {
        var scan = Scan()
        var line = 1
        for byte in text.utf8 where scan.tooDeepLine == nil {
            scan.take(byte, line: line)
            if byte == UInt8(ascii: "\n") { line += 1 }
        }
        if let line = scan.tooDeepLine {
            return Problem(
                message: "values lie more than \(YAMLLimits.depthMax) deep inside each other",
                line: line,
                hint: nil
            )
        }
        if scan.hasAnchor, scan.hasAlias, let line = scan.collectionKeyLine {
            return Problem(
                message: "a key must be a text, not a list, a mapping or an alias",
                line: line,
                hint: "quote the key"
            )
        }
        return nil
    }

    /// One pass over the bytes, which looks at tokens without parsing them: it may see one inside a quoted text.
    private struct Scan {
        var hasAnchor = false
        var hasAlias = false
        var collectionKeyLine: Int?
        var tooDeepLine: Int?
        private var openBrackets = 0
        private var lineMarks = 0
        private var indentation: Int? = 0
        private var isAtTokenStart = true
        private var mayEndCollectionKey = false
        private var isInAlias = false
        private var last: UInt8 = UInt8(ascii: "\n")

        mutating func take(_ byte: UInt8, line: Int) {
            let isBlank = byte == 0x20 || byte == 0x09
            let isBreak = byte == 0x0A || byte == 0x0D
            if isAtTokenStart, last == UInt8(ascii: "&"), Self.isName(byte) { hasAnchor = true }
            if isAtTokenStart, last == UInt8(ascii: "*"), Self.isName(byte) {
                hasAlias = true
                isInAlias = true
            }
            if isAtTokenStart, last == UInt8(ascii: "?"), isBlank || isBreak { collectionKeyLine = line }
            if byte == UInt8(ascii: ":"), mayEndCollectionKey || isInAlias { collectionKeyLine = line }
            countNesting(byte, isBreak: isBreak, line: line)
            let isCloser = byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
            mayEndCollectionKey = isCloser || mayEndCollectionKey && isBlank
            isInAlias = isInAlias && (Self.isName(byte) || isBlank)
            isAtTokenStart = Self.isSigil(byte) && Self.opensToken(last)
            last = byte
        }

        private mutating func countNesting(_ byte: UInt8, isBreak: Bool, line: Int) {
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"): openBrackets += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): openBrackets = max(0, openBrackets - 1)
            case UInt8(ascii: "-") where Self.opensToken(last): lineMarks += 1
            case UInt8(ascii: "?") where Self.opensToken(last): lineMarks += 1
            default: break
            }
            indentation = byte == 0x20 ? indentation.map { $0 + 1 } : nil
            if isBreak { (lineMarks, indentation) = (0, 0) }
            // Brackets and blanks in texts are counted too, so the bounds leave room for them.
            if openBrackets > YAMLLimits.depthMax * 4 || (indentation ?? 0) > YAMLLimits.depthMax * 8
                || lineMarks > YAMLLimits.depthMax * 4
            {
                tooDeepLine = tooDeepLine ?? line
            }
        }

        private static func isSigil(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*") || byte == UInt8(ascii: "?")
        }

        private static func opensToken(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x00...0x20, UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ","), UInt8(ascii: ":"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }

        private static func isName(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte >= 0x80
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        }
    }
}
