/// Cuts a text into the parts of a ``Template``.
enum TemplateParser {
    struct Problem: Error {
        var message: String
        var hint: String?
    }

    static func parse(_ text: String) -> Result<[Template.Part], Problem> {
        var parts: [Template.Part] = []
        var literal = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            literal += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                literal += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                guard let end = rest.firstIndex(of: "}") else {
                    return .failure(
                        Problem(message: "\"${\" has no closing \"}\"", hint: "$${ for the two characters themselves")
                    )
                }
                let inside = rest[rest.index(rest.startIndex, offsetBy: 2)..<end]
                switch part(String(inside)) {
                case .failure(let problem): return .failure(problem)
                case .success(let part):
                    if !literal.isEmpty { parts.append(.literal(literal)) }
                    literal = ""
                    parts.append(part)
                }
                rest = rest[rest.index(after: end)...]
            } else {
                literal += "$"
                rest = rest.dropFirst()
            }
        }
        literal += rest
        if !literal.isEmpty || parts.isEmpty { parts.append(.literal(literal)) }
        return .success(parts)
    }

    private static func part(_ inside: String) -> Result<Template.Part, Problem> {
        if inside.hasPrefix("secret:") {
            let name = String(inside.dropFirst("secret:".count))
            guard !name.isEmpty, name.allSatisfy({ $0.isASCII && !$0.isWhitespace && $0 != "$" && $0 != "{" }) else {
                return .failure(
                    Problem(message: "\"${\(inside.abbreviated)}\" does not name a secret", hint: "${secret:name}")
                )
            }
            return .success(.secret(name: name))
        }
        var name = inside
        var fallback: String?
        if let separator = inside.firstRange(of: ":-") {
            name = String(inside[..<separator.lowerBound])
            fallback = String(inside[separator.upperBound...])
        }
        guard Names.isIdentifier(name), !name.contains("-") else {
            let hint = "${NAME}, ${NAME:-default} or ${secret:name}"
            return .failure(Problem(message: "\"${\(inside.abbreviated)}\" is not a variable", hint: hint))
        }
        return .success(.variable(name: name, default: fallback))
    }
}
