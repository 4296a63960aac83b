public import JSONTree

/// One field of a partition spec.
public struct PartitionField: Sendable, Hashable {
    /// The id of the column that the value comes from.
    public var sourceID: Int
    /// The id of the partition field, unique in the table; 1000 or more.
    public var fieldID: Int
    /// The name of the partition field.
    public var name: String
    /// How the value comes from the column's.
    public var transform: Transform
    /// Members of the JSON form that this library does not know.
    public var extra: JSONObject

    /// A partition field.
    public init(sourceID: Int, fieldID: Int, name: String, transform: Transform, extra: JSONObject = [:]) {
        self.sourceID = sourceID
        self.fieldID = fieldID
        self.name = name
        self.transform = transform
        self.extra = extra
    }

    init(json: JSON, path: String, defaultFieldID: Int?) throws {
        var reader = try ObjectReader(json, path: path)
        sourceID = try reader.int("source-id")
        if let id = try reader.optionalInt("field-id") ?? defaultFieldID {
            fieldID = id
        } else {
            fieldID = try reader.int("field-id")
        }
        name = try reader.string("name")
        transform = Transform(try reader.string("transform"))
        extra = reader.rest
    }

    var json: JSON {
        var object: JSONObject = [
            "source-id": JSON(sourceID), "field-id": JSON(fieldID), "name": .string(name),
            "transform": .string(transform.description),
        ]
        object.add(extra)
        return .object(object)
    }
}

/// How rows are divided into partitions.
public struct PartitionSpec: Sendable, Hashable {
    /// The id of the first partition field of a table.
    static let firstFieldID = 1000

    /// The id of the spec within its table.
    public var id: Int
    /// The fields, in order.
    public var fields: [PartitionField]
    /// Members of the JSON form that this library does not know.
    public var extra: JSONObject

    /// A spec.
    public init(id: Int = 0, fields: [PartitionField] = [], extra: JSONObject = [:]) {
        self.id = id
        self.fields = fields
        self.extra = extra
    }

    /// The spec of tables without partitions.
    public static let unpartitioned = PartitionSpec()

    /// Whether every row is in the same partition.
    public var isUnpartitioned: Bool {
        fields.allSatisfy { $0.transform == .void }
    }

    /// Reads a spec from its JSON form.
    ///
    /// - Throws: ``IcebergError`` with the path of what is wrong.
    public init(json: JSON, path: String = "$") throws {
        var reader = try ObjectReader(json, path: path)
        id = try reader.optionalInt("spec-id") ?? 0
        fields = try Self.fields(of: &reader)
        extra = reader.rest
    }

    /// Reads the fields; those without ids, as format version 1 and new specs have them, are numbered.
    static func fields(of reader: inout ObjectReader) throws -> [PartitionField] {
        var next = firstFieldID
        return try reader.array("fields") { json, path in
            defer { next += 1 }
            return try PartitionField(json: json, path: path, defaultFieldID: next)
        }
    }

    /// The JSON form.
    public var json: JSON {
        var object: JSONObject = ["spec-id": JSON(id), "fields": .array(fields.map(\.json))]
        object.add(extra)
        return .object(object)
    }

    /// The types of the partition values, in the order of the fields.
    ///
    /// The type of a value whose column has been dropped is unknown and given as `nil`.
    public func resultTypes(in schema: Schema) -> [IcebergType?] {
        fields.map { field in
            schema.field(id: field.sourceID).flatMap { field.transform.resultType(of: $0.type) }
        }
    }

    /// Whether both divide rows the same way under the same names, whatever their ids.
    public func isSame(as other: PartitionSpec) -> Bool {
        fields.count == other.fields.count
            && zip(fields, other.fields).allSatisfy {
                $0.sourceID == $1.sourceID && $0.transform == $1.transform && $0.name == $1.name
            }
    }
}
