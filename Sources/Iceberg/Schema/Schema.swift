public import JSONTree

/// A schema of a table.
public struct Schema: Sendable, Hashable {
    /// The id of the schema within its table.
    public var id: Int
    /// The columns, in order.
    public var fields: [NestedField]
    /// The ids of the fields that identify a row.
    public var identifierFieldIDs: [Int]
    /// Members of the JSON form that this library does not know.
    public var extra: JSONObject

    /// A schema.
    public init(id: Int = 0, fields: [NestedField], identifierFieldIDs: [Int] = [], extra: JSONObject = [:]) {
        self.id = id
        self.fields = fields
        self.identifierFieldIDs = identifierFieldIDs
        self.extra = extra
    }

    /// The highest field id at any depth; 0 without fields.
    public var highestFieldID: Int {
        var highest = 0
        visit { field, _ in highest = max(highest, field.id) }
        return highest
    }

    /// Every field at any depth by its id.
    public var fieldsByID: [Int: NestedField] {
        var fields: [Int: NestedField] = [:]
        visit { field, _ in fields[field.id] = field }
        return fields
    }

    /// Every field at any depth by its full name, such as `address.street` or `tags.element`.
    public var fieldsByName: [String: NestedField] {
        var fields: [String: NestedField] = [:]
        visit { field, name in fields[name] = field }
        return fields
    }

    /// The full name of every field by its id.
    public var namesByID: [Int: String] {
        var names: [Int: String] = [:]
        visit { field, name in names[field.id] = name }
        return names
    }

    /// The field with this id at any depth.
    public func field(id: Int) -> NestedField? {
        Self.find(id, in: fields)
    }

    /// The field with this full name.
    public func field(named name: String) -> NestedField? {
        fields.first { $0.name == name } ?? fieldsByName[name]
    }

    /// Calls a closure with every field at any depth and its full name, parents before their children.
    public func visit(_ body: (NestedField, String) -> Void) {
        Self.visit(fields, prefix: "", body)
    }

    /// Whether both schemas describe the same columns, whatever their ids as schemas.
    public func isSame(as other: Schema) -> Bool {
        fields == other.fields && Set(identifierFieldIDs) == Set(other.identifierFieldIDs)
    }

    private static func visit(_ fields: [NestedField], prefix: String, _ body: (NestedField, String) -> Void) {
        for field in fields {
            let name = prefix + field.name
            body(field, name)
            if !field.type.isPrimitive { visit(field.type.children, prefix: name + ".", body) }
        }
    }

    private static func find(_ id: Int, in fields: [NestedField]) -> NestedField? {
        for field in fields {
            if field.id == id { return field }
            if !field.type.isPrimitive, let found = find(id, in: field.type.children) { return found }
        }
        return nil
    }
}
