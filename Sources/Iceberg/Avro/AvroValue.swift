/// A value read from Avro, or to be written.
package enum AvroValue: Sendable, Hashable {
    case null
    case boolean(Bool)
    /// An `int` or a `long`.
    case integer(Int64)
    case float(Float)
    case double(Double)
    /// `bytes` or a `fixed`.
    case bytes([UInt8])
    /// A `string` or the symbol of an `enum`.
    case string(String)
    case array([AvroValue])
    case map([String: AvroValue])
    /// The values of a record in the order of its fields.
    case record([AvroValue])

    package var integer: Int64? {
        guard case .integer(let value) = self else { return nil }
        return value
    }

    package var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    package var bytes: [UInt8]? {
        guard case .bytes(let value) = self else { return nil }
        return value
    }

    package var boolean: Bool? {
        guard case .boolean(let value) = self else { return nil }
        return value
    }

    package var array: [AvroValue]? {
        guard case .array(let value) = self else { return nil }
        return value
    }

    package var record: [AvroValue]? {
        guard case .record(let value) = self else { return nil }
        return value
    }

    /// The value, or null where there is none.
    package init(_ value: AvroValue?) {
        self = value ?? .null
    }
}
