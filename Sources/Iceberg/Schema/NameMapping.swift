public import JSONTree

/// Field ids by column names, for data files that carry no field ids (`schema.name-mapping.default`).
public struct NameMapping: Sendable, Hashable {
    /// The names of one field and of the fields beneath it.
    public struct Field: Sendable, Hashable {
        /// The field id; `nil` for names that are known to be no field.
        public var fieldID: Int?
        /// The names that mean the field.
        public var names: [String]
        /// The fields beneath.
        public var fields: [Field]
        /// Members of the JSON form that this library does not know.
        public var extra: JSONObject

        /// A mapping of one field.
        public init(fieldID: Int?, names: [String], fields: [Field] = [], extra: JSONObject = [:]) {
            self.fieldID = fieldID
            self.names = names
            self.fields = fields
            self.extra = extra
        }
    }

    /// The fields at the top.
    public var fields: [Field]

    /// A mapping of these fields.
    public init(fields: [Field]) {
        self.fields = fields
    }

    /// The mapping of a schema's own names.
    public init(schema: Schema) {
        fields = schema.fields.map(Field.init(field:))
    }

    /// Reads a mapping from its JSON form.
    ///
    /// - Throws: ``IcebergError`` with the path of what is wrong.
    public init(json: JSON, path: String = "$") throws {
        guard let elements = json.arrayValue else {
            throw IcebergError(.invalidMetadata, "expected an array, found \(json.kindName)", path: path)
        }
        fields = try elements.enumerated().map { try Field(json: $1, path: "\(path)[\($0)]") }
    }

    /// The JSON form.
    public var json: JSON {
        .array(fields.map(\.json))
    }

    /// The field id of a path of names; `nil` where the mapping does not know it.
    public func fieldID(of path: [String]) -> Int? {
        var level = fields
        var id: Int?
        for name in path {
            guard let field = level.first(where: { $0.names.contains(name) }) else { return nil }
            id = field.fieldID
            level = field.fields
        }
        return id
    }
}

extension NameMapping.Field {
    init(field: NestedField) {
        self.init(fieldID: field.id, names: [field.name], fields: field.type.children.map(Self.init(field:)))
    }

    init(json: JSON, path: String) throws {
        var reader = try ObjectReader(json, path: path)
        fieldID = try reader.optionalInt("field-id")
        names = try reader.optionalStrings("names") ?? []
        fields = try reader.optionalArray("fields") { try Self(json: $0, path: $1) } ?? []
        extra = reader.rest
    }

    var json: JSON {
        var object = JSONObject()
        object["field-id"] = fieldID.map { JSON($0) }
        object["names"] = .array(names.map(JSON.string))
        if !fields.isEmpty { object["fields"] = .array(fields.map(\.json)) }
        object.add(extra)
        return .object(object)
    }
}
