import Foundation
import JSONTree

/// A value of an attribute, with DynamoDB's types.
enum AttributeValue: Sendable, Hashable {
    case string(ByteText)
    case number(TableNumber)
    case binary([UInt8])
    case bool(Bool)
    case null
    indirect case list([AttributeValue])
    indirect case map(Attributes)
    case stringSet(Set<ByteText>)
    case numberSet(Set<TableNumber>)
    case binarySet(Set<[UInt8]>)
}

/// The attributes of an item or a map by their names.
typealias Attributes = [ByteText: AttributeValue]

extension AttributeValue {
    /// How deep values may nest, as in the service.
    private static let depthMax = 32

    /// Reads a value such as `{"S": "text"}`.
    init(_ json: JSON, depth: Int = 0) throws {
        guard depth <= Self.depthMax else {
            throw TableFailure.validation("Nesting Levels have exceeded supported limits")
        }
        guard let object = json.objectValue, object.count == 1, let (type, value) = object.first,
            let read = try Self.value(type, value, depth: depth)
        else {
            throw TableFailure.validation("An attribute's value is an object such as {\"S\": \"text\"}: \(json.text())")
        }
        self = read
    }

    private static func value(_ type: String, _ value: JSON, depth: Int) throws -> AttributeValue? {
        switch type {
        case "S": return value.stringValue.map { .string(ByteText($0)) }
        case "N": return try value.stringValue.map { .number(try TableNumber($0)) }
        case "B": return value.stringValue.flatMap(bytes).map { .binary($0) }
        case "BOOL": return value.boolValue.map { .bool($0) }
        case "NULL": return value == true ? .null : nil
        case "L": return try value.arrayValue.map { .list(try $0.map { try AttributeValue($0, depth: depth + 1) }) }
        case "M": return try value.objectValue.map { .map(try attributes($0, depth: depth + 1)) }
        case "SS": return try set(value, "string") { ByteText($0) }.map { .stringSet($0) }
        case "NS": return try set(value, "number") { try TableNumber($0) }.map { .numberSet($0) }
        case "BS": return try set(value, "binary", bytes).map { .binarySet($0) }
        default: return nil
        }
    }

    /// Reads the attributes of an item or a map.
    static func attributes(_ object: JSONObject, depth: Int = 0) throws -> Attributes {
        try Dictionary(object.map { (ByteText($0.key), try AttributeValue($0.value, depth: depth)) }) { $1 }
    }

    /// A set has members, and none of them twice.
    private static func set<Member>(
        _ value: JSON,
        _ type: String,
        _ read: (String) throws -> Member?
    ) throws -> Set<Member>? {
        guard let elements = value.arrayValue else { return nil }
        let wrong = "One or more parameter values were invalid:"
        guard !elements.isEmpty else { throw TableFailure.validation("\(wrong) An \(type) set  may not be empty") }
        let texts = elements.compactMap(\.stringValue)
        let members = try texts.compactMap(read)
        guard members.count == elements.count else { return nil }
        let set = Set(members)
        guard set.count == members.count else {
            let collection = texts.joined(separator: ", ")
            throw TableFailure.validation("\(wrong) Input collection [\(collection)] contains duplicates.")
        }
        return set
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        Data(base64Encoded: text).map { Array($0) }
    }

    /// The value as it is written; sets in order.
    var json: JSON {
        switch self {
        case .string(let text): ["S": .string(text.text)]
        case .number(let number): ["N": .string(number.description)]
        case .binary(let bytes): ["B": .string(Self.base64(bytes))]
        case .bool(let value): ["BOOL": .bool(value)]
        case .null: ["NULL": true]
        case .list(let values): ["L": .array(values.map(\.json))]
        case .map(let values): ["M": Self.json(values)]
        case .stringSet(let set): ["SS": .array(set.sorted().map { .string($0.text) })]
        case .numberSet(let set): ["NS": .array(set.sorted().map { .string($0.description) })]
        case .binarySet(let set): ["BS": .array(set.map(Self.base64).sorted().map(JSON.string))]
        }
    }

    /// Attributes as they are written, in the order of their names.
    static func json(_ attributes: Attributes) -> JSON {
        .object(JSONObject(attributes.sorted { $0.key < $1.key }.map { ($0.key.text, $0.value.json) }))
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString()
    }

    /// The word for the value's type.
    var type: String {
        json.objectValue?.keys.first ?? ""
    }
}

extension AttributeValue {
    /// The word for the value's type in messages about clauses of updates.
    var typeName: String {
        switch self {
        case .string: "STRING"
        case .number: "NUMBER"
        case .binary: "BINARY"
        case .bool: "BOOLEAN"
        case .null: "NULL"
        case .list: "LIST"
        case .map: "MAP"
        case .stringSet: "STRING SET"
        case .numberSet: "NUMBER SET"
        case .binarySet: "BINARY SET"
        }
    }
}

/// Why a table did not do what was asked.
enum TableFailure: Error, Sendable, Hashable {
    /// The request makes no sense.
    case validation(String)
    /// The condition does not hold.
    case conditionFailed
    /// There is no such table.
    case noTable(String)
}
