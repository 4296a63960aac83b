public import JSONTree

extension IcebergType {
    /// How deep types may nest.
    static let depthMax = 64

    init(json: JSON, path: String, depth: Int = 0) throws {
        guard depth < Self.depthMax else {
            throw IcebergError(.invalidMetadata, "types nest deeper than \(Self.depthMax)", path: path)
        }
        if let name = json.stringValue {
            guard let type = IcebergType(name: name) else {
                throw IcebergError(
                    .invalidMetadata,
                    "\"\(name)\" is not a type of Iceberg's format version 2",
                    path: path
                )
            }
            self = type
            return
        }
        var reader = try ObjectReader(json, path: path)
        switch try reader.string("type") {
        case "struct":
            let fields = try reader.array("fields") { try NestedField(json: $0, path: $1, depth: depth + 1) }
            self = .struct(StructType(fields: fields, extra: reader.rest))
        case "list":
            let id = try reader.int("element-id")
            let element = try IcebergType(
                json: reader.required("element"),
                path: reader.path(of: "element"),
                depth: depth + 1
            )
            let required = try reader.bool("element-required")
            self = .list(ListType(elementID: id, element: element, elementRequired: required, extra: reader.rest))
        case "map":
            let keyID = try reader.int("key-id")
            let key = try IcebergType(json: reader.required("key"), path: reader.path(of: "key"), depth: depth + 1)
            let valueID = try reader.int("value-id")
            let value = try IcebergType(
                json: reader.required("value"),
                path: reader.path(of: "value"),
                depth: depth + 1
            )
            let required = try reader.bool("value-required")
            self = .map(
                MapType(
                    keyID: keyID,
                    key: key,
                    valueID: valueID,
                    value: value,
                    valueRequired: required,
                    extra: reader.rest
                )
            )
        case let name:
            throw IcebergError(.invalidMetadata, "\"\(name)\" is not a nested type", path: reader.path(of: "type"))
        }
    }

    /// The type in JSON.
    public var json: JSON {
        switch self {
        case .struct(let type):
            var object: JSONObject = ["type": "struct", "fields": .array(type.fields.map(\.json))]
            object.add(type.extra)
            return .object(object)
        case .list(let type):
            var object: JSONObject = [
                "type": "list", "element-id": JSON(type.elementID), "element": type.element.json,
                "element-required": .bool(type.elementRequired),
            ]
            object.add(type.extra)
            return .object(object)
        case .map(let type):
            var object: JSONObject = [
                "type": "map", "key-id": JSON(type.keyID), "key": type.key.json, "value-id": JSON(type.valueID),
                "value": type.value.json, "value-required": .bool(type.valueRequired),
            ]
            object.add(type.extra)
            return .object(object)
        default:
            return .string(description)
        }
    }
}

extension IcebergType: CustomStringConvertible {
    /// The primitive type of a name such as `long` or `decimal(9,2)`.
    public init?(name: String) {
        switch name {
        case "boolean": self = .boolean
        case "int": self = .int
        case "long": self = .long
        case "float": self = .float
        case "double": self = .double
        case "date": self = .date
        case "time": self = .time
        case "timestamp": self = .timestamp
        case "timestamptz": self = .timestamptz
        case "string": self = .string
        case "uuid": self = .uuid
        case "binary": self = .binary
        default:
            if let numbers = Self.arguments(of: name, "decimal(", ")"), numbers.count == 2,
                (1...38).contains(numbers[0]), (0...numbers[0]).contains(numbers[1])
            {
                self = .decimal(precision: numbers[0], scale: numbers[1])
            } else if let numbers = Self.arguments(of: name, "fixed[", "]"), numbers.count == 1, numbers[0] > 0 {
                self = .fixed(length: numbers[0])
            } else {
                return nil
            }
        }
    }

    /// The name of the type, as the table format spells it.
    public var description: String {
        switch self {
        case .boolean: "boolean"
        case .int: "int"
        case .long: "long"
        case .float: "float"
        case .double: "double"
        case .decimal(let precision, let scale): "decimal(\(precision), \(scale))"
        case .date: "date"
        case .time: "time"
        case .timestamp: "timestamp"
        case .timestamptz: "timestamptz"
        case .string: "string"
        case .uuid: "uuid"
        case .fixed(let length): "fixed[\(length)]"
        case .binary: "binary"
        case .struct(let type):
            "struct<" + type.fields.map { "\($0.name): \($0.type)" }.joined(separator: ", ") + ">"
        case .list(let type): "list<\(type.element)>"
        case .map(let type): "map<\(type.key), \(type.value)>"
        }
    }

    private static func arguments(of name: String, _ prefix: String, _ suffix: String) -> [Int]? {
        guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
        let parts = name.dropFirst(prefix.count).dropLast(suffix.count)
            .split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0.trimming(" ")) }
        return numbers.count == parts.count ? numbers : nil
    }
}

extension Substring {
    func trimming(_ character: Character) -> Substring {
        var text = drop { $0 == character }
        while text.last == character { text.removeLast() }
        return text
    }
}
