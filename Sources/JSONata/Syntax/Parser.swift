import JSONTree

/// Reads an expression by operator precedence (Pratt's method): every symbol knows how to go on after nothing
/// (as a prefix) and after an operand (as an infix that binds with a certain strength).
struct Parser {
    /// How deep expressions may nest.
    static let nestingMax = 300

    private var lexer: Lexer
    /// The token that comes next.
    private(set) var token = Token(kind: .end, position: 0)
    private let isDeep: Bool
    private var depth = 0

    /// The names that the expression binds somewhere.
    private(set) var boundNames: Set<String> = []

    static func parse(_ source: String, isDeep: Bool) throws(Failure) -> (syntax: Syntax, boundNames: Set<String>) {
        var parser = Parser(source, isDeep: isDeep)
        try parser.advance()
        let result = try parser.expression()
        guard parser.token.kind == .end else {
            throw Failure("S0201", position: parser.token.position, token: parser.token.shown)
        }
        return (result, parser.boundNames)
    }

    private init(_ source: String, isDeep: Bool) {
        lexer = Lexer(source)
        self.isDeep = isDeep
    }

    /// Takes down that the expression binds a variable.
    mutating func bind(_ name: String) {
        boundNames.insert(name)
    }

    /// Goes to the next token.
    mutating func advance(afterOperand isOperand: Bool = false) throws(Failure) {
        token = try lexer.next(afterOperand: isOperand)
        // These end a name, but mean nothing by themselves.
        if token.isSymbol("!") || token.isSymbol("~") {
            throw Failure("S0204", position: token.position, token: token.shown)
        }
    }

    /// Goes over a symbol that has to be here.
    mutating func expect(_ symbol: String, afterOperand isOperand: Bool = false) throws(Failure) {
        guard token.isSymbol(symbol) else {
            throw Failure(
                token.kind == .end ? "S0203" : "S0202",
                position: token.position,
                token: token.shown,
                value: .string(symbol)
            )
        }
        try advance(afterOperand: isOperand)
    }

    /// Goes over a symbol, if it is here.
    mutating func take(_ symbol: String) throws(Failure) -> Bool {
        guard token.isSymbol(symbol) else { return false }
        try advance()
        return true
    }

    /// Reads an expression up to the first operator that binds no stronger than `strength`.
    mutating func expression(above strength: Int = 0) throws(Failure) -> Syntax {
        depth += 1
        defer { depth -= 1 }
        try checkNesting(depth)
        let first = token
        try advance(afterOperand: true)
        var left = try operand(first)
        while strength < token.strength {
            let symbol = token
            try advance()
            left = try operation(symbol, on: left)
        }
        return left
    }

    /// Makes an expression of its parts.
    func node(
        _ kind: Syntax.Kind,
        at position: Int,
        over parts: [Syntax] = []
    ) throws(Failure) -> Syntax {
        var tallest = 0
        for part in parts { tallest = max(tallest, part.height) }
        try checkNesting(tallest + 1)
        return Syntax(kind, at: position, height: tallest + 1)
    }

    private func checkNesting(_ depth: Int) throws(Failure) {
        guard depth <= Parser.nestingMax else { throw Failure("U1001", position: token.position) }
        guard isDeep || depth <= Stack.shallowDepth else { throw Failure.needsDeepStack }
    }

    /// Goes over the name of a type in a signature, and answers its text.
    mutating func takeSignatureText() throws(Failure) -> String {
        try advance()
        return token.shown.stringValue ?? token.shown.text()
    }
}

extension Token {
    /// How strongly the symbol binds what stands left of it; 0 for one that ends an operand.
    fileprivate var strength: Int {
        guard case .symbol(let symbol) = kind else { return 0 }
        switch symbol {
        case "[", "(", "@", "#": return 80
        case ".": return 75
        case "{": return 70
        case "*", "/", "%": return 60
        case "+", "-", "&": return 50
        case "=", "<", ">", "^", "!=", "<=", ">=", "~>", "in": return 40
        case "and": return 30
        case "or": return 25
        case "?": return 20
        case ":=": return 10
        default: return 0
        }
    }

    /// The token as errors show it.
    var shown: JSON {
        switch kind {
        case .symbol(let text), .name(let text), .variable(let text): .string(text)
        case .literal(.null): .null
        case .literal(.bool(let value)): .bool(value)
        case .literal(.number(let value)): NumberText.json(value)
        case .literal(.string(let text)): .string(text)
        case .regex(let pattern, _): .string("/" + String(decoding: pattern, as: UTF16.self) + "/")
        case .end: .string("(end)")
        }
    }
}
