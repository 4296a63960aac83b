/// What an update does to an item.
struct ItemUpdate: Sendable, Hashable {
    /// One change.
    enum Action: Sendable, Hashable {
        case set(DocumentPath, Value)
        case remove(DocumentPath)
        case add(DocumentPath, AttributeValue)
        case delete(DocumentPath, AttributeValue)

        var path: DocumentPath {
            switch self {
            case .set(let path, _), .remove(let path), .add(let path, _), .delete(let path, _): path
            }
        }
    }

    /// A value that is computed from the item as it was.
    indirect enum Value: Sendable, Hashable {
        case operand(ItemOperand)
        case ifNotExists(DocumentPath, Value)
        case append(Value, Value)
        case sum(Value, Value, isDifference: Bool)
    }

    var actions: [Action] = []

    /// No place is changed twice.
    func check() throws {
        guard !actions.isEmpty else {
            throw TableFailure.validation("Invalid UpdateExpression: The expression can not be empty;")
        }
        for (number, action) in actions.enumerated() {
            guard let other = actions[..<number].first(where: { $0.path.overlaps(action.path) }) else { continue }
            throw TableFailure.validation(
                "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of "
                    + "these paths; path one: \(other.path), path two: \(action.path)"
            )
        }
    }

    /// The item as it is to be.
    func applied(to item: Attributes) throws -> Attributes {
        var changed = item
        for action in actions {
            switch action {
            case .set(let path, let value): try path.set(try Self.evaluated(value, item), in: &changed)
            case .add(let path, let value):
                try path.set(try Self.sum(path.value(in: item), value), in: &changed)
            case .delete(let path, let value):
                guard let old = path.value(in: item) else { continue }
                try path.set(try Self.difference(old, value), in: &changed)
            case .remove: continue
            }
        }
        // From the back, so that the places of other elements of a list stay what they were.
        let removed = actions.compactMap { action in if case .remove(let path) = action { path } else { nil } }
        for path in removed.sorted(by: Self.isLater) {
            try path.checkSurroundings(in: item)
            if path.value(in: changed) != nil { try path.set(nil, in: &changed) }
        }
        return changed
    }

    private static func isLater(_ left: DocumentPath, _ right: DocumentPath) -> Bool {
        if left.attribute != right.attribute { return left.attribute > right.attribute }
        for (mine, other) in zip(left.steps, right.steps) where mine != other {
            switch (mine, other) {
            case (.index(let mine), .index(let other)): return mine > other
            case (.member(let mine), .member(let other)): return mine > other
            case (.index, .member): return true
            case (.member, .index): return false
            }
        }
        return left.steps.count > right.steps.count
    }

    private static func evaluated(_ value: Value, _ item: Attributes) throws -> AttributeValue {
        switch value {
        case .operand(let operand):
            guard let value = operand.value(in: item) else {
                throw TableFailure.validation(
                    "The provided expression refers to an attribute that does not exist in the item"
                )
            }
            return value
        case .ifNotExists(let path, let value): return try path.value(in: item) ?? evaluated(value, item)
        case .append(let first, let second):
            guard case .list(let start) = try evaluated(first, item), case .list(let end) = try evaluated(second, item)
            else { throw wrongType }
            return .list(start + end)
        case .sum(let left, let right, let isDifference):
            guard case .number(let left) = try evaluated(left, item),
                case .number(let right) = try evaluated(right, item)
            else { throw wrongType }
            return .number(try isDifference ? left - right : left + right)
        }
    }

    /// `ADD`: a number is added to one, a set is joined with one.
    private static func sum(_ old: AttributeValue?, _ value: AttributeValue) throws -> AttributeValue {
        switch (old, value) {
        case (nil, .number), (nil, .stringSet), (nil, .numberSet), (nil, .binarySet): value
        case (.number(let old)?, .number(let value)): .number(try old + value)
        case (.stringSet(let old)?, .stringSet(let value)): .stringSet(old.union(value))
        case (.numberSet(let old)?, .numberSet(let value)): .numberSet(old.union(value))
        case (.binarySet(let old)?, .binarySet(let value)): .binarySet(old.union(value))
        default: throw wrongType
        }
    }

    /// `DELETE`: members are taken from a set; one that is empty then is gone.
    private static func difference(_ old: AttributeValue, _ value: AttributeValue) throws -> AttributeValue? {
        func nonEmpty<Member>(_ set: Set<Member>, _ wrap: (Set<Member>) -> AttributeValue) -> AttributeValue? {
            set.isEmpty ? nil : wrap(set)
        }
        switch (old, value) {
        case (.stringSet(let old), .stringSet(let value)):
            return nonEmpty(old.subtracting(value), AttributeValue.stringSet)
        case (.numberSet(let old), .numberSet(let value)):
            return nonEmpty(old.subtracting(value), AttributeValue.numberSet)
        case (.binarySet(let old), .binarySet(let value)):
            return nonEmpty(old.subtracting(value), AttributeValue.binarySet)
        default: throw wrongType
        }
    }

    private static let wrongType = TableFailure.validation(
        "An operand in the update expression has an incorrect data type"
    )
}
