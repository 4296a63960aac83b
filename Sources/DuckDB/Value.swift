/// A value of any of DuckDB's types, the null among them.
///
/// Dates and times are kept as DuckDB has them: a count of units since 1970-01-01 (UTC for `timestampTZ`) or since
/// midnight, where the largest value, and its negative, stand for the infinities. `description` is the text that a
/// cast to VARCHAR gives in a session whose time zone is UTC.
public enum Value: Sendable, Hashable {
    /// The null of any type.
    case null
    /// A BOOLEAN.
    case boolean(Bool)
    /// A TINYINT.
    case tinyint(Int8)
    /// A SMALLINT.
    case smallint(Int16)
    /// An INTEGER.
    case integer(Int32)
    /// A BIGINT.
    case bigint(Int64)
    /// A HUGEINT.
    case hugeint(Int128)
    /// A UTINYINT.
    case utinyint(UInt8)
    /// A USMALLINT.
    case usmallint(UInt16)
    /// A UINTEGER.
    case uinteger(UInt32)
    /// A UBIGINT.
    case ubigint(UInt64)
    /// A UHUGEINT.
    case uhugeint(UInt128)
    /// A BIGNUM.
    case bignum(Bignum)
    /// A FLOAT.
    case float(Float)
    /// A DOUBLE.
    case double(Double)
    /// A DECIMAL, exact.
    case decimal(Decimal)
    /// A VARCHAR.
    case varchar(String)
    /// A JSON text.
    case json(String)
    /// A BLOB.
    case blob([UInt8])
    /// A BIT: a string of bits.
    case bit(BitString)
    /// A UUID, its first digit the highest.
    case uuid(UInt128)
    /// A DATE.
    case date(days: Int32)
    /// A TIME.
    case time(microseconds: Int64)
    /// A TIME_NS.
    case timeNS(nanoseconds: Int64)
    /// A TIME WITH TIME ZONE: the local time, and how far east of UTC it is.
    case timeTZ(microseconds: Int64, offsetSeconds: Int32)
    /// A TIMESTAMP.
    case timestamp(microseconds: Int64)
    /// A TIMESTAMP_S.
    case timestampS(seconds: Int64)
    /// A TIMESTAMP_MS.
    case timestampMS(milliseconds: Int64)
    /// A TIMESTAMP_NS.
    case timestampNS(nanoseconds: Int64)
    /// A TIMESTAMP WITH TIME ZONE.
    case timestampTZ(microseconds: Int64)
    /// An INTERVAL.
    case interval(Interval)
    /// The text of an ENUM.
    case enumeration(String)
    /// A list.
    case list([Value])
    /// A list of fixed length.
    case array([Value])
    /// A STRUCT; the names are empty in one that was made by `row(...)`.
    case structure([Field])
    /// A MAP, in the order of its entries.
    case map([Entry])
    /// A UNION's member and its value.
    indirect case union(tag: String, value: Value)

    /// A named part of a struct.
    public struct Field: Sendable, Hashable {
        /// The name.
        public var name: String
        /// The value.
        public var value: Value

        /// Makes a field.
        public init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    /// A key of a map with its value.
    public struct Entry: Sendable, Hashable {
        /// The key.
        public var key: Value
        /// The value.
        public var value: Value

        /// Makes an entry.
        public init(_ key: Value, _ value: Value) {
            self.key = key
            self.value = value
        }
    }

    /// Whether this is the null.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    /// A VARCHAR.
    public init(stringLiteral value: String) { self = .varchar(value) }

    /// A BIGINT.
    public init(integerLiteral value: Int64) { self = .bigint(value) }

    /// A DOUBLE.
    public init(floatLiteral value: Double) { self = .double(value) }

    /// A BOOLEAN.
    public init(booleanLiteral value: Bool) { self = .boolean(value) }

    /// The null.
    public init(nilLiteral: ()) { self = .null }
}
