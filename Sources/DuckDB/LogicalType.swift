/// A type of DuckDB's, with all that it is made of.
public indirect enum LogicalType: Sendable, Hashable {
    /// A named part of a struct, or a member of a union.
    public struct Field: Sendable, Hashable {
        /// The name; empty in a struct that was made by `row(...)`.
        public var name: String
        /// The type of the part.
        public var type: LogicalType

        /// Makes a field.
        public init(_ name: String, _ type: LogicalType) {
            self.name = name
            self.type = type
        }
    }

    /// The type of a bare `NULL`.
    case null
    /// BOOLEAN.
    case boolean
    /// TINYINT, 8 bits.
    case tinyint
    /// SMALLINT, 16 bits.
    case smallint
    /// INTEGER, 32 bits.
    case integer
    /// BIGINT, 64 bits.
    case bigint
    /// HUGEINT, 128 bits.
    case hugeint
    /// UTINYINT, 8 bits without sign.
    case utinyint
    /// USMALLINT, 16 bits without sign.
    case usmallint
    /// UINTEGER, 32 bits without sign.
    case uinteger
    /// UBIGINT, 64 bits without sign.
    case ubigint
    /// UHUGEINT, 128 bits without sign.
    case uhugeint
    /// BIGNUM, an integer of any size.
    case bignum
    /// FLOAT, 32 bits.
    case float
    /// DOUBLE, 64 bits.
    case double
    /// DECIMAL with its digits in all and those after the point.
    case decimal(width: Int, scale: Int)
    /// VARCHAR.
    case varchar
    /// BLOB.
    case blob
    /// BIT, a string of bits.
    case bit
    /// UUID.
    case uuid
    /// DATE.
    case date
    /// TIME, in microseconds.
    case time
    /// TIME_NS, in nanoseconds.
    case timeNS
    /// TIME WITH TIME ZONE.
    case timeTZ
    /// TIMESTAMP, in microseconds.
    case timestamp
    /// TIMESTAMP_S, in seconds.
    case timestampS
    /// TIMESTAMP_MS, in milliseconds.
    case timestampMS
    /// TIMESTAMP_NS, in nanoseconds.
    case timestampNS
    /// TIMESTAMP WITH TIME ZONE: an instant.
    case timestampTZ
    /// INTERVAL.
    case interval
    /// ENUM with its texts, in their order.
    case enumeration([String])
    /// A list of any length.
    case list(LogicalType)
    /// A list of a fixed length.
    case array(LogicalType, size: Int)
    /// STRUCT.
    case structure([Field])
    /// MAP.
    case map(key: LogicalType, value: LogicalType)
    /// UNION.
    case union([Field])
    /// A type that goes by another name, such as JSON.
    case alias(String, of: LogicalType)
    /// A type whose values this library does not read, such as VARIANT. A cast in the SQL makes it readable.
    case other(String)

    /// JSON, which is text under a name.
    public static var json: LogicalType { .alias("JSON", of: .varchar) }

    /// The type itself, where this is a name for it.
    public var resolved: LogicalType {
        guard case .alias(_, let base) = self else { return self }
        return base.resolved
    }
}

extension LogicalType: CustomStringConvertible {
    /// The type's name as DuckDB writes it, which is also how SQL spells it.
    public var description: String {
        switch self {
        case .null: "\"NULL\""
        case .boolean: "BOOLEAN"
        case .tinyint: "TINYINT"
        case .smallint: "SMALLINT"
        case .integer: "INTEGER"
        case .bigint: "BIGINT"
        case .hugeint: "HUGEINT"
        case .utinyint: "UTINYINT"
        case .usmallint: "USMALLINT"
        case .uinteger: "UINTEGER"
        case .ubigint: "UBIGINT"
        case .uhugeint: "UHUGEINT"
        case .bignum: "BIGNUM"
        case .float: "FLOAT"
        case .double: "DOUBLE"
        case .varchar: "VARCHAR"
        case .blob: "BLOB"
        case .bit: "BIT"
        case .uuid: "UUID"
        case .date: "DATE"
        case .time: "TIME"
        case .timeNS: "TIME_NS"
        case .timeTZ: "TIME WITH TIME ZONE"
        case .timestamp: "TIMESTAMP"
        case .timestampS: "TIMESTAMP_S"
        case .timestampMS: "TIMESTAMP_MS"
        case .timestampNS: "TIMESTAMP_NS"
        case .timestampTZ: "TIMESTAMP WITH TIME ZONE"
        case .interval: "INTERVAL"
        case .decimal(let width, let scale): "DECIMAL(\(width),\(scale))"
        case .enumeration(let texts): "ENUM(\(texts.map(SQL.quoted).joined(separator: ", ")))"
        case .list(let element): "\(element)[]"
        case .array(let element, let size): "\(element)[\(size)]"
        case .structure(let fields): "STRUCT(\(Self.describe(fields)))"
        case .map(let key, let value): "MAP(\(key), \(value))"
        case .union(let members): "UNION(\(Self.describe(members)))"
        case .alias(let name, _), .other(let name): name
        }
    }

    private static func describe(_ fields: [Field]) -> String {
        let isUnnamed = fields.allSatisfy(\.name.isEmpty)
        let parts = fields.map { isUnnamed ? "\($0.type)" : "\(SQL.identifierIfNeeded($0.name)) \($0.type)" }
        return parts.joined(separator: ", ")
    }
}
