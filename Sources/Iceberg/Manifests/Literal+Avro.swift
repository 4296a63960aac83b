extension Literal {
    /// A partition value from a manifest.
    init(avro value: AvroValue, type: IcebergType) throws {
        let literal: Literal? =
            switch (type, value) {
            case (.boolean, .boolean(let value)): .boolean(value)
            case (.int, .integer(let value)): Int32(exactly: value).map(Literal.int)
            case (.long, .integer(let value)): .long(value)
            case (.float, .float(let value)): .float(value)
            case (.double, .double(let value)): .double(value)
            case (.double, .float(let value)): .double(Double(value))
            case (.date, .integer(let value)): Int32(exactly: value).map(Literal.date)
            case (.time, .integer(let value)): .time(value)
            case (.timestamp, .integer(let value)): .timestamp(value)
            case (.timestamptz, .integer(let value)): .timestamptz(value)
            case (.string, .string(let value)): .string(value)
            case (.uuid, .bytes(let bytes)): IcebergUUID(bytes: bytes).map(Literal.uuid)
            case (.uuid, .string(let text)): IcebergUUID(text).map(Literal.uuid)
            case (.fixed, .bytes(let bytes)): .fixed(bytes)
            case (.binary, .bytes(let bytes)): .binary(bytes)
            case (.decimal(_, let scale), .bytes(let bytes)):
                Int128(bigEndianBytes: bytes).map { .decimal(unscaled: $0, scale: scale) }
            default: nil
            }
        guard let literal else {
            throw IcebergError(.corruptFile, "a partition value of type \(type) is written as something else")
        }
        self = literal
    }

    /// The value as a manifest holds it.
    func avro(_ type: IcebergType) -> AvroValue {
        switch self {
        case .boolean(let value): .boolean(value)
        case .int(let value), .date(let value): .integer(Int64(value))
        case .long(let value), .time(let value), .timestamp(let value), .timestamptz(let value): .integer(value)
        case .float(let value): .float(value)
        case .double(let value): .double(value)
        case .string(let value): .string(value)
        case .uuid, .fixed, .binary: .bytes(singleValueBytes)
        case .decimal(let unscaled, _): .bytes(unscaled.bigEndianBytes(count: type.avroDecimalSize))
        }
    }
}

extension Int128 {
    /// The last bytes of the big-endian two's complement form.
    func bigEndianBytes(count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: self >> (8 * (count - 1 - $0))) }
    }
}
