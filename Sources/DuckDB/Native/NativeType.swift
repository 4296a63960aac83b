import CDuckDB

/// Logical types across the C border.
enum NativeType {
    /// Reads a type and ends its handle.
    static func take(_ handle: duckdb_logical_type?) -> LogicalType {
        guard let handle = unsafe handle else { return .other("INVALID") }
        // Owned here: every getter below hands out a type of its own.
        var owned: duckdb_logical_type? = unsafe handle
        defer { unsafe duckdb_destroy_logical_type(&owned) }
        let base = unsafe read(handle)
        guard let alias = unsafe NativeText.take(duckdb_logical_type_get_alias(handle)), !alias.isEmpty else {
            return base
        }
        return .alias(alias, of: base)
    }

    private static func read(_ handle: duckdb_logical_type) -> LogicalType {
        let id = unsafe duckdb_get_type_id(handle)
        if let simple = simpleTypes[id.rawValue] {
            return simple
        }
        switch id {
        case DUCKDB_TYPE_DECIMAL:
            return unsafe .decimal(
                width: Int(duckdb_decimal_width(handle)),
                scale: Int(duckdb_decimal_scale(handle))
            )
        case DUCKDB_TYPE_ENUM:
            let count = unsafe idx_t(duckdb_enum_dictionary_size(handle))
            return .enumeration(
                (0..<count).map { unsafe NativeText.take(duckdb_enum_dictionary_value(handle, $0)) ?? "" }
            )
        case DUCKDB_TYPE_LIST:
            return unsafe .list(take(duckdb_list_type_child_type(handle)))
        case DUCKDB_TYPE_ARRAY:
            let size = unsafe Int(duckdb_array_type_array_size(handle))
            return unsafe .array(take(duckdb_array_type_child_type(handle)), size: size)
        case DUCKDB_TYPE_MAP:
            let key = unsafe take(duckdb_map_type_key_type(handle))
            return unsafe .map(key: key, value: take(duckdb_map_type_value_type(handle)))
        case DUCKDB_TYPE_STRUCT:
            return .structure(
                (0..<(unsafe duckdb_struct_type_child_count(handle))).map { index in
                    let name = unsafe NativeText.take(duckdb_struct_type_child_name(handle, index)) ?? ""
                    return LogicalType.Field(name, unsafe take(duckdb_struct_type_child_type(handle, index)))
                }
            )
        case DUCKDB_TYPE_UNION:
            return .union(
                (0..<(unsafe duckdb_union_type_member_count(handle))).map { index in
                    let name = unsafe NativeText.take(duckdb_union_type_member_name(handle, index)) ?? ""
                    return LogicalType.Field(name, unsafe take(duckdb_union_type_member_type(handle, index)))
                }
            )
        default:
            return .other(otherNames[id.rawValue] ?? "type \(id.rawValue)")
        }
    }

    /// Makes a type; the caller ends it with `duckdb_destroy_logical_type`.
    ///
    /// - Throws: `DuckDBError` (`notImplemented`) for a type that has no values here.
    static func make(_ type: LogicalType) throws -> duckdb_logical_type? {
        switch type {
        case .decimal(let width, let scale):
            return unsafe duckdb_create_decimal_type(UInt8(clamping: width), UInt8(clamping: scale))
        case .list(let element):
            return try unsafe withMade([element]) { unsafe duckdb_create_list_type($0[0]) }
        case .array(let element, let size):
            return try unsafe withMade([element]) { unsafe duckdb_create_array_type($0[0], idx_t(size)) }
        case .map(let key, let value):
            return try unsafe withMade([key, value]) { unsafe duckdb_create_map_type($0[0], $0[1]) }
        case .structure(let fields):
            return try unsafe makeFields(fields, duckdb_create_struct_type)
        case .union(let members):
            return try unsafe makeFields(members, duckdb_create_union_type)
        case .enumeration(let texts):
            return try unsafe withCStrings(texts) { unsafe duckdb_create_enum_type($0.baseAddress, idx_t(texts.count)) }
        case .alias(let name, let base):
            let handle = try unsafe make(base)
            unsafe duckdb_logical_type_set_alias(handle, name)
            return unsafe handle
        default:
            guard let id = simpleTypes.first(where: { $0.value == type })?.key else {
                throw DuckDBError(kind: .notImplemented, message: "a value of type \(type) cannot be made here")
            }
            return unsafe duckdb_create_logical_type(duckdb_type(rawValue: id))
        }
    }

    private typealias MakeFields = (
        UnsafeMutablePointer<duckdb_logical_type?>?, UnsafeMutablePointer<UnsafePointer<CChar>?>?, idx_t
    ) -> duckdb_logical_type?

    private static func makeFields(_ fields: [LogicalType.Field], _ make: MakeFields) throws -> duckdb_logical_type? {
        try unsafe withMade(fields.map(\.type)) { types in
            try unsafe withCStrings(fields.map(\.name)) { names in
                unsafe make(types.baseAddress, names.baseAddress, idx_t(fields.count))
            }
        }
    }

    /// Makes types, and ends them after the body: what DuckDB makes of them are copies.
    private static func withMade<R>(
        _ types: [LogicalType],
        _ body: (UnsafeMutableBufferPointer<duckdb_logical_type?>) throws -> R
    ) throws -> R {
        var handles = unsafe [duckdb_logical_type?]()
        defer {
            for index in unsafe handles.indices {
                unsafe duckdb_destroy_logical_type(&handles[index])
            }
        }
        for type in types {
            unsafe handles.append(try make(type))
        }
        return try unsafe handles.withUnsafeMutableBufferPointer { try unsafe body($0) }
    }

    /// Lends texts as C has them; they last as long as the body.
    private static func withCStrings<R>(
        _ texts: [String],
        _ body: (UnsafeMutableBufferPointer<UnsafePointer<CChar>?>) throws -> R
    ) throws -> R {
        for text in texts {
            try NativeText.check(text, is: "a name in a type")
        }
        var bytes: [CChar] = []
        let offsets = texts.map { text in
            defer { bytes.append(contentsOf: text.utf8CString) }
            return bytes.count
        }
        return try unsafe bytes.withUnsafeBufferPointer { buffer in
            var pointers = unsafe offsets.map { offset in unsafe buffer.baseAddress.map { unsafe $0 + offset } }
            return try unsafe pointers.withUnsafeMutableBufferPointer { try unsafe body($0) }
        }
    }

    private static let simpleTypes: [UInt32: LogicalType] = {
        let pairs: [(duckdb_type, LogicalType)] = [
            (DUCKDB_TYPE_SQLNULL, .null), (DUCKDB_TYPE_BOOLEAN, .boolean), (DUCKDB_TYPE_TINYINT, .tinyint),
            (DUCKDB_TYPE_SMALLINT, .smallint), (DUCKDB_TYPE_INTEGER, .integer), (DUCKDB_TYPE_BIGINT, .bigint),
            (DUCKDB_TYPE_HUGEINT, .hugeint), (DUCKDB_TYPE_UTINYINT, .utinyint), (DUCKDB_TYPE_USMALLINT, .usmallint),
            (DUCKDB_TYPE_UINTEGER, .uinteger), (DUCKDB_TYPE_UBIGINT, .ubigint), (DUCKDB_TYPE_UHUGEINT, .uhugeint),
            (DUCKDB_TYPE_BIGNUM, .bignum), (DUCKDB_TYPE_FLOAT, .float), (DUCKDB_TYPE_DOUBLE, .double),
            (DUCKDB_TYPE_VARCHAR, .varchar), (DUCKDB_TYPE_BLOB, .blob), (DUCKDB_TYPE_BIT, .bit),
            (DUCKDB_TYPE_UUID, .uuid), (DUCKDB_TYPE_DATE, .date), (DUCKDB_TYPE_TIME, .time),
            (DUCKDB_TYPE_TIME_NS, .timeNS), (DUCKDB_TYPE_TIME_TZ, .timeTZ), (DUCKDB_TYPE_TIMESTAMP, .timestamp),
            (DUCKDB_TYPE_TIMESTAMP_S, .timestampS), (DUCKDB_TYPE_TIMESTAMP_MS, .timestampMS),
            (DUCKDB_TYPE_TIMESTAMP_NS, .timestampNS), (DUCKDB_TYPE_TIMESTAMP_TZ, .timestampTZ),
            (DUCKDB_TYPE_INTERVAL, .interval),
        ]
        return Dictionary(uniqueKeysWithValues: pairs.map { ($0.0.rawValue, $0.1) })
    }()

    private static let otherNames: [UInt32: String] = [
        DUCKDB_TYPE_ANY.rawValue: "ANY", DUCKDB_TYPE_STRING_LITERAL.rawValue: "STRING_LITERAL",
        DUCKDB_TYPE_INTEGER_LITERAL.rawValue: "INTEGER_LITERAL", DUCKDB_TYPE_GEOMETRY.rawValue: "GEOMETRY",
        DUCKDB_TYPE_VARIANT.rawValue: "VARIANT", DUCKDB_TYPE_INVALID.rawValue: "UNKNOWN",
    ]
}
