package import JSONTree

/// An Avro schema with the attributes that Iceberg adds, such as field ids.
package struct AvroSchema: Sendable, Hashable {
    package indirect enum Kind: Sendable, Hashable {
        case null
        case boolean
        case int
        case long
        case float
        case double
        case bytes
        case string
        case record(name: String, fields: [AvroField])
        case array(AvroSchema)
        case map(AvroSchema)
        case union([AvroSchema])
        case enumeration(name: String, symbols: [String])
        case fixed(name: String, size: Int)
    }

    package var kind: Kind
    package var attributes: JSONObject

    package init(_ kind: Kind, attributes: JSONObject = [:]) {
        self.kind = kind
        self.attributes = attributes
    }

    /// A union with null, null first, as Iceberg writes optional fields.
    package var optional: AvroSchema {
        AvroSchema(.union([AvroSchema(.null), self]))
    }

    /// The schema itself, or the one that is not null of an optional one.
    package var unwrapped: AvroSchema {
        guard case .union(let branches) = kind else { return self }
        return branches.first { $0.kind != .null } ?? self
    }

    package var fields: [AvroField] {
        guard case .record(_, let fields) = kind else { return [] }
        return fields
    }

    package var elements: AvroSchema? {
        guard case .array(let elements) = kind else { return nil }
        return elements
    }
}

package struct AvroField: Sendable, Hashable {
    package var name: String
    package var schema: AvroSchema
    package var attributes: JSONObject

    package init(name: String, schema: AvroSchema, attributes: JSONObject = [:]) {
        self.name = name
        self.schema = schema
        self.attributes = attributes
    }

    /// The Iceberg field id, if the writer gave one.
    package var fieldID: Int? {
        attributes["field-id"]?.intValue
    }
}
