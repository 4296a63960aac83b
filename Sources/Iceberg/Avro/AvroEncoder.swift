/// Writes Avro's binary encoding.
package struct AvroEncoder {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
    }

    /// Writes a value; of a union, the first branch that takes it.
    package mutating func write(_ value: AvroValue, _ schema: AvroSchema) throws {
        switch (schema.kind, value) {
        case (.null, .null): break
        case (.boolean, .boolean(let value)): bytes.append(value ? 1 : 0)
        case (.int, .integer(let value)) where Int32(exactly: value) != nil: write(long: value)
        case (.long, .integer(let value)): write(long: value)
        case (.float, .float(let value)): bytes.append(contentsOf: value.bitPattern.littleEndianBytes)
        case (.double, .double(let value)): bytes.append(contentsOf: value.bitPattern.littleEndianBytes)
        case (.bytes, .bytes(let value)):
            write(long: Int64(value.count))
            bytes.append(contentsOf: value)
        case (.string, .string(let value)): write(string: value)
        case (.record(_, let fields), .record(let values)) where fields.count == values.count:
            for (field, value) in zip(fields, values) { try write(value, field.schema) }
        case (.array(let items), .array(let values)):
            if !values.isEmpty { write(long: Int64(values.count)) }
            for value in values { try write(value, items) }
            write(long: 0)
        case (.map(let items), .map(let values)):
            if !values.isEmpty { write(long: Int64(values.count)) }
            for (key, value) in values.sorted(by: { $0.key < $1.key }) {
                write(string: key)
                try write(value, items)
            }
            write(long: 0)
        case (.union(let branches), _):
            guard let branch = branches.firstIndex(where: { Self.takes($0, value) }) else {
                throw mismatch(schema)
            }
            write(long: Int64(branch))
            try write(value, branches[branch])
        case (.enumeration(_, let symbols), .string(let value)):
            guard let index = symbols.firstIndex(of: value) else { throw mismatch(schema) }
            write(long: Int64(index))
        case (.fixed(_, let size), .bytes(let value)) where value.count == size:
            bytes.append(contentsOf: value)
        default: throw mismatch(schema)
        }
    }

    package mutating func write(long value: Int64) {
        var rest = UInt64(bitPattern: value << 1 ^ value >> 63)
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    package mutating func write(string value: String) {
        write(long: Int64(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    package mutating func append(_ raw: [UInt8]) {
        bytes.append(contentsOf: raw)
    }

    private static func takes(_ schema: AvroSchema, _ value: AvroValue) -> Bool {
        switch (schema.kind, value) {
        case (.null, .null), (.boolean, .boolean), (.long, .integer), (.float, .float), (.double, .double),
            (.bytes, .bytes), (.string, .string), (.array, .array), (.map, .map):
            true
        case (.int, .integer(let value)): Int32(exactly: value) != nil
        case (.record(_, let fields), .record(let values)): fields.count == values.count
        case (.enumeration(_, let symbols), .string(let value)): symbols.contains(value)
        case (.fixed(_, let size), .bytes(let value)): value.count == size
        default: false
        }
    }

    private func mismatch(_ schema: AvroSchema) -> IcebergError {
        IcebergError(.invalidArgument, "a value does not have the Avro type \(schema.json)")
    }
}
