public import JSONTree

/// One field of a sort order.
public struct SortField: Sendable, Hashable {
    /// The direction of a sort field.
    public enum Direction: String, Sendable, Hashable {
        /// Small values first.
        case ascending = "asc"
        /// Great values first.
        case descending = "desc"
    }

    /// Where nulls go.
    public enum NullOrder: String, Sendable, Hashable {
        /// Before all values.
        case first = "nulls-first"
        /// After all values.
        case last = "nulls-last"
    }

    /// The id of the column that the value comes from.
    public var sourceID: Int
    /// How the value comes from the column's.
    public var transform: Transform
    /// The direction.
    public var direction: Direction
    /// Where nulls go.
    public var nullOrder: NullOrder
    /// Members of the JSON form that this library does not know.
    public var extra: JSONObject

    /// A sort field.
    public init(
        sourceID: Int,
        transform: Transform = .identity,
        direction: Direction = .ascending,
        nullOrder: NullOrder = .first,
        extra: JSONObject = [:]
    ) {
        self.sourceID = sourceID
        self.transform = transform
        self.direction = direction
        self.nullOrder = nullOrder
        self.extra = extra
    }

    init(json: JSON, path: String) throws {
        var reader = try ObjectReader(json, path: path)
        sourceID = try reader.int("source-id")
        transform = Transform(try reader.string("transform"))
        let directionName = try reader.string("direction")
        guard let direction = Direction(rawValue: directionName.lowercased()) else {
            throw IcebergError(
                .invalidMetadata,
                "\"\(directionName)\" is neither asc nor desc",
                path: reader.path(of: "direction")
            )
        }
        let orderName = try reader.string("null-order")
        guard let nullOrder = NullOrder(rawValue: orderName.lowercased()) else {
            throw IcebergError(
                .invalidMetadata,
                "\"\(orderName)\" is neither nulls-first nor nulls-last",
                path: reader.path(of: "null-order")
            )
        }
        self.direction = direction
        self.nullOrder = nullOrder
        extra = reader.rest
    }

    var json: JSON {
        var object: JSONObject = [
            "transform": .string(transform.description), "source-id": JSON(sourceID),
            "direction": .string(direction.rawValue), "null-order": .string(nullOrder.rawValue),
        ]
        object.add(extra)
        return .object(object)
    }
}

/// How rows are sorted within data files.
public struct SortOrder: Sendable, Hashable {
    /// The id of the order within its table; 0 is always the unsorted order.
    public var id: Int
    /// The fields, the most significant first.
    public var fields: [SortField]
    /// Members of the JSON form that this library does not know.
    public var extra: JSONObject

    /// A sort order.
    public init(id: Int = 0, fields: [SortField] = [], extra: JSONObject = [:]) {
        self.id = id
        self.fields = fields
        self.extra = extra
    }

    /// The order of tables that are not sorted.
    public static let unsorted = SortOrder()

    /// Reads an order from its JSON form.
    ///
    /// - Throws: ``IcebergError`` with the path of what is wrong.
    public init(json: JSON, path: String = "$") throws {
        var reader = try ObjectReader(json, path: path)
        id = try reader.int("order-id")
        fields = try reader.array("fields") { try SortField(json: $0, path: $1) }
        extra = reader.rest
    }

    /// The JSON form.
    public var json: JSON {
        var object: JSONObject = ["order-id": JSON(id), "fields": .array(fields.map(\.json))]
        object.add(extra)
        return .object(object)
    }
}
