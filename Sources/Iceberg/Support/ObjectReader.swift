import JSONTree

/// Reads the members of a JSON object one by one and knows what was not asked for, so that nothing is lost.
struct ObjectReader {
    let path: String
    private let object: JSONObject
    private var taken: Set<String> = []

    init(_ json: JSON, path: String) throws {
        guard let object = json.objectValue else {
            throw IcebergError(.invalidMetadata, "expected an object, found \(json.kindName)", path: path)
        }
        self.object = object
        self.path = path
    }

    /// The members that nobody asked for.
    var rest: JSONObject {
        JSONObject(object.filter { !taken.contains($0.key) }.map { ($0.key, $0.value) })
    }

    /// The value of a key; `null` counts as absent, as it does in the reference implementation.
    mutating func optional(_ key: String) -> JSON? {
        taken.insert(key)
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    mutating func required(_ key: String) throws -> JSON {
        guard let value = optional(key) else {
            throw IcebergError(.invalidMetadata, "the member \"\(key)\" is missing", path: path)
        }
        return value
    }

    func path(of key: String) -> String {
        "\(path).\(key)"
    }

    mutating func string(_ key: String) throws -> String {
        try expect(required(key).stringValue, "a string", key)
    }

    mutating func optionalString(_ key: String) throws -> String? {
        guard let value = optional(key) else { return nil }
        return try expect(value.stringValue, "a string", key)
    }

    mutating func int(_ key: String) throws -> Int {
        try expect(required(key).intValue, "an integer", key)
    }

    mutating func optionalInt(_ key: String) throws -> Int? {
        guard let value = optional(key) else { return nil }
        return try expect(value.intValue, "an integer", key)
    }

    mutating func int64(_ key: String) throws -> Int64 {
        try expect(required(key).int64Value, "an integer", key)
    }

    mutating func optionalInt64(_ key: String) throws -> Int64? {
        guard let value = optional(key) else { return nil }
        return try expect(value.int64Value, "an integer", key)
    }

    mutating func bool(_ key: String) throws -> Bool {
        try expect(required(key).boolValue, "a boolean", key)
    }

    mutating func optionalBool(_ key: String) throws -> Bool? {
        guard let value = optional(key) else { return nil }
        return try expect(value.boolValue, "a boolean", key)
    }

    /// The elements of an array, each read by a closure that is given its path.
    mutating func array<Element>(_ key: String, _ read: (JSON, String) throws -> Element) throws -> [Element] {
        let elements = try expect(required(key).arrayValue, "an array", key)
        return try elements.enumerated().map { try read($1, "\(path(of: key))[\($0)]") }
    }

    mutating func optionalArray<Element>(
        _ key: String,
        _ read: (JSON, String) throws -> Element
    ) throws -> [Element]? {
        guard optional(key) != nil else { return nil }
        return try array(key, read)
    }

    mutating func optionalInts(_ key: String) throws -> [Int]? {
        try optionalArray(key) { json, path in
            guard let value = json.intValue else {
                throw IcebergError(.invalidMetadata, "expected an integer, found \(json.kindName)", path: path)
            }
            return value
        }
    }

    mutating func optionalStrings(_ key: String) throws -> [String]? {
        try optionalArray(key) { json, path in
            guard let value = json.stringValue else {
                throw IcebergError(.invalidMetadata, "expected a string, found \(json.kindName)", path: path)
            }
            return value
        }
    }

    /// A map of strings; absent counts as empty.
    mutating func stringMap(_ key: String) throws -> [String: String] {
        guard let value = optional(key) else { return [:] }
        let members = try expect(value.objectValue, "an object", key)
        var map: [String: String] = [:]
        for (name, value) in members {
            guard let text = value.stringValue else {
                throw IcebergError(
                    .invalidMetadata,
                    "expected a string, found \(value.kindName)",
                    path: "\(path(of: key)).\(name)"
                )
            }
            map[name] = text
        }
        return map
    }

    private func expect<Value>(_ value: Value?, _ kind: String, _ key: String) throws -> Value {
        guard let value else {
            let found = object[key].map(\.kindName) ?? "nothing"
            throw IcebergError(.invalidMetadata, "expected \(kind), found \(found)", path: path(of: key))
        }
        return value
    }
}

extension JSON {
    /// An object of strings, ordered by key so that the same map is always written the same way.
    init(_ map: [String: String]) {
        self = .object(JSONObject(map.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }

    init(_ value: Int) {
        self = .integer(Int64(value))
    }

    init(_ values: [Int]) {
        self = .array(values.map { JSON($0) })
    }
}

extension JSONObject {
    /// Adds the members that were kept from reading.
    mutating func add(_ extra: JSONObject) {
        for (key, value) in extra where !contains(key) {
            self[key] = value
        }
    }
}
