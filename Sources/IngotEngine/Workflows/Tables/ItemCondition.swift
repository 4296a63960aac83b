/// What a condition compares.
enum ItemOperand: Sendable, Hashable {
    case path(DocumentPath)
    case value(AttributeValue)
    case size(DocumentPath)

    func value(in item: Attributes) -> AttributeValue? {
        switch self {
        case .path(let path): path.value(in: item)
        case .value(let value): value
        case .size(let path): path.value(in: item)?.size.map { .number(TableNumber($0)) }
        }
    }
}

/// The condition of a request.
indirect enum ItemCondition: Sendable, Hashable {
    /// How two values are compared.
    enum Relation: String, Sendable, Hashable {
        case equal = "="
        case unequal = "<>"
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    case and(ItemCondition, ItemCondition)
    case or(ItemCondition, ItemCondition)
    case not(ItemCondition)
    case comparison(Relation, ItemOperand, ItemOperand)
    case exists(DocumentPath)
    case hasType(DocumentPath, ItemOperand)
    case beginsWith(ItemOperand, ItemOperand)
    case contains(ItemOperand, ItemOperand)

    /// Whether an item, which has no attributes where there is none, fits.
    func holds(for item: Attributes) -> Bool {
        switch self {
        case .and(let left, let right): return left.holds(for: item) && right.holds(for: item)
        case .or(let left, let right): return left.holds(for: item) || right.holds(for: item)
        case .not(let condition): return !condition.holds(for: item)
        case .comparison(let relation, let left, let right):
            return Self.compare(relation, left.value(in: item), right.value(in: item))
        case .exists(let path): return path.value(in: item) != nil
        case .hasType(let path, let type):
            return path.value(in: item).map { .string(ByteText($0.type)) == type.value(in: item) } ?? false
        case .beginsWith(let value, let start): return Self.begins(value.value(in: item), start.value(in: item))
        case .contains(let value, let part): return Self.contains(value.value(in: item), part.value(in: item))
        }
    }

    private static func compare(_ relation: Relation, _ left: AttributeValue?, _ right: AttributeValue?) -> Bool {
        switch relation {
        // What is not there differs from everything.
        case .unequal: return left == nil || right == nil || left != right
        case .equal: return left != nil && left == right
        default: break
        }
        guard let left, let right, let isLess = isLess(left, right), let isGreater = Self.isLess(right, left) else {
            return false
        }
        switch relation {
        case .less: return isLess
        case .lessOrEqual: return !isGreater
        case .greater: return isGreater
        default: return !isLess
        }
    }

    /// Texts and bytes are in the order of their bytes; values of other types and of two types are in none.
    private static func isLess(_ left: AttributeValue, _ right: AttributeValue) -> Bool? {
        switch (left, right) {
        case (.string(let left), .string(let right)): left < right
        case (.number(let left), .number(let right)): left < right
        case (.binary(let left), .binary(let right)): left.lexicographicallyPrecedes(right)
        default: nil
        }
    }

    private static func begins(_ value: AttributeValue?, _ start: AttributeValue?) -> Bool {
        switch (value, start) {
        case (.string(let text), .string(let start)): text.text.utf8.starts(with: start.text.utf8)
        case (.binary(let bytes), .binary(let start)): bytes.starts(with: start)
        default: false
        }
    }

    private static func contains(_ value: AttributeValue?, _ part: AttributeValue?) -> Bool {
        switch (value, part) {
        case (.string(let text), .string(let part)): Array(text.text.utf8).contains(Array(part.text.utf8))
        case (.binary(let bytes), .binary(let part)): bytes.contains(part)
        case (.list(let values), let part?): values.contains(part)
        case (.stringSet(let set), .string(let member)): set.contains(member)
        case (.numberSet(let set), .number(let member)): set.contains(member)
        case (.binarySet(let set), .binary(let member)): set.contains(member)
        default: false
        }
    }
}

extension AttributeValue {
    /// What `size` says of it, of a text its units of UTF-16; `nil` for what has none.
    fileprivate var size: Int? {
        switch self {
        case .string(let text): text.text.utf16.count
        case .binary(let bytes): bytes.count
        case .list(let values): values.count
        case .map(let members): members.count
        case .stringSet(let set): set.count
        case .numberSet(let set): set.count
        case .binarySet(let set): set.count
        case .number, .bool, .null: nil
        }
    }
}
