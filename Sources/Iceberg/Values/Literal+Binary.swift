extension Literal {
    /// The value in the table format's single-value binary form, as bounds hold it.
    public var singleValueBytes: [UInt8] {
        switch self {
        case .boolean(let value): [value ? 1 : 0]
        case .int(let value), .date(let value): value.littleEndianBytes
        case .long(let value), .time(let value), .timestamp(let value), .timestamptz(let value):
            value.littleEndianBytes
        case .float(let value): value.bitPattern.littleEndianBytes
        case .double(let value): value.bitPattern.littleEndianBytes
        case .decimal(let unscaled, _): unscaled.minimalBigEndianBytes
        case .string(let value): Array(value.utf8)
        case .uuid(let value): value.bytes
        case .fixed(let value), .binary(let value): value
        }
    }

    /// A value of a type from its single-value binary form; `nil` where the bytes are none.
    ///
    /// Bytes of the narrower type are read too, since files keep the bounds that they were written with when a column
    /// is widened.
    public init?(singleValueBytes bytes: [UInt8], type: IcebergType) {
        switch type {
        case .boolean:
            guard bytes.count == 1 else { return nil }
            self = .boolean(bytes[0] != 0)
        case .int:
            guard let value = Int32(littleEndianBytes: bytes) else { return nil }
            self = .int(value)
        case .long:
            guard let value = Int64(littleEndianBytes: bytes) ?? Int32(littleEndianBytes: bytes).map(Int64.init) else {
                return nil
            }
            self = .long(value)
        case .float:
            guard let bits = UInt32(littleEndianBytes: bytes) else { return nil }
            self = .float(Float(bitPattern: bits))
        case .double:
            if let bits = UInt64(littleEndianBytes: bytes) {
                self = .double(Double(bitPattern: bits))
            } else if let bits = UInt32(littleEndianBytes: bytes) {
                self = .double(Double(Float(bitPattern: bits)))
            } else {
                return nil
            }
        case .decimal(_, let scale):
            guard let unscaled = Int128(bigEndianBytes: bytes) else { return nil }
            self = .decimal(unscaled: unscaled, scale: scale)
        case .date:
            guard let value = Int32(littleEndianBytes: bytes) else { return nil }
            self = .date(value)
        case .time, .timestamp, .timestamptz:
            guard let value = Int64(littleEndianBytes: bytes) else { return nil }
            self = type == .time ? .time(value) : type == .timestamp ? .timestamp(value) : .timestamptz(value)
        case .string:
            guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
            self = .string(text)
        case .uuid:
            guard let value = IcebergUUID(bytes: bytes) else { return nil }
            self = .uuid(value)
        case .fixed(let length):
            guard bytes.count == length else { return nil }
            self = .fixed(bytes)
        case .binary:
            self = .binary(bytes)
        case .struct, .list, .map:
            return nil
        }
    }
}

extension FixedWidthInteger {
    var littleEndianBytes: [UInt8] {
        (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) }
    }

    init?(littleEndianBytes bytes: some BidirectionalCollection<UInt8>) {
        guard bytes.count == Self.bitWidth / 8 else { return nil }
        self = bytes.reversed().reduce(0) { $0 << 8 | Self($1) }
    }
}

extension Int128 {
    /// The shortest big-endian two's complement form.
    var minimalBigEndianBytes: [UInt8] {
        var bytes = (0..<16).map { UInt8(truncatingIfNeeded: self >> (120 - 8 * $0)) }
        while bytes.count > 1, bytes[0] == (bytes[1] & 0x80 == 0 ? 0 : 0xFF) {
            bytes.removeFirst()
        }
        return bytes
    }

    init?(bigEndianBytes bytes: some Collection<UInt8>) {
        guard let first = bytes.first, bytes.count <= 16 else { return nil }
        self = bytes.reduce(first & 0x80 == 0 ? 0 : -1) { $0 << 8 | Int128($1) }
    }
}
