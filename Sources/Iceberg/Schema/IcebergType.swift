/// A type of format version 2.
public indirect enum IcebergType: Sendable, Hashable {
    /// True or false.
    case boolean
    /// A signed integer of 32 bits.
    case int
    /// A signed integer of 64 bits.
    case long
    /// A floating-point number of 32 bits.
    case float
    /// A floating-point number of 64 bits.
    case double
    /// A decimal number of at most 38 digits.
    case decimal(precision: Int, scale: Int)
    /// A calendar date.
    case date
    /// A time of day in microseconds.
    case time
    /// Microseconds without a time zone.
    case timestamp
    /// Microseconds since 1970 in UTC.
    case timestamptz
    /// Unicode text.
    case string
    /// A universally unique identifier.
    case uuid
    /// Bytes of a fixed length.
    case fixed(length: Int)
    /// Bytes.
    case binary
    /// A tuple of fields.
    case `struct`(StructType)
    /// A list of elements.
    case list(ListType)
    /// A map of keys to values.
    case map(MapType)

    /// Whether values of the type have no parts.
    public var isPrimitive: Bool {
        switch self {
        case .struct, .list, .map: false
        default: true
        }
    }

    /// The fields directly beneath: a struct's fields, a list's element, a map's key and value.
    public var children: [NestedField] {
        switch self {
        case .struct(let type): type.fields
        case .list(let type): [type.elementField]
        case .map(let type): [type.keyField, type.valueField]
        default: []
        }
    }
}
