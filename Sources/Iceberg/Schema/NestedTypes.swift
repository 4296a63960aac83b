public import JSONTree

/// A struct type: a tuple of named fields.
public struct StructType: Sendable, Hashable {
    /// The fields, in order.
    public var fields: [NestedField]
    /// Members of the JSON form that this library does not know.
    public var extra: JSONObject

    /// A struct type of these fields.
    public init(fields: [NestedField], extra: JSONObject = [:]) {
        self.fields = fields
        self.extra = extra
    }
}

/// A list type.
public struct ListType: Sendable, Hashable {
    /// The field id of the element.
    public var elementID: Int
    /// The type of the elements.
    public var element: IcebergType
    /// Whether no element may be null.
    public var elementRequired: Bool
    /// Members of the JSON form that this library does not know.
    public var extra: JSONObject

    /// A list type.
    public init(elementID: Int, element: IcebergType, elementRequired: Bool = false, extra: JSONObject = [:]) {
        self.elementID = elementID
        self.element = element
        self.elementRequired = elementRequired
        self.extra = extra
    }

    var elementField: NestedField {
        NestedField(id: elementID, name: "element", type: element, required: elementRequired)
    }
}

/// A map type.
public struct MapType: Sendable, Hashable {
    /// The field id of the key.
    public var keyID: Int
    /// The type of the keys.
    public var key: IcebergType
    /// The field id of the value.
    public var valueID: Int
    /// The type of the values.
    public var value: IcebergType
    /// Whether no value may be null.
    public var valueRequired: Bool
    /// Members of the JSON form that this library does not know.
    public var extra: JSONObject

    /// A map type.
    public init(
        keyID: Int,
        key: IcebergType,
        valueID: Int,
        value: IcebergType,
        valueRequired: Bool = false,
        extra: JSONObject = [:]
    ) {
        self.keyID = keyID
        self.key = key
        self.valueID = valueID
        self.value = value
        self.valueRequired = valueRequired
        self.extra = extra
    }

    var keyField: NestedField {
        NestedField(id: keyID, name: "key", type: key, required: true)
    }

    var valueField: NestedField {
        NestedField(id: valueID, name: "value", type: value, required: valueRequired)
    }
}
