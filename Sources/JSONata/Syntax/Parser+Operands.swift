extension Parser {
    /// Reads what begins with a token; the token itself is already behind.
    mutating func operand(_ first: Token) throws(Failure) -> Syntax {
        let position = first.position
        switch first.kind {
        case .end: return try node(.end, at: position)
        case .name(let name): return try node(.name(name), at: position)
        case .variable(let name):
            // A text that is evaluated at run time may bind any name.
            if name == "eval" { bind(name) }
            return try node(.variable(name), at: position)
        case .literal(let literal): return try node(.literal(literal), at: position)
        case .regex(let pattern, let flags):
            return try node(.regex(try RegexProgram(pattern, flags: flags, position: position)), at: position)
        case .symbol(let symbol): return try prefix(symbol, first)
        }
    }

    private mutating func prefix(_ symbol: String, _ first: Token) throws(Failure) -> Syntax {
        let position = first.position
        switch symbol {
        case "and", "or", "in": return try node(.name(symbol), at: position)
        case "*": return try node(.wildcard, at: position)
        case "**": return try node(.descendants, at: position)
        case "%": return try node(.parent, at: position)
        case "-":
            let operand = try expression(above: 70)
            return try node(.negation(operand), at: position, over: [operand])
        case "(": return try block(at: position)
        case "[": return try array(at: position)
        case "{":
            let pairs = try pairs()
            return try node(.object(pairs), at: position, over: pairs.flatMap { [$0.key, $0.value] })
        case "|": return try transform(at: position)
        default: throw Failure("S0211", position: position, token: first.shown)
        }
    }

    private mutating func block(at position: Int) throws(Failure) -> Syntax {
        var expressions: [Syntax] = []
        while !token.isSymbol(")") {
            expressions.append(try expression())
            guard try take(";") else { break }
        }
        try expect(")", afterOperand: true)
        return try node(.block(expressions), at: position, over: expressions)
    }

    private mutating func array(at position: Int) throws(Failure) -> Syntax {
        var items: [Syntax] = []
        if !token.isSymbol("]") {
            repeat {
                var item = try expression()
                if token.isSymbol("..") {
                    let place = token.position
                    try advance()
                    let last = try expression()
                    item = try node(.binary(.range, item, last), at: place, over: [item, last])
                }
                items.append(item)
            } while try take(",")
        }
        try expect("]", afterOperand: true)
        return try node(.array(items), at: position, over: items)
    }

    /// Reads the members of an object; the opening brace is already behind.
    mutating func pairs() throws(Failure) -> [Syntax.Pair] {
        var pairs: [Syntax.Pair] = []
        if !token.isSymbol("}") {
            repeat {
                let key = try expression()
                try expect(":")
                pairs.append((key, try expression()))
            } while try take(",")
        }
        try expect("}", afterOperand: true)
        return pairs
    }

    private mutating func transform(at position: Int) throws(Failure) -> Syntax {
        let pattern = try expression()
        try expect("|")
        let update = try expression()
        var deletion: Syntax?
        if try take(",") { deletion = try expression() }
        try expect("|")
        return try node(
            .transform(pattern: pattern, update: update, deletion: deletion),
            at: position,
            over: [pattern, update] + (deletion.map { [$0] } ?? [])
        )
    }
}
