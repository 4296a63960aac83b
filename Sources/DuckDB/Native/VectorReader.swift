import CDuckDB

/// Copies DuckDB's vectors into Swift values.
///
/// A vector and all that it points to belong to a chunk, which outlives every call here. Chunks of results are flat:
/// DuckDB copies them into plain vectors before it hands them out, so `data` holds one entry for each row.
enum VectorReader {
    /// Copies the first `count` rows of a vector.
    ///
    /// - Throws: `DuckDBError` (`notImplemented`) for a type whose values are not read here.
    static func read(_ vector: duckdb_vector?, _ type: LogicalType, count: Int) throws -> ColumnVector {
        let storage: ColumnVector.Storage
        let validity = unsafe readValidity(vector, count: count)
        let rows = unsafe VectorRows(
            data: UnsafeRawPointer(duckdb_vector_get_data(vector)),
            count: count,
            validity: validity
        )
        switch type {
        case .decimal, .varchar, .blob, .bit, .bignum, .enumeration, .alias, .interval:
            storage = try unsafe readComposed(rows, vector, type)
        case .list, .array, .structure, .map, .union:
            storage = try unsafe readNested(rows, vector, type)
        default:
            storage = try unsafe readPlain(rows, type)
        }
        return ColumnVector(validity: validity, storage: storage)
    }

    static func readValidity(_ vector: duckdb_vector?, count: Int) -> [UInt64]? {
        // The mask belongs to the vector and has a bit for each row, in whole words.
        guard count > 0, let mask = unsafe duckdb_vector_get_validity(vector) else { return nil }
        let words = unsafe Array(UnsafeBufferPointer(start: mask, count: (count + 63) / 64))
        return words.allSatisfy { $0 == .max } ? nil : words
    }

    private static func readPlain(_ rows: VectorRows, _ type: LogicalType) throws -> ColumnVector.Storage {
        switch type {
        case .null: .null
        case .boolean: unsafe .boolean(rows.copy())
        case .tinyint: unsafe .tinyint(rows.copy())
        case .smallint: unsafe .smallint(rows.copy())
        case .integer: unsafe .integer(rows.copy())
        case .bigint: unsafe .bigint(rows.copy())
        case .hugeint: unsafe .hugeint(rows.copy())
        case .utinyint: unsafe .utinyint(rows.copy())
        case .usmallint: unsafe .usmallint(rows.copy())
        case .uinteger: unsafe .uinteger(rows.copy())
        case .ubigint: unsafe .ubigint(rows.copy())
        case .uhugeint: unsafe .uhugeint(rows.copy())
        case .float: unsafe .float(rows.copy())
        case .double: unsafe .double(rows.copy())
        // The top bit is turned over so that the signed order is the order of the digits.
        case .uuid: unsafe .uuid((rows.copy() as [UInt128]).map { $0 ^ (1 << 127) })
        case .date: unsafe .date(rows.copy())
        case .time: unsafe .time(rows.copy())
        case .timeNS: unsafe .timeNS(rows.copy())
        case .timeTZ: unsafe .timeTZ(rows.copy())
        case .timestamp: unsafe .timestamp(rows.copy())
        case .timestampS: unsafe .timestampS(rows.copy())
        case .timestampMS: unsafe .timestampMS(rows.copy())
        case .timestampNS: unsafe .timestampNS(rows.copy())
        case .timestampTZ: unsafe .timestampTZ(rows.copy())
        default:
            throw DuckDBError(
                kind: .notImplemented,
                message: "a column of type \(type) cannot be read: cast it in the SQL, for example to VARCHAR"
            )
        }
    }

    private static func readComposed(
        _ rows: VectorRows,
        _ vector: duckdb_vector?,
        _ type: LogicalType
    ) throws -> ColumnVector.Storage {
        switch type {
        case .decimal(let width, let scale):
            return unsafe readDecimals(rows, width: UInt8(width), scale: UInt8(scale))
        case .varchar: return unsafe .varchar(rows.texts())
        case .blob: return unsafe .blob(rows.bytes())
        case .bit:
            return unsafe .bit(
                rows.bytes().map { BitString(bytes: Array($0.dropFirst()), padding: Int($0.first ?? 0)) }
            )
        case .bignum: return unsafe .bignum(rows.bytes().map(bignum))
        case .interval:
            let intervals: [duckdb_interval] = unsafe rows.copy()
            return .interval(intervals.map { Interval(months: $0.months, days: $0.days, microseconds: $0.micros) })
        case .enumeration(let texts):
            return unsafe .enumeration(readCodes(rows, of: texts.count), texts: texts)
        case .alias("JSON", .varchar): return unsafe .json(rows.texts())
        default: return try unsafe read(vector, type.resolved, count: rows.count).storage
        }
    }

    private static func readDecimals(_ rows: VectorRows, width: UInt8, scale: UInt8) -> ColumnVector.Storage {
        switch width {
        case 0...4:
            unsafe .smallDecimal((rows.copy() as [Int16]).map(Int64.init), width: width, scale: scale)
        case 5...9:
            unsafe .smallDecimal((rows.copy() as [Int32]).map(Int64.init), width: width, scale: scale)
        case 10...18: unsafe .smallDecimal(rows.copy(), width: width, scale: scale)
        default: unsafe .largeDecimal(rows.copy(), width: width, scale: scale)
        }
    }

    /// An ENUM's values are as wide as its dictionary needs.
    ///
    /// What stands in the place of a null is not a code.
    private static func readCodes(_ rows: VectorRows, of texts: Int) -> [UInt32] {
        switch texts {
        case 0...0xFF: unsafe (rows.copy() as [UInt8]).map(UInt32.init)
        case 0...0xFFFF: unsafe (rows.copy() as [UInt16]).map(UInt32.init)
        default: unsafe rows.copy()
        }
    }

    /// Three bytes of sign and length, then the absolute value; of a negative number every byte is turned over.
    private static func bignum(_ bytes: [UInt8]) -> Bignum {
        let isNegative = (bytes.first ?? 0x80) & 0x80 == 0
        return Bignum(isNegative: isNegative, magnitude: bytes.dropFirst(3).map { isNegative ? ~$0 : $0 })
    }

    private static func readNested(
        _ rows: VectorRows,
        _ vector: duckdb_vector?,
        _ type: LogicalType
    ) throws -> ColumnVector.Storage {
        switch type {
        case .list(let element):
            let size = unsafe Int(duckdb_list_vector_get_size(vector))
            let elements = try unsafe read(duckdb_list_vector_get_child(vector), element, count: size)
            return unsafe .list(rows.ranges(), elements: elements)
        case .map(let key, let value):
            let size = unsafe Int(duckdb_list_vector_get_size(vector))
            let entries = unsafe duckdb_list_vector_get_child(vector)
            let keys = try unsafe read(duckdb_struct_vector_get_child(entries, 0), key, count: size)
            let values = try unsafe read(duckdb_struct_vector_get_child(entries, 1), value, count: size)
            return unsafe .map(rows.ranges(), keys: keys, values: values)
        case .array(let element, let size):
            let child = unsafe duckdb_array_vector_get_child(vector)
            return .array(size: size, elements: try unsafe read(child, element, count: rows.count * size))
        case .structure(let fields):
            let parts = try fields.enumerated().map { index, field in
                try unsafe read(
                    duckdb_struct_vector_get_child(vector, idx_t(index)),
                    field.type,
                    count: rows.count
                )
            }
            return .structure(fields, parts)
        case .union(let fields):
            // A union is a struct whose first part tells the member.
            let tagged = try unsafe read(
                duckdb_struct_vector_get_child(vector, 0),
                .utinyint,
                count: rows.count
            )
            guard case .utinyint(let tags) = tagged.storage else { preconditionFailure("read as utinyint") }
            let members = try fields.enumerated().map { index, field in
                let child = unsafe duckdb_struct_vector_get_child(vector, idx_t(index + 1))
                return try unsafe read(child, field.type, count: rows.count)
            }
            return .union(tags, fields, members)
        default:
            preconditionFailure("not a nested type")
        }
    }
}
