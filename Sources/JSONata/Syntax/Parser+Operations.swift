import JSONTree

extension Parser {
    /// Reads what an infix symbol makes of the operand before it; the symbol is already behind.
    mutating func operation(_ symbol: Token, on left: Syntax) throws(Failure) -> Syntax {
        guard case .symbol(let text) = symbol.kind else { return left }
        let position = symbol.position
        switch text {
        case ".":
            let right = try expression(above: 75)
            return try node(.step(left, right), at: position, over: [left, right])
        case "[": return try predicate(on: left, at: position)
        case "{":
            let pairs = try pairs()
            let children = pairs.flatMap { [$0.key, $0.value] }
            return try node(.grouping(left, pairs), at: position, over: [left] + children)
        case "(": return try call(left, at: position)
        case "^": return try ordering(of: left, at: position)
        case "?": return try condition(left, at: position)
        case "@":
            let name = try variable(after: "@")
            return try node(.focus(left, name), at: position, over: [left])
        case "#":
            let name = try variable(after: "#")
            return try node(.index(left, name), at: position, over: [left])
        case ":=": return try binding(left, at: position)
        case "~>":
            let right = try expression(above: 40)
            return try node(.application(left, right), at: position, over: [left, right])
        default: return try binary(text, left, at: position)
        }
    }

    private mutating func binary(_ symbol: String, _ left: Syntax, at position: Int) throws(Failure) -> Syntax {
        guard let operation = BinaryOperator(rawValue: symbol) else {
            throw Failure("S0204", position: position, token: .string(symbol))
        }
        let strength =
            switch operation {
            case .multiply, .divide, .remainder: 60
            case .add, .subtract, .concatenate: 50
            case .and: 30
            case .or: 25
            default: 40
            }
        let right = try expression(above: strength)
        return try node(.binary(operation, left, right), at: position, over: [left, right])
    }

    private mutating func predicate(on left: Syntax, at position: Int) throws(Failure) -> Syntax {
        if token.isSymbol("]") {
            var step = left
            while case .predicate(let inner, _) = step.kind { step = inner }
            step.keepsArray = true
            try advance()
            return left
        }
        let condition = try expression()
        try expect("]", afterOperand: true)
        return try node(.predicate(left, condition), at: position, over: [left, condition])
    }

    private mutating func ordering(of left: Syntax, at position: Int) throws(Failure) -> Syntax {
        try expect("(")
        var terms: [(isDescending: Bool, term: Syntax)] = []
        repeat {
            var isDescending = false
            if try take(">") {
                isDescending = true
            } else {
                _ = try take("<")
            }
            terms.append((isDescending, try expression()))
        } while try take(",")
        try expect(")")
        return try node(.ordering(left, terms), at: position, over: [left] + terms.map(\.term))
    }

    private mutating func condition(_ left: Syntax, at position: Int) throws(Failure) -> Syntax {
        let then = try expression()
        var otherwise: Syntax?
        if try take(":") { otherwise = try expression() }
        return try node(
            .condition(left, then: then, otherwise: otherwise),
            at: position,
            over: [left, then] + (otherwise.map { [$0] } ?? [])
        )
    }

    private mutating func variable(after symbol: String) throws(Failure) -> String {
        let operand = try expression(above: 80)
        guard case .variable(let name) = operand.kind else {
            throw Failure("S0214", position: operand.position, token: .string(symbol))
        }
        bind(name)
        return name
    }

    private mutating func binding(_ left: Syntax, at position: Int) throws(Failure) -> Syntax {
        guard case .variable(let name) = left.kind else {
            throw Failure("S0212", position: left.position, token: left.shownToken)
        }
        bind(name)
        // One less than the operator's own strength, so that bindings group to the right.
        let value = try expression(above: 9)
        return try node(.binding(name, value), at: position, over: [value])
    }
}
