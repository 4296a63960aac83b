import JSONTree

/// What the expressions of one request have in common: the words and values that they stand for, and which were used.
struct ItemExpressionParser {
    private enum Token: Hashable {
        case word(String)
        case name(String)
        case value(String)
        case symbol(String)

        var text: String {
            switch self {
            case .word(let text), .name(let text), .value(let text), .symbol(let text): text
            }
        }
    }

    /// How long an expression may be, and how many operators may nest, as in the service.
    private static let sizeMax = 4096
    private static let depthMax = 100
    private static let symbols = ["<>", "<=", ">=", "=", "<", ">", "(", ")", ",", ".", "[", "]", "+", "-"]

    private let names: [String: String]
    private let values: [String: AttributeValue]
    private var unused: Set<String>
    private var tokens: ArraySlice<Token> = []
    private var depth = 0
    /// Whether the condition that was read last is nothing but one in parentheses.
    private var isParenthesised = false
    /// The member of the request that holds the expression which is read.
    private var member = ""
    /// The expression's tokens, for messages.
    private var all: [Token] = []

    init(_ request: JSON) throws {
        names = (request["ExpressionAttributeNames"]?.objectValue ?? JSONObject())
            .reduce(into: [:]) { $0[$1.key] = $1.value.stringValue }
        let values = try AttributeValue.attributes(request["ExpressionAttributeValues"]?.objectValue ?? JSONObject())
        self.values = Dictionary(values.map { ($0.key.text, $0.value) }) { $1 }
        unused = Set(names.keys).union(self.values.keys)
    }

    /// What is defined has to be used.
    func finish() throws {
        guard let first = unused.sorted().first else { return }
        let keys = unused.filter { $0.first == first.first }.sorted().joined(separator: ", ")
        throw TableFailure.validation(
            "Value provided in ExpressionAttribute\(first.first == "#" ? "Names" : "Values") unused in expressions: "
                + "keys: {\(keys)}"
        )
    }

    mutating func condition(_ text: String) throws -> ItemCondition {
        try start(text, of: "ConditionExpression")
        let condition = try disjunction()
        try end()
        return condition
    }

    // MARK: Conditions

    private mutating func disjunction() throws -> ItemCondition {
        var condition = try conjunction()
        while take("OR") {
            condition = .or(condition, try conjunction())
            isParenthesised = false
        }
        return condition
    }

    private mutating func conjunction() throws -> ItemCondition {
        var condition = try negation()
        while take("AND") {
            condition = .and(condition, try negation())
            isParenthesised = false
        }
        return condition
    }

    private mutating func negation() throws -> ItemCondition {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.depthMax else { throw syntaxError }
        if take("NOT") {
            defer { isParenthesised = false }
            return .not(try negation())
        }
        if take(symbol: "(") {
            let condition = try disjunction()
            try expect(")")
            guard !isParenthesised else { throw invalid("The expression has redundant parentheses;") }
            isParenthesised = true
            return condition
        }
        isParenthesised = false
        if let condition = try function() { return condition }
        return try comparison(try operand())
    }

    private mutating func comparison(_ left: ItemOperand) throws -> ItemCondition {
        if take("BETWEEN") {
            let low = try operand()
            guard take("AND") else { throw syntaxError }
            return .and(.comparison(.greaterOrEqual, left, low), .comparison(.lessOrEqual, left, try operand()))
        }
        if take("IN") {
            try expect("(")
            var condition = ItemCondition.comparison(.equal, left, try operand())
            while take(symbol: ",") { condition = .or(condition, .comparison(.equal, left, try operand())) }
            try expect(")")
            return condition
        }
        guard case .symbol(let symbol)? = tokens.first, let relation = ItemCondition.Relation(rawValue: symbol)
        else { throw syntaxError }
        tokens.removeFirst()
        return .comparison(relation, left, try operand())
    }

    private mutating func function() throws -> ItemCondition? {
        guard case .word(let word)? = tokens.first, tokens.dropFirst().first == .symbol("(") else { return nil }
        guard ["attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains"].contains(word)
        else { return nil }
        tokens = tokens.dropFirst(2)
        let condition: ItemCondition
        switch word {
        case "attribute_exists": condition = .exists(try path())
        case "attribute_not_exists": condition = .not(.exists(try path()))
        case "attribute_type":
            let path = try path()
            try expect(",")
            condition = .hasType(path, try operand())
        default:
            let left = try operand()
            try expect(",")
            condition = word == "contains" ? .contains(left, try operand()) : .beginsWith(left, try operand())
        }
        try expect(")")
        return condition
    }

    private mutating func operand() throws -> ItemOperand {
        if case .value(let name)? = tokens.first {
            tokens.removeFirst()
            return .value(try value(name))
        }
        if tokens.first == .word("size"), tokens.dropFirst().first == .symbol("(") {
            tokens = tokens.dropFirst(2)
            let path = try path()
            try expect(")")
            return .size(path)
        }
        return .path(try path())
    }

    // MARK: Updates

    mutating func update(_ text: String) throws -> ItemUpdate {
        try start(text, of: "UpdateExpression")
        var update = ItemUpdate()
        var clauses: Set<String> = []
        while case .word(let word)? = tokens.first, ["SET", "REMOVE", "ADD", "DELETE"].contains(word.uppercased()) {
            tokens.removeFirst()
            let clause = word.uppercased()
            guard clauses.insert(clause).inserted else {
                throw invalid("The \"\(clause)\" section can only be used once in an update expression;")
            }
            repeat { try action(clause, &update) } while take(symbol: ",")
        }
        try end()
        try update.check()
        return update
    }

    private mutating func action(_ clause: String, _ update: inout ItemUpdate) throws {
        let path = try path()
        switch clause {
        case "SET":
            try expect("=")
            update.actions.append(.set(path, try sum()))
        case "REMOVE": update.actions.append(.remove(path))
        case "ADD", "DELETE":
            guard case .value(let name)? = tokens.first else { throw syntaxError }
            tokens.removeFirst()
            let value = try value(name)
            let types = ["SS", "NS", "BS"] + (clause == "ADD" ? ["N"] : [])
            guard types.contains(value.type) else {
                throw invalid(
                    "Incorrect operand type for operator or function; operator: \(clause), operand type: \(value.typeName)"
                )
            }
            update.actions.append(clause == "ADD" ? .add(path, value) : .delete(path, value))
        default: throw syntaxError
        }
    }

    /// A value, or two of them with a sign between them.
    private mutating func sum() throws -> ItemUpdate.Value {
        let left = try term()
        guard let sign = ["+", "-"].first(where: { tokens.first == .symbol($0) }) else { return left }
        tokens.removeFirst()
        let right = try term()
        for term in [left, right] { try check(term, sign, ["N"]) }
        return .sum(left, right, isDifference: sign == "-")
    }

    private mutating func term() throws -> ItemUpdate.Value {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.depthMax else { throw syntaxError }
        if take(symbol: "(") {
            let value = try sum()
            try expect(")")
            return value
        }
        guard case .word(let word)? = tokens.first, tokens.dropFirst().first == .symbol("("),
            ["if_not_exists", "list_append"].contains(word)
        else {
            return .operand(try operand())
        }
        tokens = tokens.dropFirst(2)
        let value: ItemUpdate.Value
        if word == "if_not_exists" {
            let path = try path()
            try expect(",")
            value = .ifNotExists(path, try term())
        } else {
            let first = try term()
            try expect(",")
            let second = try term()
            for term in [first, second] { try check(term, word, ["L"]) }
            value = .append(first, second)
        }
        try expect(")")
        return value
    }

    /// A value that is given has a type which the operator or function takes; what the item holds shows later.
    private func check(_ term: ItemUpdate.Value, _ operation: String, _ types: Set<String>) throws {
        guard case .operand(.value(let value)) = term, !types.contains(value.type) else { return }
        throw invalid(
            "Incorrect operand type for operator or function; operator or function: \(operation), "
                + "operand type: \(value.type)"
        )
    }

    // MARK: Parts

    private mutating func path() throws -> DocumentPath {
        let attribute = try name()
        var steps: [DocumentPath.Step] = []
        while true {
            if take(symbol: ".") {
                steps.append(.member(try name()))
            } else if take(symbol: "[") {
                guard case .word(let digits)? = tokens.first, let index = Int(digits) else { throw syntaxError }
                tokens.removeFirst()
                try expect("]")
                steps.append(.index(index))
            } else {
                return DocumentPath(attribute: attribute, steps: steps)
            }
        }
    }

    private mutating func name() throws -> ByteText {
        switch tokens.first {
        case .word(let word)? where word.first?.isNumber == false:
            tokens.removeFirst()
            return ByteText(word)
        case .name(let key)?:
            guard let name = names[key] else {
                throw invalid(
                    "An expression attribute name used in the document path is not defined; attribute name: \(key)"
                )
            }
            tokens.removeFirst()
            unused.remove(key)
            return ByteText(name)
        default: throw syntaxError
        }
    }

    private mutating func value(_ key: String) throws -> AttributeValue {
        guard let value = values[key] else {
            throw invalid(
                "An expression attribute value used in expression is not defined; attribute value: \(key)"
            )
        }
        unused.remove(key)
        return value
    }

    // MARK: Tokens

    private mutating func start(_ text: String, of member: String) throws {
        self.member = member
        guard text.utf8.count <= Self.sizeMax else {
            throw invalid("Expression size has exceeded the maximum allowed size;")
        }
        guard !text.allSatisfy(\.isWhitespace) else { throw invalid("The expression can not be empty;") }
        var found: [Token] = []
        var rest = text[...]
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
            } else if let symbol = Self.symbols.first(where: rest.hasPrefix) {
                found.append(.symbol(symbol))
                rest.removeFirst(symbol.count)
            } else {
                let mark = "#:".contains(first) ? String(rest.removeFirst()) : ""
                let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                guard !word.isEmpty else { throw invalid("Syntax error; token: \"\(mark)\(rest.prefix(1))\"") }
                rest.removeFirst(word.count)
                switch mark {
                case "#": found.append(.name("#\(word)"))
                case ":": found.append(.value(":\(word)"))
                default: found.append(.word(String(word)))
                }
            }
        }
        all = found
        tokens = found[...]
    }

    private func end() throws {
        guard tokens.isEmpty else { throw syntaxError }
    }

    private mutating func take(_ keyword: String) -> Bool {
        guard case .word(let word)? = tokens.first, word.uppercased() == keyword else { return false }
        tokens.removeFirst()
        return true
    }

    private mutating func take(symbol: String) -> Bool {
        guard tokens.first == .symbol(symbol) else { return false }
        tokens.removeFirst()
        return true
    }

    private mutating func expect(_ symbol: String) throws {
        guard take(symbol: symbol) else { throw syntaxError }
    }

    // MARK: Failures

    private func invalid(_ problem: String) -> TableFailure {
        .validation("Invalid \(member): \(problem)")
    }

    /// The next token is not what can stand there.
    private var syntaxError: TableFailure {
        let token = tokens.first?.text ?? "<EOF>"
        return invalid("Syntax error; token: \"\(token)\", near: \"\(near(tokens.startIndex))\"")
    }

    /// The token at a place with its neighbours, as the service shows them.
    private func near(_ position: Int) -> String {
        all.indices.filter { abs($0 - position) <= 1 }.map { all[$0].text }.joined(separator: " ")
    }
}
