import CDuckDB

/// Values on their way into DuckDB.
enum NativeValue {
    /// Lends a value in DuckDB's form; it ends with the body.
    ///
    /// - Throws: `DuckDBError` if DuckDB cannot hold the value (`invalidInput`), and what the body throws.
    static func with<R>(_ value: Value, _ body: (duckdb_value) throws -> R) throws -> R {
        var handle = try unsafe make(value)
        defer { unsafe duckdb_destroy_value(&handle) }
        guard let lent = unsafe handle else {
            throw DuckDBError(kind: .invalidInput, message: "DuckDB does not take this value: \(Self.name(of: value))")
        }
        return try unsafe body(lent)
    }

    /// Makes a value; the caller ends it with `duckdb_destroy_value`.
    ///
    /// Nil if DuckDB refuses it.
    private static func make(_ value: Value) throws -> duckdb_value? {
        switch value {
        case .null: return unsafe duckdb_create_null_value()
        case .boolean(let value): return unsafe duckdb_create_bool(value)
        case .tinyint(let value): return unsafe duckdb_create_int8(value)
        case .smallint(let value): return unsafe duckdb_create_int16(value)
        case .integer(let value): return unsafe duckdb_create_int32(value)
        case .bigint(let value): return unsafe duckdb_create_int64(value)
        case .hugeint(let value): return unsafe duckdb_create_hugeint(hugeint(value))
        case .utinyint(let value): return unsafe duckdb_create_uint8(value)
        case .usmallint(let value): return unsafe duckdb_create_uint16(value)
        case .uinteger(let value): return unsafe duckdb_create_uint32(value)
        case .ubigint(let value): return unsafe duckdb_create_uint64(value)
        case .uhugeint(let value): return unsafe duckdb_create_uhugeint(uhugeint(value))
        case .float(let value): return unsafe duckdb_create_float(value)
        case .double(let value): return unsafe duckdb_create_double(value)
        case .decimal(let value): return try unsafe makeDecimal(value)
        case .uuid(let value): return unsafe duckdb_create_uuid(uhugeint(value))
        case .varchar(let text), .json(let text), .enumeration(let text):
            var text = text
            return text.withUTF8 { bytes in
                unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                    // Of an empty text the pointer may be nil, which DuckDB would not take for a text.
                    unsafe duckdb_create_varchar_length(characters.baseAddress ?? emptyText, idx_t(characters.count))
                }
            }
        case .blob, .bit, .bignum: return unsafe makeBytes(value)
        case .list, .array, .structure, .map, .union: return try unsafe makeNested(value)
        default: return try unsafe makeTime(value)
        }
    }

    // A static empty C text; never freed.
    nonisolated(unsafe) private static let emptyText: UnsafePointer<CChar> = {
        let memory = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
        unsafe memory.initialize(to: 0)
        return unsafe UnsafePointer(memory)
    }()

    private static func hugeint(_ value: Int128) -> duckdb_hugeint {
        duckdb_hugeint(lower: UInt64(truncatingIfNeeded: value), upper: Int64(truncatingIfNeeded: value >> 64))
    }

    private static func uhugeint(_ value: UInt128) -> duckdb_uhugeint {
        duckdb_uhugeint(lower: UInt64(truncatingIfNeeded: value), upper: UInt64(truncatingIfNeeded: value >> 64))
    }

    private static func makeDecimal(_ value: Decimal) throws -> duckdb_value? {
        // DuckDB does not check this: a number with more digits than its type has would be taken as it is.
        guard (1...38).contains(value.width), value.scale <= value.width,
            String(value.unscaled.magnitude).count <= value.width
        else {
            throw DuckDBError(
                kind: .outOfRange,
                message: "\(value) does not fit DECIMAL(\(value.width),\(value.scale))"
            )
        }
        return unsafe duckdb_create_decimal(
            duckdb_decimal(width: value.width, scale: value.scale, value: hugeint(value.unscaled))
        )
    }

    private static func makeTime(_ value: Value) throws -> duckdb_value? {
        switch value {
        case .date(let days): return unsafe duckdb_create_date(duckdb_date(days: days))
        case .time(let count): return unsafe duckdb_create_time(duckdb_time(micros: count))
        case .timeNS(let count): return unsafe duckdb_create_time_ns(duckdb_time_ns(nanos: count))
        case .timeTZ(let count, let offset):
            guard let offsetBits = TimeZoneOffset.encode(offset), (0..<1 << 40).contains(count) else {
                throw DuckDBError(kind: .outOfRange, message: "an offset or a time of day is out of range")
            }
            let bits = UInt64(count) << 24 | offsetBits
            return unsafe duckdb_create_time_tz_value(duckdb_time_tz(bits: bits))
        case .timestamp(let count): return unsafe duckdb_create_timestamp(duckdb_timestamp(micros: count))
        case .timestampS(let count): return unsafe duckdb_create_timestamp_s(duckdb_timestamp_s(seconds: count))
        case .timestampMS(let count): return unsafe duckdb_create_timestamp_ms(duckdb_timestamp_ms(millis: count))
        case .timestampNS(let count): return unsafe duckdb_create_timestamp_ns(duckdb_timestamp_ns(nanos: count))
        case .timestampTZ(let count): return unsafe duckdb_create_timestamp_tz(duckdb_timestamp(micros: count))
        case .interval(let span):
            return unsafe duckdb_create_interval(
                duckdb_interval(months: span.months, days: span.days, micros: span.microseconds)
            )
        default: preconditionFailure("every other case is in make(_:)")
        }
    }

    private static func makeBytes(_ value: Value) -> duckdb_value? {
        var bytes: [UInt8]
        switch value {
        case .blob(let content): bytes = content
        case .bit(let bits): bytes = [UInt8(bits.padding)] + bits.bytes
        case .bignum(let number): bytes = number.magnitude
        default: preconditionFailure("not made of bytes")
        }
        let count = idx_t(bytes.count)
        // DuckDB copies the bytes. Of an empty array the pointer may be nil, so there is always one byte.
        bytes.append(0)
        return unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            switch value {
            case .bit: return unsafe duckdb_create_bit(duckdb_bit(data: buffer.baseAddress, size: count))
            case .bignum(let number):
                return unsafe duckdb_create_bignum(
                    duckdb_bignum(data: buffer.baseAddress, size: count, is_negative: number.isNegative)
                )
            default: return unsafe duckdb_create_blob(buffer.baseAddress, count)
            }
        }
    }

    private static func makeNested(_ value: Value) throws -> duckdb_value? {
        let type = try value.inferredType()
        switch (value, type) {
        case (.list(let elements), .list(let element)):
            return try unsafe withMade(element, elements) { unsafe duckdb_create_list_value($0, $1, $2) }
        case (.array(let elements), .array(let element, _)):
            return try unsafe withMade(element, elements) { unsafe duckdb_create_array_value($0, $1, $2) }
        case (.structure(let fields), _):
            return try unsafe withMade(type, fields.map(\.value)) { type, values, _ in
                unsafe duckdb_create_struct_value(type, values)
            }
        case (.map(let entries), _):
            return try unsafe withMade(type, entries.map(\.key) + entries.map(\.value)) { type, values, count in
                unsafe duckdb_create_map_value(type, values, values + Int(count / 2), count / 2)
            }
        case (.union(_, let member), _):
            return try unsafe withMade(type, [member]) { type, values, _ in
                unsafe duckdb_create_union_value(type, 0, values[0])
            }
        default: preconditionFailure("inferred of another kind")
        }
    }

    /// Makes a type and values, and ends them after the body: what DuckDB makes of them are copies.
    private static func withMade(
        _ type: LogicalType,
        _ values: [Value],
        _ body: (duckdb_logical_type?, UnsafeMutablePointer<duckdb_value?>, idx_t) throws -> duckdb_value?
    ) throws -> duckdb_value? {
        var nativeType = try unsafe NativeType.make(type)
        // One more than there are values, so that the pointer is never nil.
        let handles = UnsafeMutablePointer<duckdb_value?>.allocate(capacity: values.count + 1)
        unsafe handles.initialize(repeating: nil, count: values.count + 1)
        defer {
            for index in values.indices {
                unsafe duckdb_destroy_value(handles + index)
            }
            unsafe handles.deallocate()
            unsafe duckdb_destroy_logical_type(&nativeType)
        }
        for (index, value) in values.enumerated() {
            unsafe handles[index] = try make(value)
        }
        return try unsafe body(nativeType, handles, idx_t(values.count))
    }

    /// What an error may say of a value: never the value itself.
    private static func name(of value: Value) -> String {
        (try? value.inferredType()).map(\.description) ?? "a nested value"
    }
}
