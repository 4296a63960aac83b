/// The type of a column, as far as DuckDB's types and Iceberg v2's agree.
public indirect enum DataType: Hashable, Sendable {
    /// True or false.
    case boolean
    /// 32-bit signed integer.
    case integer
    /// 64-bit signed integer.
    case bigint
    /// 32-bit floating point.
    case float
    /// 64-bit floating point.
    case double
    /// Exact decimal number of up to 38 digits.
    case decimal(precision: Int, scale: Int)
    /// Text.
    case varchar
    /// Calendar date.
    case date
    /// Time of day in microseconds.
    case time
    /// Date and time without a zone, in microseconds.
    case timestamp
    /// An instant, in microseconds, kept as UTC.
    case timestamptz
    /// UUID.
    case uuid
    /// Bytes.
    case blob
    /// A JSON document, stored as text.
    case json
    /// A list of one type.
    case list(DataType)
    /// Named fields, in order.
    case structure([Field])
    /// Keys and values.
    case map(key: DataType, value: DataType)

    /// A field of a structure.
    public struct Field: Hashable, Sendable {
        /// The field's name.
        public var name: String
        /// The field's type.
        public var type: DataType

        /// Joins a name and a type.
        public init(name: String, type: DataType) {
            self.name = name
            self.type = type
        }
    }

    /// Whether values are one value each, not lists, structures or maps.
    public var isScalar: Bool {
        switch self {
        case .list, .structure, .map: false
        default: true
        }
    }

    /// Whether a format (`strptime`) can say how its text is to be read.
    public var takesFormat: Bool {
        switch self {
        case .date, .time, .timestamp, .timestamptz: true
        default: false
        }
    }

    /// The type in DuckDB's SQL, for casts and `CREATE TABLE`.
    public var sql: String {
        switch self {
        case .boolean: "BOOLEAN"
        case .integer: "INTEGER"
        case .bigint: "BIGINT"
        case .float: "FLOAT"
        case .double: "DOUBLE"
        case .decimal(let precision, let scale): "DECIMAL(\(precision),\(scale))"
        case .varchar: "VARCHAR"
        case .date: "DATE"
        case .time: "TIME"
        case .timestamp: "TIMESTAMP"
        case .timestamptz: "TIMESTAMP WITH TIME ZONE"
        case .uuid: "UUID"
        case .blob: "BLOB"
        case .json: "JSON"
        case .list(let element): "\(element.sql)[]"
        case .structure(let fields):
            "STRUCT(" + fields.map { "\(Self.quoted($0.name)) \($0.type.sql)" }.joined(separator: ", ") + ")"
        case .map(let key, let value): "MAP(\(key.sql), \(value.sql))"
        }
    }

    private static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}

extension DataType: CustomStringConvertible {
    /// The type as it is written in project files: ``sql`` in lower case, `timestamptz` for the instant.
    public var description: String {
        switch self {
        case .timestamptz: "timestamptz"
        case .list(let element): "\(element)[]"
        case .structure(let fields):
            "struct(" + fields.map { "\(Self.quoted($0.name)) \($0.type)" }.joined(separator: ", ") + ")"
        case .map(let key, let value): "map(\(key), \(value))"
        default: sql.lowercased()
        }
    }
}
