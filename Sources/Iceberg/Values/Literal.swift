/// A value of a primitive type: a partition value, a bound of a column, an operand of a predicate.
public enum Literal: Sendable {
    /// A boolean.
    case boolean(Bool)
    /// An integer of 32 bits.
    case int(Int32)
    /// An integer of 64 bits.
    case long(Int64)
    /// A floating-point number of 32 bits.
    case float(Float)
    /// A floating-point number of 64 bits.
    case double(Double)
    /// A decimal number: `unscaled` divided by ten to the power of `scale`.
    case decimal(unscaled: Int128, scale: Int)
    /// Days since 1970-01-01.
    case date(Int32)
    /// Microseconds since midnight.
    case time(Int64)
    /// Microseconds since 1970-01-01T00:00:00, without a time zone.
    case timestamp(Int64)
    /// Microseconds since 1970-01-01T00:00:00 UTC.
    case timestamptz(Int64)
    /// Text.
    case string(String)
    /// A universally unique identifier.
    case uuid(IcebergUUID)
    /// Bytes of a fixed length.
    case fixed([UInt8])
    /// Bytes.
    case binary([UInt8])
}

extension Literal: Hashable {
    /// Whether both are the same value of the same type; text is compared by its bytes, not by what it looks like.
    public static func == (left: Literal, right: Literal) -> Bool {
        switch (left, right) {
        case (.boolean(let a), .boolean(let b)): a == b
        case (.int(let a), .int(let b)), (.date(let a), .date(let b)): a == b
        case (.long(let a), .long(let b)), (.time(let a), .time(let b)), (.timestamp(let a), .timestamp(let b)),
            (.timestamptz(let a), .timestamptz(let b)):
            a == b
        case (.float(let a), .float(let b)): a.bitPattern == b.bitPattern
        case (.double(let a), .double(let b)): a.bitPattern == b.bitPattern
        case (.decimal(let a, let scaleA), .decimal(let b, let scaleB)): a == b && scaleA == scaleB
        case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
        case (.uuid(let a), .uuid(let b)): a == b
        case (.fixed(let a), .fixed(let b)), (.binary(let a), .binary(let b)): a == b
        default: false
        }
    }

    /// Feeds the value into a hasher.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .boolean(let value): hasher.combine(value)
        case .int(let value), .date(let value): hasher.combine(value)
        case .long(let value), .time(let value), .timestamp(let value), .timestamptz(let value):
            hasher.combine(value)
        case .float(let value): hasher.combine(value.bitPattern)
        case .double(let value): hasher.combine(value.bitPattern)
        case .decimal(let unscaled, let scale):
            hasher.combine(unscaled)
            hasher.combine(scale)
        case .string(let value): hasher.combine(Array(value.utf8))
        case .uuid(let value): hasher.combine(value)
        case .fixed(let value), .binary(let value): hasher.combine(value)
        }
    }
}

extension Literal {
    /// Whether this is a floating-point value that is not a number.
    public var isNaN: Bool {
        switch self {
        case .float(let value): value.isNaN
        case .double(let value): value.isNaN
        default: false
        }
    }

    /// Whether this comes before another value in the order of their type; `nil` where the two cannot be compared.
    ///
    /// Numbers of different widths compare by value, so that bounds written before a type was widened still work.
    public func isLess(than other: Literal) -> Bool? {
        switch (self, other) {
        case (.boolean(let a), .boolean(let b)): return !a && b
        case (.string(let a), .string(let b)): return a.utf8.lexicographicallyPrecedes(b.utf8)
        case (.uuid(let a), .uuid(let b)): return (a.high, a.low) < (b.high, b.low)
        case (.fixed(let a), .fixed(let b)), (.binary(let a), .binary(let b)): return a.lexicographicallyPrecedes(b)
        case (.date(let a), .date(let b)): return a < b
        case (.time(let a), .time(let b)), (.timestamp(let a), .timestamp(let b)),
            (.timestamptz(let a), .timestamptz(let b)):
            return a < b
        case (.decimal(let a, let scaleA), .decimal(let b, let scaleB)):
            guard scaleA == scaleB else { return nil }
            return a < b
        default: break
        }
        if let a = integer, let b = other.integer { return a < b }
        if let a = floating, let b = other.floating {
            guard !a.isNaN, !b.isNaN else { return nil }
            return a < b
        }
        return nil
    }

    private var integer: Int64? {
        switch self {
        case .int(let value): Int64(value)
        case .long(let value): value
        default: nil
        }
    }

    private var floating: Double? {
        switch self {
        case .float(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    /// The same value in a type that a column was widened to; `nil` where the type does not hold it.
    public func promoted(to type: IcebergType) -> Literal? {
        switch (self, type) {
        case (.int(let value), .long): .long(Int64(value))
        case (.float(let value), .double): .double(Double(value))
        case (.decimal(_, let scale), .decimal(_, let wanted)): scale == wanted ? self : nil
        default: hasType(type) ? self : nil
        }
    }

    /// Whether this is a value of a type.
    public func hasType(_ type: IcebergType) -> Bool {
        switch (self, type) {
        case (.boolean, .boolean), (.int, .int), (.long, .long), (.float, .float), (.double, .double), (.date, .date),
            (.time, .time), (.timestamp, .timestamp), (.timestamptz, .timestamptz), (.string, .string), (.uuid, .uuid),
            (.binary, .binary):
            true
        case (.decimal(_, let scale), .decimal(_, let wanted)): scale == wanted
        case (.fixed(let bytes), .fixed(let length)): bytes.count == length
        default: false
        }
    }
}
