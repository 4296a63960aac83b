extension Value {
    /// The type that the value has on its own.
    ///
    /// Nested values of one list or map must agree, but that a null goes with anything and decimals widen.
    ///
    /// - Throws: `DuckDBError` (`mismatch`) if they do not.
    public func inferredType() throws -> LogicalType {
        switch self {
        case .decimal(let value): .decimal(width: Int(value.width), scale: Int(value.scale))
        // As text, DuckDB casts it to the ENUM that is wanted.
        case .varchar, .enumeration: .varchar
        case .json: .json
        case .list(let elements): .list(try Self.commonType(elements))
        case .array(let elements): .array(try Self.commonType(elements), size: elements.count)
        case .structure(let fields):
            .structure(try fields.map { LogicalType.Field($0.name, try $0.value.inferredType()) })
        case .map(let entries):
            .map(key: try Self.commonType(entries.map(\.key)), value: try Self.commonType(entries.map(\.value)))
        case .union(let tag, let value): .union([LogicalType.Field(tag, try value.inferredType())])
        default: plainType
        }
    }

    private var plainType: LogicalType {
        switch self {
        case .null: .null
        case .boolean: .boolean
        case .tinyint: .tinyint
        case .smallint: .smallint
        case .integer: .integer
        case .bigint: .bigint
        case .hugeint: .hugeint
        case .utinyint: .utinyint
        case .usmallint: .usmallint
        case .uinteger: .uinteger
        case .ubigint: .ubigint
        case .uhugeint: .uhugeint
        case .bignum: .bignum
        case .float: .float
        case .double: .double
        case .blob: .blob
        case .bit: .bit
        case .uuid: .uuid
        case .date: .date
        case .time: .time
        case .timeNS: .timeNS
        case .timeTZ: .timeTZ
        case .timestamp: .timestamp
        case .timestampS: .timestampS
        case .timestampMS: .timestampMS
        case .timestampNS: .timestampNS
        case .timestampTZ: .timestampTZ
        case .interval: .interval
        default: preconditionFailure("every other case is in inferredType()")
        }
    }

    private static func commonType(_ values: [Value]) throws -> LogicalType {
        try values.reduce(LogicalType.null) { try LogicalType.common($0, try $1.inferredType()) }
    }
}

extension LogicalType {
    /// The type that holds the values of both.
    fileprivate static func common(_ first: LogicalType, _ second: LogicalType) throws -> LogicalType {
        switch (first, second) {
        case _ where first == second: return first
        case (.null, _): return second
        case (_, .null): return first
        case (.decimal(let width1, let scale1), .decimal(let width2, let scale2)):
            let scale = max(scale1, scale2)
            return .decimal(width: min(38, max(width1 - scale1, width2 - scale2) + scale), scale: scale)
        case (.list(let element1), .list(let element2)):
            return .list(try common(element1, element2))
        case (.array(let element1, let size1), .array(let element2, let size2)) where size1 == size2:
            return .array(try common(element1, element2), size: size1)
        case (.map(let key1, let value1), .map(let key2, let value2)):
            return .map(key: try common(key1, key2), value: try common(value1, value2))
        case (.structure(let fields1), .structure(let fields2)) where fields1.map(\.name) == fields2.map(\.name):
            return .structure(
                try zip(fields1, fields2).map { Field($0.name, try common($0.type, $1.type)) }
            )
        default:
            throw DuckDBError(kind: .mismatch, message: "\(first) and \(second) cannot be in one list or map")
        }
    }
}
