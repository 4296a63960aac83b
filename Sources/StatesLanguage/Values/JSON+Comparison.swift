public import JSONTree

extension JSON {
    /// Whether both are the same value, where numbers count by what they are worth: `1` is `1.0`, and `true` is not `1`.
    public func hasSameValue(as other: JSON) -> Bool {
        switch (self, other) {
        case (.integer(let left), .integer(let right)): return left == right
        case (.integer, .number), (.number, .integer), (.number, .number):
            return self == other || doubleValue == other.doubleValue
        case (.array(let left), .array(let right)):
            guard left.count == right.count else { return false }
            return zip(left, right).allSatisfy { $0.hasSameValue(as: $1) }
        case (.object(let left), .object(let right)):
            guard left.count == right.count else { return false }
            return left.allSatisfy { key, value in right[key].map { value.hasSameValue(as: $0) } ?? false }
        default: return self == other
        }
    }

    /// Whether this is a number.
    var isNumber: Bool {
        switch self {
        case .integer, .number: true
        default: false
        }
    }

    /// The whole number, if this is a number without a fraction, however it is written.
    var wholeNumber: Int? {
        if let value = intValue { return value }
        guard let value = doubleValue, value.rounded() == value, abs(value) < 9e15 else { return nil }
        return Int(value)
    }

    /// The number as the shortest text; whole numbers have no fraction.
    static func number(from value: Double) -> JSON {
        if value.rounded() == value, abs(value) < 9e15 { return .integer(Int64(value)) }
        return JSON.double(value) ?? .null
    }

    /// The name of the type in messages of the service.
    var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .integer, .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
