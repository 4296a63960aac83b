/// A Swift type that can be had from a value.
public protocol ValueDecodable: Sendable {
    /// Converts a value without loss, or answers nil.
    init?(duckDB value: Value)
}

extension Optional: ValueDecodable where Wrapped: ValueDecodable {
    /// Nil (within the optional) for the null.
    public init?(duckDB value: Value) {
        if value.isNull {
            self = .none
        } else if let wrapped = Wrapped(duckDB: value) {
            self = .some(wrapped)
        } else {
            return nil
        }
    }
}

extension Value: ValueDecodable {
    /// Every value, the null too.
    public init?(duckDB value: Value) { self = value }
}

extension String: ValueDecodable {
    /// A VARCHAR, a JSON or an ENUM.
    public init?(duckDB value: Value) {
        switch value {
        case .varchar(let text), .json(let text), .enumeration(let text): self = text
        default: return nil
        }
    }
}

extension Bool: ValueDecodable {
    /// A BOOLEAN.
    public init?(duckDB value: Value) {
        guard case .boolean(let value) = value else { return nil }
        self = value
    }
}

extension ValueDecodable where Self: FixedWidthInteger {
    /// An integer of any width, if it fits.
    public init?(duckDB value: Value) {
        switch value {
        case .tinyint(let number): self.init(exactly: number)
        case .smallint(let number): self.init(exactly: number)
        case .integer(let number): self.init(exactly: number)
        case .bigint(let number): self.init(exactly: number)
        case .hugeint(let number): self.init(exactly: number)
        case .utinyint(let number): self.init(exactly: number)
        case .usmallint(let number): self.init(exactly: number)
        case .uinteger(let number): self.init(exactly: number)
        case .ubigint(let number): self.init(exactly: number)
        case .uhugeint(let number): self.init(exactly: number)
        case .decimal(let number) where number.scale == 0: self.init(exactly: number.unscaled)
        default: return nil
        }
    }
}

extension Int: ValueDecodable {}
extension Int32: ValueDecodable {}
extension Int64: ValueDecodable {}
extension Int128: ValueDecodable {}
extension UInt64: ValueDecodable {}

extension Double: ValueDecodable {
    /// A DOUBLE, a FLOAT, a DECIMAL (to the nearest), or an integer that a Double holds exactly.
    public init?(duckDB value: Value) {
        switch value {
        case .double(let number): self = number
        case .float(let number): self = Double(number)
        // Its digits, read as a number, give the nearest Double; dividing would round twice.
        case .decimal(let number): self.init(number.description)
        default:
            guard let integer = Int128(duckDB: value) else { return nil }
            self.init(exactly: integer)
        }
    }
}

extension Decimal: ValueDecodable {
    /// A DECIMAL.
    public init?(duckDB value: Value) {
        guard case .decimal(let value) = value else { return nil }
        self = value
    }
}

extension Interval: ValueDecodable {
    /// An INTERVAL.
    public init?(duckDB value: Value) {
        guard case .interval(let value) = value else { return nil }
        self = value
    }
}

extension Array: ValueDecodable where Element: ValueDecodable {
    /// A list or an array whose elements all convert; of bytes, a BLOB too.
    public init?(duckDB value: Value) {
        switch value {
        case .list(let elements), .array(let elements):
            var result: [Element] = []
            for element in elements {
                guard let converted = Element(duckDB: element) else { return nil }
                result.append(converted)
            }
            self = result
        case .blob(let bytes):
            guard let bytes = bytes as? Self else { return nil }
            self = bytes
        default: return nil
        }
    }
}

extension UInt8: ValueDecodable {}
