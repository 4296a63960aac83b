import JSONTree

extension StateReader {
    func choice() -> ChoiceBody? {
        let defaultNext = next("Default", in: object)
        guard object.require(["Choices"]), let rules = object.objects("Choices") else { return nil }
        if rules.isEmpty { object.report("Choices", "Value cannot be empty") }
        let complete = rules.enumerated().compactMap { position, rule in
            let target = rule.require(["Next"]) ? next("Next", in: rule) : nil
            let assign = assignments(rule, prefix: "Choices[\(position)]/Assign")
            let output = isJSONata ? template("Output", in: rule, field: "Choices[\(position)]/Output") : nil
            let condition =
                isJSONata ? expression(rule, field: "Choices[\(position)]/Condition") : condition(rule)
            rule.finish()
            guard let target, let condition else { return ChoiceBody.Rule?.none }
            return ChoiceBody.Rule(condition: condition, next: target, output: output, assign: assign)
        }
        return ChoiceBody(rules: complete, defaultNext: defaultNext)
    }

    private func expression(_ rule: ObjectReader, field: String) -> ChoiceCondition? {
        guard rule.require(["Condition"]), let node = rule.node("Condition") else { return nil }
        if let value = node.scalar?.boolValue { return value ? .and([]) : .or([]) }
        guard let text = rule.string("Condition") else { return nil }
        return query(text, "Condition", in: rule, field: field).map { .query($0, field: field) }
    }

    private func condition(_ rule: ObjectReader) -> ChoiceCondition? {
        if rule.has("And") { return nested("And", rule).map(ChoiceCondition.and) }
        if rule.has("Or") { return nested("Or", rule).map(ChoiceCondition.or) }
        if rule.has("Not") {
            guard let inner = rule.object("Not") else { return nil }
            let condition = condition(inner)
            inner.finish()
            return condition.map(ChoiceCondition.not)
        }
        return comparison(rule)
    }

    private func nested(_ key: String, _ rule: ObjectReader) -> [ChoiceCondition]? {
        guard let rules = rule.objects(key) else { return nil }
        if rules.isEmpty { rule.report(key, "Value cannot be empty") }
        let conditions = rules.map { rule in
            let condition = condition(rule)
            rule.finish()
            return condition
        }
        let complete = conditions.compactMap(\.self)
        return complete.count == rules.count ? complete : nil
    }

    private func comparison(_ rule: ObjectReader) -> ChoiceCondition? {
        let operators = rule.members.map(\.key).filter { ChoiceOperator(name: $0) != nil }
        guard rule.require(["Variable"]), let variable = path("Variable", in: rule) else {
            for name in operators { _ = rule.node(name) }
            return nil
        }
        guard let name = operators.first, operators.count == 1 else {
            for name in operators { _ = rule.node(name) }
            rule.report(nil, "A choice rule needs exactly one comparison operator")
            return nil
        }
        return test(name, rule).map { .test(variable, $0) }
    }

    private func test(_ name: String, _ rule: ObjectReader) -> ChoiceTest? {
        switch ChoiceOperator(name: name) {
        case .comparison(let domain, let relation, isPath: true):
            return path(name, in: rule).map { .comparison(domain, relation, .path($0)) }
        case .comparison(let domain, let relation, isPath: false):
            guard let value = rule.node(name)?.scalar, domain.order(value, value) != nil else {
                rule.report(name, "Expected value of type \(domain.rawValue)")
                return nil
            }
            return .comparison(domain, relation, .literal(value))
        case .matches: return rule.string(name).map { .matches(.init($0)) }
        case .isPresent: return rule.bool(name).map(ChoiceTest.isPresent)
        case .isType(let type): return rule.bool(name).map { .isType(type, $0) }
        case nil: return nil
        }
    }
}

/// The meaning of an operator's name, such as `StringLessThanEqualsPath`.
private enum ChoiceOperator {
    case comparison(ChoiceTest.Domain, ChoiceTest.Relation, isPath: Bool)
    case matches
    case isPresent
    case isType(ChoiceTest.TypeTest)

    init?(name: String) {
        guard let meaning = Self.all[name] else { return nil }
        self = meaning
    }

    private static let all: [String: ChoiceOperator] = {
        var all: [String: ChoiceOperator] = ["StringMatches": .matches, "IsPresent": .isPresent]
        for type in ChoiceTest.TypeTest.allCases { all[type.rawValue] = .isType(type) }
        for domain in ChoiceTest.Domain.allCases {
            // Booleans have no order.
            for relation in ChoiceTest.Relation.allCases where domain != .boolean || relation == .equals {
                all["\(domain.rawValue)\(relation.rawValue)"] = .comparison(domain, relation, isPath: false)
                all["\(domain.rawValue)\(relation.rawValue)Path"] = .comparison(domain, relation, isPath: true)
            }
        }
        return all
    }()
}
