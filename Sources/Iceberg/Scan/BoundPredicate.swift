/// A predicate whose columns have been looked up in a schema and whose negations have been carried to the leaves.
indirect enum BoundPredicate: Sendable {
    enum Test: Sendable {
        case compare(Predicate.Comparison, Literal)
        case oneOf([Literal])
        case isNull
        case isNotNull
    }

    case always
    case never
    case leaf(fieldID: Int, Test)
    case and([BoundPredicate])
    case or([BoundPredicate])

    init(_ predicate: Predicate, schema: Schema, isNegated: Bool = false) throws {
        switch predicate {
        case .always: self = isNegated ? .never : .always
        case .never: self = isNegated ? .always : .never
        case .not(let inner): self = try BoundPredicate(inner, schema: schema, isNegated: !isNegated)
        case .and(let parts), .or(let parts):
            let bound = try parts.map { try BoundPredicate($0, schema: schema, isNegated: isNegated) }
            if case .and = predicate {
                self = isNegated ? .or(bound) : .and(bound)
            } else {
                self = isNegated ? .and(bound) : .or(bound)
            }
        case .isNull(let column):
            self = .leaf(fieldID: try Self.field(column, schema).id, isNegated ? .isNotNull : .isNull)
        case .isNotNull(let column):
            self = .leaf(fieldID: try Self.field(column, schema).id, isNegated ? .isNull : .isNotNull)
        case .compare(let column, let comparison, let literal):
            let field = try Self.field(column, schema)
            let literal = try Self.literal(literal, field, column)
            self = .leaf(fieldID: field.id, .compare(isNegated ? comparison.negated : comparison, literal))
        case .oneOf(let column, let literals):
            let field = try Self.field(column, schema)
            let literals = try literals.map { try Self.literal($0, field, column) }
            self =
                isNegated
                ? .and(literals.map { .leaf(fieldID: field.id, .compare(.notEqual, $0)) })
                : .leaf(fieldID: field.id, .oneOf(literals))
        }
    }

    private static func field(_ name: String, _ schema: Schema) throws -> NestedField {
        guard let field = schema.field(named: name) else {
            throw IcebergError(.invalidArgument, "the table has no column \"\(name)\"")
        }
        return field
    }

    private static func literal(_ literal: Literal, _ field: NestedField, _ column: String) throws -> Literal {
        if let literal = literal.promoted(to: field.type) { return literal }
        if case .long(let value) = literal, field.type == .int, let narrow = Int32(exactly: value) {
            return .int(narrow)
        }
        throw IcebergError(
            .invalidArgument,
            "the column \"\(column)\" is a \(field.type) and does not compare with \(literal)"
        )
    }
}

extension Predicate.Comparison {
    var negated: Predicate.Comparison {
        switch self {
        case .lessThan: .greaterThanOrEqual
        case .lessThanOrEqual: .greaterThan
        case .equal: .notEqual
        case .notEqual: .equal
        case .greaterThanOrEqual: .lessThan
        case .greaterThan: .lessThanOrEqual
        }
    }
}
