public import JSONTree

extension NestedField {
    init(json: JSON, path: String, depth: Int) throws {
        var reader = try ObjectReader(json, path: path)
        id = try reader.int("id")
        name = try reader.string("name")
        type = try IcebergType(json: reader.required("type"), path: reader.path(of: "type"), depth: depth)
        required = try reader.bool("required")
        doc = try reader.optionalString("doc")
        extra = reader.rest
    }

    var json: JSON {
        var object: JSONObject = [
            "id": JSON(id), "name": .string(name), "required": .bool(required), "type": type.json,
        ]
        object["doc"] = doc.map(JSON.string)
        object.add(extra)
        return .object(object)
    }
}

extension Schema {
    /// Reads a schema from its JSON form.
    ///
    /// - Throws: ``IcebergError`` with the path of what is wrong.
    public init(json: JSON, path: String = "$") throws {
        var reader = try ObjectReader(json, path: path)
        guard try reader.optionalString("type") ?? "struct" == "struct" else {
            throw IcebergError(.invalidMetadata, "a schema is a struct", path: reader.path(of: "type"))
        }
        id = try reader.optionalInt("schema-id") ?? 0
        fields = try reader.array("fields") { try NestedField(json: $0, path: $1, depth: 0) }
        identifierFieldIDs = try reader.optionalInts("identifier-field-ids") ?? []
        extra = reader.rest
        try checkUniqueness(path: path)
    }

    /// The JSON form.
    public var json: JSON {
        var object: JSONObject = ["type": "struct", "schema-id": JSON(id)]
        if !identifierFieldIDs.isEmpty { object["identifier-field-ids"] = JSON(identifierFieldIDs) }
        object["fields"] = .array(fields.map(\.json))
        object.add(extra)
        return .object(object)
    }

    /// Checks that no id and no full name occurs twice and that identifier fields exist.
    func checkUniqueness(path: String) throws {
        var names: [Int: String] = [:]
        var seen: Set<String> = []
        var problem: String?
        visit { field, name in
            if let other = names.updateValue(name, forKey: field.id) {
                problem = problem ?? "the fields \"\(other)\" and \"\(name)\" have the same id \(field.id)"
            }
            if !seen.insert(name).inserted { problem = problem ?? "two fields are named \"\(name)\"" }
        }
        if let id = identifierFieldIDs.first(where: { names[$0] == nil }) {
            problem = problem ?? "the identifier field \(id) does not exist"
        }
        if let problem { throw IcebergError(.invalidMetadata, problem, path: path) }
    }
}
