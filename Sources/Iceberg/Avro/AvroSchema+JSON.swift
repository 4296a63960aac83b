package import JSONTree

extension AvroSchema {
    private static let depthMax = 64

    package init(json: JSON) throws {
        var named: [String: AvroSchema] = [:]
        self = try Self.parse(json, named: &named, namespace: nil, depth: 0)
    }

    private static func parse(
        _ json: JSON,
        named: inout [String: AvroSchema],
        namespace: String?,
        depth: Int
    ) throws -> AvroSchema {
        guard depth < depthMax else { throw problem("nests deeper than \(depthMax)") }
        switch json {
        case .string(let name):
            if let kind = primitive(name) { return AvroSchema(kind) }
            guard let schema = named[full(name, namespace)] ?? named[name] else {
                throw problem("names the unknown or recursive type \"\(name)\"")
            }
            return schema
        case .array(let branches):
            return AvroSchema(
                .union(try branches.map { try parse($0, named: &named, namespace: namespace, depth: depth + 1) })
            )
        case .object(let object):
            return try parse(object, named: &named, namespace: namespace, depth: depth)
        default:
            throw problem("holds \(json.kindName) where a type is expected")
        }
    }

    private static func parse(
        _ object: JSONObject,
        named: inout [String: AvroSchema],
        namespace: String?,
        depth: Int
    ) throws -> AvroSchema {
        guard let type = object["type"] else { throw problem("has a type without \"type\"") }
        guard let name = type.stringValue else {
            return try parse(type, named: &named, namespace: namespace, depth: depth + 1)
        }
        var attributes = object
        for key in ["type", "name", "namespace", "fields", "items", "values", "symbols", "size"] {
            attributes[key] = nil
        }
        func child(_ key: String) throws -> AvroSchema {
            guard let json = object[key] else { throw problem("has \"\(name)\" without \"\(key)\"") }
            return try parse(json, named: &named, namespace: namespace, depth: depth + 1)
        }
        switch name {
        case "array": return AvroSchema(.array(try child("items")), attributes: attributes)
        case "map": return AvroSchema(.map(try child("values")), attributes: attributes)
        case "record", "enum", "fixed": break
        default:
            var schema = try parse(type, named: &named, namespace: namespace, depth: depth + 1)
            schema.attributes.merge(attributes)
            return schema
        }
        guard let ownName = object["name"]?.stringValue else { throw problem("has \"\(name)\" without \"name\"") }
        let ownNamespace = object["namespace"]?.stringValue ?? namespace
        let kind: Kind
        switch name {
        case "record":
            guard let fields = object["fields"]?.arrayValue else { throw problem("has a record without \"fields\"") }
            kind = .record(
                name: ownName,
                fields: try fields.map { json in
                    try parseField(json, named: &named, namespace: ownNamespace, depth: depth + 1)
                }
            )
        case "enum":
            guard let symbols = object["symbols"]?.arrayValue?.compactMap(\.stringValue) else {
                throw problem("has an enum without \"symbols\"")
            }
            kind = .enumeration(name: ownName, symbols: symbols)
        default:
            guard let size = object["size"]?.intValue, size >= 0 else { throw problem("has a fixed without \"size\"") }
            kind = .fixed(name: ownName, size: size)
        }
        let schema = AvroSchema(kind, attributes: attributes)
        named[full(ownName, ownNamespace)] = schema
        return schema
    }

    private static func parseField(
        _ json: JSON,
        named: inout [String: AvroSchema],
        namespace: String?,
        depth: Int
    ) throws -> AvroField {
        guard var attributes = json.objectValue, let name = attributes["name"]?.stringValue,
            let type = attributes["type"]
        else { throw problem("has a field without \"name\" or \"type\"") }
        attributes["name"] = nil
        attributes["type"] = nil
        let schema = try parse(type, named: &named, namespace: namespace, depth: depth)
        return AvroField(name: name, schema: schema, attributes: attributes)
    }

    private static func primitive(_ name: String) -> Kind? {
        switch name {
        case "null": .null
        case "boolean": .boolean
        case "int": .int
        case "long": .long
        case "float": .float
        case "double": .double
        case "bytes": .bytes
        case "string": .string
        default: nil
        }
    }

    private static func full(_ name: String, _ namespace: String?) -> String {
        guard let namespace, !namespace.isEmpty, !name.contains(".") else { return name }
        return "\(namespace).\(name)"
    }

    private static func problem(_ message: String) -> IcebergError {
        IcebergError(.corruptFile, "the Avro schema \(message)")
    }

    /// The JSON form; a named type is written out once and then named.
    package var json: JSON {
        var defined: Set<String> = []
        return json(defined: &defined)
    }

    private func json(defined: inout Set<String>) -> JSON {
        var object = JSONObject()
        switch kind {
        case .null, .boolean, .int, .long, .float, .double, .bytes, .string:
            if attributes.isEmpty { return .string("\(kind)") }
            object["type"] = .string("\(kind)")
        case .union(let branches):
            var written: [JSON] = []
            for branch in branches { written.append(branch.json(defined: &defined)) }
            return .array(written)
        case .array(let items):
            object = ["type": "array", "items": items.json(defined: &defined)]
        case .map(let values):
            object = ["type": "map", "values": values.json(defined: &defined)]
        case .record(let name, let fields):
            guard defined.insert(name).inserted else { return .string(name) }
            var written: [JSON] = []
            for field in fields {
                var member: JSONObject = [
                    "name": .string(field.name), "type": field.schema.json(defined: &defined),
                ]
                member.merge(field.attributes)
                written.append(.object(member))
            }
            object = ["type": "record", "name": .string(name), "fields": .array(written)]
        case .enumeration(let name, let symbols):
            guard defined.insert(name).inserted else { return .string(name) }
            object = ["type": "enum", "name": .string(name), "symbols": .array(symbols.map(JSON.string))]
        case .fixed(let name, let size):
            guard defined.insert(name).inserted else { return .string(name) }
            object = ["type": "fixed", "name": .string(name), "size": .integer(Int64(size))]
        }
        object.merge(attributes)
        return .object(object)
    }
}

extension JSONObject {
    mutating func merge(_ other: JSONObject) {
        for (key, value) in other {
            self[key] = value
        }
    }
}
