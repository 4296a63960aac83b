import JSONTree

extension Parser {
    /// Reads a call, a partial application, or a lambda; the opening parenthesis is already behind.
    mutating func call(_ procedure: Syntax, at position: Int) throws(Failure) -> Syntax {
        var arguments: [Syntax] = []
        var isPartial = false
        if !token.isSymbol(")") {
            repeat {
                if token.isSymbol("?") {
                    isPartial = true
                    arguments.append(try node(.placeholder, at: token.position))
                    try advance()
                } else {
                    arguments.append(try expression())
                }
            } while try take(",")
        }
        try expect(")", afterOperand: true)
        if case .name(let name) = procedure.kind, name == "function" || name == "λ" {
            return try lambda(arguments, at: position)
        }
        return try node(
            isPartial ? .partial(procedure, arguments) : .call(procedure, arguments),
            at: position,
            over: arguments + [procedure]
        )
    }

    private mutating func lambda(_ arguments: [Syntax], at position: Int) throws(Failure) -> Syntax {
        var parameters: [String] = []
        for (index, argument) in arguments.enumerated() {
            guard case .variable(let name) = argument.kind else {
                throw Failure(
                    "S0208",
                    position: argument.position,
                    token: argument.shownToken,
                    value: .number(Double(index + 1))
                )
            }
            parameters.append(name)
            bind(name)
        }
        let signature = token.isSymbol("<") ? try signature() : nil
        try expect("{")
        let body = try expression()
        try expect("}")
        return try node(
            .lambda(parameters: parameters, signature: signature, body: body),
            at: position,
            over: [body]
        )
    }

    private mutating func signature() throws(Failure) -> Signature {
        let position = token.position
        var text = "<"
        var depth = 1
        while depth > 0, !token.isSymbol("{"), token.kind != .end {
            text += try takeSignatureText()
            if token.isSymbol(">") { depth -= 1 }
            if token.isSymbol("<") { depth += 1 }
        }
        try expect(">")
        return try Signature(text, position: position)
    }
}

extension Syntax {
    /// The expression as errors name it, where it is a single token.
    var shownToken: JSON? {
        switch kind {
        case .literal(let literal): try? literal.value.json(depthMax: 1)
        case .name(let name), .variable(let name): .string(name)
        case .wildcard: "*"
        case .descendants: "**"
        case .parent: "%"
        case .placeholder: "?"
        case .end: "(end)"
        case .negation: "-"
        case .array, .predicate: "["
        case .object, .grouping: "{"
        case .binary(let operation, _, _): .string(operation.rawValue)
        case .step: "."
        case .ordering: "^"
        case .binding: ":="
        case .focus: "@"
        case .index: "#"
        case .application: "~>"
        case .call, .partial, .block: "("
        case .condition: "?"
        case .transform: "|"
        case .regex, .lambda: nil
        }
    }
}
