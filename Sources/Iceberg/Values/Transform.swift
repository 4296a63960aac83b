/// How a partition or sort value comes from a column's value.
public enum Transform: Sendable, Hashable {
    /// The value itself.
    case identity
    /// A hash modulo a number.
    case bucket(Int)
    /// The value cut to a width.
    case truncate(Int)
    /// Years since 1970.
    case year
    /// Months since 1970-01.
    case month
    /// The day.
    case day
    /// Hours since 1970-01-01T00.
    case hour
    /// Always null.
    case void
    /// A transform that this library does not know; kept as it is written.
    case unknown(String)
}

extension Transform: CustomStringConvertible {
    /// The transform of a name such as `day` or `bucket[16]`.
    public init(_ name: String) {
        switch name.lowercased() {
        case "identity": self = .identity
        case "year": self = .year
        case "month": self = .month
        case "day": self = .day
        case "hour": self = .hour
        case "void": self = .void
        case let text:
            if let width = Self.argument(of: text, "bucket[") {
                self = .bucket(width)
            } else if let width = Self.argument(of: text, "truncate[") {
                self = .truncate(width)
            } else {
                self = .unknown(name)
            }
        }
    }

    /// The name, as the table format spells it.
    public var description: String {
        switch self {
        case .identity: "identity"
        case .bucket(let count): "bucket[\(count)]"
        case .truncate(let width): "truncate[\(width)]"
        case .year: "year"
        case .month: "month"
        case .day: "day"
        case .hour: "hour"
        case .void: "void"
        case .unknown(let name): name
        }
    }

    private static func argument(of text: String, _ prefix: String) -> Int? {
        guard text.hasPrefix(prefix), text.hasSuffix("]"),
            let number = Int32(text.dropFirst(prefix.count).dropLast()), number > 0
        else { return nil }
        return Int(number)
    }
}

extension Transform {
    /// The type of the results for values of a type; `nil` where the transform does not take the type.
    public func resultType(of source: IcebergType) -> IcebergType? {
        switch (self, source) {
        case (_, .struct), (_, .list), (_, .map): nil
        case (.identity, _), (.void, _): source
        case (.bucket, .boolean), (.bucket, .float), (.bucket, .double): nil
        case (.bucket, _): .int
        case (.truncate, .int), (.truncate, .long), (.truncate, .string), (.truncate, .binary), (.truncate, .decimal):
            source
        case (.year, .date), (.year, .timestamp), (.year, .timestamptz): .int
        case (.month, .date), (.month, .timestamp), (.month, .timestamptz): .int
        case (.day, .date), (.day, .timestamp), (.day, .timestamptz): .date
        case (.hour, .timestamp), (.hour, .timestamptz): .int
        case (.unknown, _): .string
        default: nil
        }
    }

    /// The result for a value; `nil` for null, and where the transform does not take the value.
    public func apply(_ value: Literal?) -> Literal? {
        guard let value else { return nil }
        switch self {
        case .identity: return value
        case .bucket(let count): return Self.hash(value).map { .int(Int32(Int64($0 & .max) % Int64(count))) }
        case .truncate(let width): return Self.truncate(value, width)
        case .year: return Self.civil(value).flatMap { Int32(exactly: $0.year - 1970) }.map(Literal.int)
        case .month:
            return Self.civil(value).flatMap { Int32(exactly: ($0.year - 1970) * 12 + Int64($0.month - 1)) }
                .map(Literal.int)
        case .day: return Self.days(value).flatMap { Int32(exactly: $0) }.map(Literal.date)
        case .hour:
            guard let microseconds = Self.microseconds(value) else { return nil }
            return Int32(exactly: CalendarArithmetic.floorDivide(microseconds, CalendarArithmetic.microsecondsPerHour))
                .map(Literal.int)
        case .void, .unknown: return nil
        }
    }

    /// Whether a greater value never has a smaller result, so that ranges of values become ranges of results.
    var preservesOrder: Bool {
        switch self {
        case .identity, .truncate, .year, .month, .day, .hour: true
        case .bucket, .void, .unknown: false
        }
    }

    /// The hash that bucket partitions use; `nil` for types without one.
    package static func hash(_ value: Literal) -> Int32? {
        switch value {
        case .int(let value), .date(let value): Murmur3.hash(Int64(value).littleEndianBytes)
        case .long(let value), .time(let value), .timestamp(let value), .timestamptz(let value):
            Murmur3.hash(value.littleEndianBytes)
        case .decimal(let unscaled, _): Murmur3.hash(unscaled.minimalBigEndianBytes)
        case .string, .uuid, .fixed, .binary: Murmur3.hash(value.singleValueBytes)
        case .boolean, .float, .double: nil
        }
    }

    private static func truncate(_ value: Literal, _ width: Int) -> Literal? {
        switch value {
        case .int(let number):
            // Below the smallest number the cut wraps around, as in the reference implementation.
            let cut = Int64(number) - modulo(Int64(number), Int64(width))
            return .int(Int32(truncatingIfNeeded: cut))
        case .long(let number): return .long(number &- modulo(number, Int64(width)))
        case .decimal(let unscaled, let scale):
            let remainder = unscaled % Int128(width)
            return .decimal(unscaled: unscaled - (remainder < 0 ? remainder + Int128(width) : remainder), scale: scale)
        case .string(let text): return .string(String(String.UnicodeScalarView(text.unicodeScalars.prefix(width))))
        case .binary(let bytes): return .binary(Array(bytes.prefix(width)))
        default: return nil
        }
    }

    private static func modulo(_ value: Int64, _ width: Int64) -> Int64 {
        let remainder = value % width
        return remainder < 0 ? remainder + width : remainder
    }

    private static func microseconds(_ value: Literal) -> Int64? {
        switch value {
        case .timestamp(let value), .timestamptz(let value): value
        default: nil
        }
    }

    private static func days(_ value: Literal) -> Int64? {
        if case .date(let days) = value { return Int64(days) }
        return microseconds(value).map {
            CalendarArithmetic.floorDivide($0, CalendarArithmetic.microsecondsPerDay)
        }
    }

    private static func civil(_ value: Literal) -> (year: Int64, month: Int, day: Int)? {
        days(value).map(CalendarArithmetic.civil(fromDays:))
    }
}
