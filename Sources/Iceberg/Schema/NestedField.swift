public import JSONTree

/// A field of a schema or of a struct.
public struct NestedField: Sendable, Hashable {
    /// The id, unique in the table and never used again.
    public var id: Int
    /// The name.
    public var name: String
    /// The type.
    public var type: IcebergType
    /// Whether the value may not be null.
    public var required: Bool
    /// The comment.
    public var doc: String?
    /// Members of the JSON form that this library does not know, such as the defaults of format version 3.
    public var extra: JSONObject

    /// A field.
    public init(
        id: Int,
        name: String,
        type: IcebergType,
        required: Bool = false,
        doc: String? = nil,
        extra: JSONObject = [:]
    ) {
        self.id = id
        self.name = name
        self.type = type
        self.required = required
        self.doc = doc
        self.extra = extra
    }
}
