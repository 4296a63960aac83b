import JSONTree

extension ChoiceCondition {
    /// Whether the condition holds.
    func holds(in scope: QueryScope) throws(StateError) -> Bool {
        switch self {
        case .and(let conditions):
            for condition in conditions { guard try condition.holds(in: scope) else { return false } }
            return true
        case .or(let conditions):
            for condition in conditions { if try condition.holds(in: scope) { return true } }
            return false
        case .not(let condition): return try !condition.holds(in: scope)
        case .test(let variable, let test): return try Self.holds(test, variable, in: scope)
        case .query(let query, let field):
            let value = try query.value(in: scope, field: field)
            guard let answer = value.boolValue else {
                throw query.unexpectedType(value, expected: "boolean", field: field)
            }
            return answer
        }
    }

    private static func holds(_ test: ChoiceTest, _ variable: Path, in scope: QueryScope) throws(StateError) -> Bool {
        if case .isPresent(let expected) = test {
            return ((try? scope.value(of: variable)) != nil) == expected
        }
        let value = try Self.value(of: variable, in: scope)
        switch test {
        case .isPresent(let expected): return expected
        case .isType(let type, let expected): return type.holds(for: value) == expected
        case .matches(let pattern): return value.stringValue.map(pattern.matches) ?? false
        case .comparison(let domain, let relation, let operand):
            let other: JSON
            switch operand {
            case .literal(let literal): other = literal
            case .path(let path): other = try Self.value(of: path, in: scope)
            }
            return domain.order(value, other).map(relation.holds) ?? false
        }
    }

    private static func value(of path: Path, in scope: QueryScope) throws(StateError) -> JSON {
        do throws(PathFailure) {
            return try scope.value(of: path)
        } catch {
            throw .runtime(
                "Invalid path '\(path.text)': The choice state's condition path references an invalid value."
            )
        }
    }
}

extension ChoiceTest.TypeTest {
    func holds(for value: JSON) -> Bool {
        switch self {
        case .isNull: value.isNull
        case .isNumeric: value.isNumber
        case .isString: value.stringValue != nil
        case .isBoolean: value.boolValue != nil
        case .isTimestamp: value.stringValue.flatMap(Timestamp.init(iso8601:)) != nil
        }
    }
}

extension ChoiceTest.Domain {
    /// -1, 0 or 1 as the left value is less, equal or greater; nil where one of them is of another type.
    func order(_ left: JSON, _ right: JSON) -> Int? {
        switch self {
        case .string:
            guard let left = left.stringValue, let right = right.stringValue else { return nil }
            // Strings are ordered as the service's Java orders them: by UTF-16 code units, without Unicode equivalence.
            if left.utf8.elementsEqual(right.utf8) { return 0 }
            return left.utf16.lexicographicallyPrecedes(right.utf16) ? -1 : 1
        case .numeric:
            if let left = left.int64Value, let right = right.int64Value { return Self.order(left, right) }
            guard let left = left.doubleValue, let right = right.doubleValue else { return nil }
            return Self.order(left, right)
        case .boolean:
            guard let left = left.boolValue, let right = right.boolValue else { return nil }
            return left == right ? 0 : 1
        case .timestamp:
            guard let left = left.stringValue.flatMap(Timestamp.init(iso8601:)),
                let right = right.stringValue.flatMap(Timestamp.init(iso8601:))
            else { return nil }
            return Self.order(left, right)
        }
    }

    private static func order<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
        left < right ? -1 : left == right ? 0 : 1
    }
}

extension ChoiceTest.Relation {
    func holds(_ order: Int) -> Bool {
        switch self {
        case .equals: order == 0
        case .lessThan: order < 0
        case .lessThanEquals: order <= 0
        case .greaterThan: order > 0
        case .greaterThanEquals: order >= 0
        }
    }
}
