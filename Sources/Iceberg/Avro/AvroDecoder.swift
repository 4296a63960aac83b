/// Reads Avro's binary encoding; trusts no length that the bytes give.
package struct AvroDecoder {
    /// How many values may be read that take no byte, such as nulls of an array whose count is made up.
    private static let emptyValuesMax = 1_000_000

    private let bytes: [UInt8]
    private var position: Int
    private let end: Int
    private var emptyValues = 0

    package init(bytes: [UInt8], range: Range<Int>? = nil) {
        self.bytes = bytes
        position = range?.lowerBound ?? 0
        end = range?.upperBound ?? bytes.count
    }

    package var isAtEnd: Bool {
        position == end
    }

    package var offset: Int {
        position
    }

    package mutating func value(_ schema: AvroSchema) throws -> AvroValue {
        let start = position
        let value = try decode(schema)
        if position == start {
            emptyValues += 1
            guard emptyValues <= Self.emptyValuesMax else { throw corrupt("too many values without bytes") }
        }
        return value
    }

    private mutating func decode(_ schema: AvroSchema) throws -> AvroValue {
        switch schema.kind {
        case .null: return .null
        case .boolean: return .boolean(try byte() != 0)
        case .int:
            let value = try long()
            guard Int32(exactly: value) != nil else { throw corrupt("an int is out of range") }
            return .integer(value)
        case .long: return .integer(try long())
        case .float: return .float(Float(bitPattern: try fixedWidth()))
        case .double: return .double(Double(bitPattern: try fixedWidth()))
        case .bytes: return .bytes(Array(try take(try length())))
        case .string: return .string(try string())
        case .record(_, let fields):
            var values: [AvroValue] = []
            values.reserveCapacity(fields.count)
            for field in fields { values.append(try value(field.schema)) }
            return .record(values)
        case .array(let items):
            var values: [AvroValue] = []
            try blocks { decoder in values.append(try decoder.value(items)) }
            return .array(values)
        case .map(let items):
            var values: [String: AvroValue] = [:]
            try blocks { decoder in
                let key = try decoder.string()
                values[key] = try decoder.value(items)
            }
            return .map(values)
        case .union(let branches):
            let index = try long()
            guard index >= 0, index < branches.count else { throw corrupt("a union has no branch \(index)") }
            return try value(branches[Int(index)])
        case .enumeration(_, let symbols):
            let index = try long()
            guard index >= 0, index < symbols.count else { throw corrupt("an enum has no symbol \(index)") }
            return .string(symbols[Int(index)])
        case .fixed(_, let size):
            return .bytes(Array(try take(size)))
        }
    }

    /// Reads the blocks of an array or a map.
    private mutating func blocks(_ item: (inout AvroDecoder) throws -> Void) throws {
        while true {
            var count = try long()
            if count == 0 { return }
            if count < 0 {
                // A negative count is followed by the block's size, which a reader that skips would use.
                _ = try long()
                guard count > .min else { throw corrupt("an array has an impossible count") }
                count = -count
            }
            var read: Int64 = 0
            while read < count {
                try item(&self)
                read += 1
            }
        }
    }

    package mutating func long() throws -> Int64 {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            guard shift < 63 || next <= 1 else { throw corrupt("a number is longer than 64 bits") }
            result |= UInt64(next & 0x7F) << shift
            if next & 0x80 == 0 { break }
            shift += 7
        }
        return Int64(bitPattern: result >> 1) ^ -Int64(bitPattern: result & 1)
    }

    package mutating func string() throws -> String {
        guard let text = String(validating: try take(try length()), as: UTF8.self) else {
            throw corrupt("a string is not valid UTF-8")
        }
        return text
    }

    package mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        guard count >= 0, count <= end - position else { throw corrupt("a length goes beyond the end") }
        defer { position += count }
        return bytes[position..<position + count]
    }

    package mutating func length() throws -> Int {
        let value = try long()
        guard value >= 0, value <= Int64(end - position) else { throw corrupt("a length goes beyond the end") }
        return Int(value)
    }

    private mutating func byte() throws -> UInt8 {
        guard position < end else { throw corrupt("the data ends too early") }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func fixedWidth<Bits: FixedWidthInteger>() throws -> Bits {
        guard let value = Bits(littleEndianBytes: try take(Bits.bitWidth / 8)) else {
            throw corrupt("the data ends too early")
        }
        return value
    }

    private func corrupt(_ message: String) -> IcebergError {
        IcebergError(.corruptFile, "\(message) (Avro, byte \(position))")
    }
}
