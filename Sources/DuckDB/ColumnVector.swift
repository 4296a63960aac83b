/// The values of one column of a batch, kept close to how DuckDB has them.
package struct ColumnVector: Sendable {
    package enum Storage: Sendable {
        case null
        case boolean([UInt8])
        case tinyint([Int8])
        case smallint([Int16])
        case integer([Int32])
        case bigint([Int64])
        case hugeint([Int128])
        case utinyint([UInt8])
        case usmallint([UInt16])
        case uinteger([UInt32])
        case ubigint([UInt64])
        case uhugeint([UInt128])
        case bignum([Bignum])
        case float([Float])
        case double([Double])
        case smallDecimal([Int64], width: UInt8, scale: UInt8)
        case largeDecimal([Int128], width: UInt8, scale: UInt8)
        case varchar([String])
        case json([String])
        case blob([[UInt8]])
        case bit([BitString])
        case uuid([UInt128])
        case date([Int32])
        case time([Int64])
        case timeNS([Int64])
        case timeTZ([UInt64])
        case timestamp([Int64])
        case timestampS([Int64])
        case timestampMS([Int64])
        case timestampNS([Int64])
        case timestampTZ([Int64])
        case interval([Interval])
        case enumeration([UInt32], texts: [String])
        indirect case list([Range<Int>], elements: ColumnVector)
        indirect case array(size: Int, elements: ColumnVector)
        case structure([LogicalType.Field], [ColumnVector])
        indirect case map([Range<Int>], keys: ColumnVector, values: ColumnVector)
        case union([UInt8], [LogicalType.Field], [ColumnVector])
    }

    /// One bit a row, set where there is a value; nil if no row is null.
    package let validity: [UInt64]?
    package let storage: Storage

    package init(validity: [UInt64]?, storage: Storage) {
        self.validity = validity
        self.storage = storage
    }

    package func isNull(_ row: Int) -> Bool {
        guard let validity else { return false }
        return validity[row >> 6] & (1 << UInt64(row & 63)) == 0
    }

    package subscript(row: Int) -> Value {
        isNull(row) ? .null : value(row)
    }

    private func value(_ row: Int) -> Value {
        switch storage {
        case .null: .null
        case .boolean(let values): .boolean(values[row] != 0)
        case .tinyint(let values): .tinyint(values[row])
        case .smallint(let values): .smallint(values[row])
        case .integer(let values): .integer(values[row])
        case .bigint(let values): .bigint(values[row])
        case .hugeint(let values): .hugeint(values[row])
        case .utinyint(let values): .utinyint(values[row])
        case .usmallint(let values): .usmallint(values[row])
        case .uinteger(let values): .uinteger(values[row])
        case .ubigint(let values): .ubigint(values[row])
        case .uhugeint(let values): .uhugeint(values[row])
        case .bignum(let values): .bignum(values[row])
        case .float(let values): .float(values[row])
        case .double(let values): .double(values[row])
        case .smallDecimal(let values, let width, let scale):
            .decimal(Decimal(unscaled: Int128(values[row]), width: width, scale: scale))
        case .largeDecimal(let values, let width, let scale):
            .decimal(Decimal(unscaled: values[row], width: width, scale: scale))
        case .varchar(let values): .varchar(values[row])
        case .json(let values): .json(values[row])
        case .blob(let values): .blob(values[row])
        case .bit(let values): .bit(values[row])
        case .uuid(let values): .uuid(values[row])
        case .enumeration(let codes, let texts): .enumeration(texts[Int(codes[row])])
        case .list, .array, .structure, .map, .union: nestedValue(row)
        default: timeValue(row)
        }
    }

    private func timeValue(_ row: Int) -> Value {
        switch storage {
        case .date(let values): .date(days: values[row])
        case .time(let values): .time(microseconds: values[row])
        case .timeNS(let values): .timeNS(nanoseconds: values[row])
        case .timeTZ(let values):
            .timeTZ(
                microseconds: Int64(values[row] >> 24),
                offsetSeconds: TimeZoneOffset.decode(values[row])
            )
        case .timestamp(let values): .timestamp(microseconds: values[row])
        case .timestampS(let values): .timestampS(seconds: values[row])
        case .timestampMS(let values): .timestampMS(milliseconds: values[row])
        case .timestampNS(let values): .timestampNS(nanoseconds: values[row])
        case .timestampTZ(let values): .timestampTZ(microseconds: values[row])
        case .interval(let values): .interval(values[row])
        default: preconditionFailure("every other case is in value(_:)")
        }
    }

    private func nestedValue(_ row: Int) -> Value {
        switch storage {
        case .list(let ranges, let elements):
            .list(ranges[row].map { elements[$0] })
        case .array(let size, let elements):
            .array((row * size..<(row + 1) * size).map { elements[$0] })
        case .structure(let fields, let parts):
            .structure(zip(fields, parts).map { Value.Field($0.name, $1[row]) })
        case .map(let ranges, let keys, let values):
            .map(ranges[row].map { Value.Entry(keys[$0], values[$0]) })
        case .union(let tags, let fields, let members):
            .union(tag: fields[Int(tags[row])].name, value: members[Int(tags[row])][row])
        default: preconditionFailure("every other case is in value(_:)")
        }
    }
}

/// How a TIME WITH TIME ZONE keeps its offset: reversed, in the low 24 bits, so that its bits sort.
enum TimeZoneOffset {
    private static let largest: Int32 = 16 * 3600 - 1

    static func decode(_ bits: UInt64) -> Int32 {
        largest - Int32(bits & 0xFF_FFFF)
    }

    /// The bits for an offset within 16 hours of UTC, or nil beyond.
    static func encode(_ seconds: Int32) -> UInt64? {
        (-largest...largest).contains(seconds) ? UInt64(largest - seconds) : nil
    }
}
