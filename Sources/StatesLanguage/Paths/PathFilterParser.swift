import JSONTree
import JSONata

/// Parses the condition inside `[?(...)]`; shares its position with the parser of the path around it.
struct PathFilterParser {
    private static let depthMax = 64

    var path: PathParser

    mutating func condition(depth: Int) throws(PathSyntaxError) -> PathFilter {
        guard depth < Self.depthMax else { throw PathSyntaxError(message: "Filters nest too deep") }
        var left = try conjunction(depth: depth + 1)
        path.skipBlanks()
        while path.take(word: "||") {
            left = .or(left, try conjunction(depth: depth + 1))
            path.skipBlanks()
        }
        return left
    }

    private mutating func conjunction(depth: Int) throws(PathSyntaxError) -> PathFilter {
        var left = try negation(depth: depth)
        path.skipBlanks()
        while path.take(word: "&&") {
            left = .and(left, try negation(depth: depth))
            path.skipBlanks()
        }
        return left
    }

    private mutating func negation(depth: Int) throws(PathSyntaxError) -> PathFilter {
        guard depth < Self.depthMax else { throw PathSyntaxError(message: "Filters nest too deep") }
        path.skipBlanks()
        if path.take("!") { return .not(try negation(depth: depth + 1)) }
        if path.take("(") {
            let inner = try condition(depth: depth + 1)
            path.skipBlanks()
            try path.expect(")")
            return inner
        }
        return try comparison()
    }

    private mutating func comparison() throws(PathSyntaxError) -> PathFilter {
        let left = try operand()
        path.skipBlanks()
        if path.take(word: "=~") {
            path.skipBlanks()
            return .matches(left, try pattern())
        }
        let comparators = PathFilter.Comparator.allCases.sorted { $0.rawValue.utf8.count > $1.rawValue.utf8.count }
        for comparator in comparators {
            let isWord = comparator.rawValue.unicodeScalars.first?.properties.isAlphabetic ?? false
            guard
                path.take(word: isWord ? comparator.rawValue.lowercased() : comparator.rawValue)
                    || (isWord && path.take(word: comparator.rawValue.uppercased()))
            else { continue }
            path.skipBlanks()
            return .comparison(left, comparator, try operand())
        }
        return .exists(left)
    }

    private mutating func operand() throws(PathSyntaxError) -> PathFilter.Operand {
        path.skipBlanks()
        switch path.current {
        case "@":
            path.position += 1
            let steps = try path.steps(endsAtOperator: true)
            return .current(steps, isDefinite: steps.allSatisfy(\.isDefinite))
        case "$":
            path.position += 1
            let steps = try path.steps(endsAtOperator: true)
            return .root(steps, isDefinite: steps.allSatisfy(\.isDefinite))
        case "'", "\"": return .literal(.string(try path.quoted()))
        case "[": return .literal(try list())
        default: return .literal(try scalar())
        }
    }

    private mutating func list() throws(PathSyntaxError) -> JSON {
        path.position += 1
        var elements: [JSON] = []
        path.skipBlanks()
        while path.current != "]" {
            guard case .literal(let value) = try operand() else { throw path.unexpected() }
            elements.append(value)
            path.skipBlanks()
            guard path.take(",") else { break }
        }
        try path.expect("]")
        return .array(elements)
    }

    private mutating func scalar() throws(PathSyntaxError) -> JSON {
        for (word, value) in [("true", JSON.bool(true)), ("false", .bool(false)), ("null", .null)]
        where path.take(word: word) {
            return value
        }
        var text = String.UnicodeScalarView()
        while let character = path.current, "+-.0123456789eE".unicodeScalars.contains(character) {
            text.append(character)
            path.position += 1
        }
        guard !text.isEmpty, let value = try? JSON(parsing: String(text)) else { throw path.unexpected() }
        return value
    }

    /// A regular expression between slashes; the whole text has to match it.
    private mutating func pattern() throws(PathSyntaxError) -> JSONataExpression {
        try path.expect("/")
        var pattern = String.UnicodeScalarView()
        while let character = path.current, character != "/" {
            if character == "\\", path.position + 1 < path.characters.count {
                pattern.append(character)
                path.position += 1
            }
            pattern.append(path.characters[path.position])
            path.position += 1
        }
        try path.expect("/")
        let flags = path.take("i") ? "i" : ""
        do throws(JSONataError) {
            return try JSONataExpression("$contains($value, /^(?:\(String(pattern)))$/\(flags))")
        } catch {
            throw PathSyntaxError(message: "Could not parse the regular expression: \(error.message)")
        }
    }
}
