import JSONTree
import JSONata

extension Path {
    /// Parses a path.
    init(parsing text: String) throws(PathSyntaxError) {
        var parser = PathParser(text: text)
        self = try parser.wholePath()
    }
}

/// A parser of JSONPath over the scalars of its text.
struct PathParser {
    private static let nestingMax = 32
    private static let stepCountMax = 256

    let text: String
    let characters: [Unicode.Scalar]
    var position = 0
    private var nesting = 0

    init(text: String) {
        self.text = text
        characters = Array(text.unicodeScalars)
    }

    var current: Unicode.Scalar? {
        position < characters.count ? characters[position] : nil
    }

    mutating func wholePath() throws(PathSyntaxError) -> Path {
        guard characters.first == "$" else { throw PathSyntaxError(message: "Reference path didn't start with '$'") }
        position = 1
        let root = try root()
        let steps = try steps(endsAtOperator: false)
        guard position == characters.count else { throw unexpected() }
        return Path(text: text, root: root, steps: steps)
    }

    /// What stands between the first `$` and the first step.
    mutating func root() throws(PathSyntaxError) -> Path.Root {
        if take("$") { return .context }
        var name = String.UnicodeScalarView()
        while let character = current, character != ".", character != "[" {
            guard Self.isNameCharacter(character, isFirst: name.isEmpty) else { break }
            name.append(character)
            position += 1
        }
        return name.isEmpty ? .input : .variable(String(name))
    }

    static func isNameCharacter(_ character: Unicode.Scalar, isFirst: Bool) -> Bool {
        if character == "_" { return true }
        return isFirst ? character.properties.isIDStart : character.properties.isIDContinue
    }

    /// Parses steps until the path ends; inside a filter it also ends at an operator.
    mutating func steps(endsAtOperator: Bool) throws(PathSyntaxError) -> [Path.Step] {
        var steps: [Path.Step] = []
        while let character = current {
            guard steps.count < Self.stepCountMax else { throw PathSyntaxError(message: "The path has too many steps") }
            switch character {
            case ".":
                position += 1
                if take(".") {
                    steps.append(.descendants)
                    if current == "[" { continue }
                }
                steps.append(try memberOrFunction(endsAtOperator: endsAtOperator))
            case "[":
                steps.append(try bracket())
            default:
                guard endsAtOperator else { throw unexpected() }
                return steps
            }
        }
        if case .descendants = steps.last { throw PathSyntaxError(message: "Path must not end with a '.' or '..'") }
        return steps
    }

    private mutating func memberOrFunction(endsAtOperator: Bool) throws(PathSyntaxError) -> Path.Step {
        if take("*") { return .wildcard }
        var name = String.UnicodeScalarView()
        while let character = current, character != ".", character != "[" {
            if character == "(" { return try function(String(name)) }
            if endsAtOperator, " ()=!<>&|,]~\t".unicodeScalars.contains(character) { break }
            guard !" \t\n\r)'\"".unicodeScalars.contains(character) else { throw unexpected() }
            name.append(character)
            position += 1
        }
        guard !name.isEmpty else { throw PathSyntaxError(message: "Path must not end with a '.' or '..'") }
        return .member(String(name))
    }

    private mutating func function(_ name: String) throws(PathSyntaxError) -> Path.Step {
        position += 1
        guard take(")"), let function = PathFunction(rawValue: name) else {
            throw PathSyntaxError(message: "Function \(name) is not supported")
        }
        return .function(function)
    }

    private mutating func bracket() throws(PathSyntaxError) -> Path.Step {
        position += 1
        skipBlanks()
        switch current {
        case "'", "\"": return try quotedNames()
        case "*":
            position += 1
            try expect("]")
            return .wildcard
        case "?":
            position += 1
            return try filterStep()
        default: return try numbers()
        }
    }

    private mutating func quotedNames() throws(PathSyntaxError) -> Path.Step {
        var names = [try quoted()]
        skipBlanks()
        while take(",") {
            skipBlanks()
            names.append(try quoted())
            skipBlanks()
        }
        try expect("]")
        return names.count == 1 ? .member(names[0]) : .members(names)
    }

    /// A text in quotes; a backslash only escapes the quote that ends the text, any other stands for itself.
    mutating func quoted() throws(PathSyntaxError) -> String {
        guard let quote = current, quote == "'" || quote == "\"" else { throw unexpected() }
        position += 1
        var text = String.UnicodeScalarView()
        while let character = current, character != quote {
            if character == "\\", position + 1 < characters.count, characters[position + 1] == quote { position += 1 }
            text.append(characters[position])
            position += 1
        }
        guard take(quote) else {
            throw PathSyntaxError(message: "Property has not been closed - missing closing \(quote)")
        }
        return String(text)
    }

    private mutating func numbers() throws(PathSyntaxError) -> Path.Step {
        let first = try integer()
        skipBlanks()
        if take(":") {
            skipBlanks()
            let last = try integer()
            skipBlanks()
            try expect("]")
            return .slice(from: first, to: last)
        }
        guard let first else { throw PathSyntaxError(message: "'[' must be followed by ' or '[' or a number") }
        var indices = [first]
        while take(",") {
            skipBlanks()
            guard let index = try integer() else { throw unexpected() }
            indices.append(index)
            skipBlanks()
        }
        try expect("]")
        return indices.count == 1 ? .index(first) : .indices(indices)
    }

    private mutating func integer() throws(PathSyntaxError) -> Int? {
        var digits = String.UnicodeScalarView()
        if current == "-" {
            digits.append("-")
            position += 1
        }
        while let character = current, ("0"..."9").contains(character) {
            digits.append(character)
            position += 1
        }
        guard !digits.isEmpty else { return nil }
        guard let value = Int(String(digits)), abs(value) < Int(Int32.max) else { throw unexpected() }
        return value
    }

    private mutating func filterStep() throws(PathSyntaxError) -> Path.Step {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Self.nestingMax else { throw PathSyntaxError(message: "Filters nest too deep") }
        skipBlanks()
        try expect("(")
        var parser = PathFilterParser(path: self)
        let filter = try parser.condition(depth: nesting)
        self = parser.path
        skipBlanks()
        try expect(")")
        skipBlanks()
        try expect("]")
        return .filter(filter)
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard current == character else { return false }
        position += 1
        return true
    }

    mutating func take(word: String) -> Bool {
        let scalars = Array(word.unicodeScalars)
        guard characters[position...].starts(with: scalars) else { return false }
        position += scalars.count
        return true
    }

    mutating func expect(_ character: Unicode.Scalar) throws(PathSyntaxError) {
        guard take(character) else { throw unexpected() }
    }

    mutating func skipBlanks() {
        while let character = current, " \t\n\r".unicodeScalars.contains(character) { position += 1 }
    }

    func unexpected() -> PathSyntaxError {
        guard let current else { return PathSyntaxError(message: "The path ends too early") }
        return PathSyntaxError(
            message: "Could not parse token at position \(position). Unexpected character '\(current)'"
        )
    }
}
