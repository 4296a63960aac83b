import JSONTree

/// A value during an evaluation: JSON, undefined, or a function.
///
/// Input stays in its JSON form and is looked at one level at a time, so that reading one member of a large document
/// costs no more than the way to it.
enum Value {
    case undefined
    case null
    case bool(Bool)
    case number(Double)
    /// An integer of the input that a double cannot hold; it goes through unchanged and counts as its nearest double.
    case wideInteger(Int64)
    case string(String)
    case array(ArrayValue)
    case object(ObjectValue)
    case function(FunctionValue)
    /// What a path with bindings hands to the path around it; never seen by functions and operators.
    case tuples([Tuple])
}

extension Value {
    /// The greatest integer up to which doubles hold every integer.
    private static let exactIntegerMax: Int64 = 1 << 53

    init(_ json: JSON) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .integer(let value):
            self = value.magnitude <= Value.exactIntegerMax.magnitude ? .number(Double(value)) : .wideInteger(value)
        case .number(let number): self = .number(Double(number.text) ?? .nan)
        case .string(let value): self = .string(value)
        case .array: self = .array(ArrayValue(json))
        case .object: self = .object(.json(json))
        }
    }

    init(_ json: JSON?) {
        self = json.map(Value.init(_:)) ?? .undefined
    }

    init(_ elements: [Value]) {
        self = .array(ArrayValue(elements))
    }

    /// An array of values of which none is a container.
    init(flat elements: [Value]) {
        self = .array(ArrayValue(flat: elements))
    }

    static func sequence(_ elements: [Value]) -> Value {
        .array(ArrayValue(elements, .sequence))
    }

    static func object(_ members: [(String, Value)]) -> Value {
        .object(.node(ObjectNode(members)))
    }

    var isUndefined: Bool {
        if case .undefined = self { true } else { false }
    }

    /// The number, if this is one; `NaN` and infinities included.
    var number: Double? {
        switch self {
        case .number(let value): value
        case .wideInteger(let value): Double(value)
        default: nil
        }
    }

    var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    var array: ArrayValue? {
        if case .array(let value) = self { value } else { nil }
    }

    var object: ObjectValue? {
        if case .object(let value) = self { value } else { nil }
    }

    var function: FunctionValue? {
        if case .function(let value) = self { value } else { nil }
    }

    /// How many containers lie inside each other; bounded, so that walking and freeing a value needs little stack.
    var height: Int {
        switch self {
        case .array(let array): Int(array.height)
        case .object(.node(let node)): node.height
        default: 0
        }
    }

    /// The elements of an array, or the value itself as the only one.
    var asElements: ArrayValue {
        if case .array(let value) = self { value } else { ArrayValue([self], .sequence) }
    }
}
