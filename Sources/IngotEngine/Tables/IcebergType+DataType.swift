import DuckDB
import Iceberg
import IngotProject

/// Gives out field ids.
struct FieldIDs {
    private(set) var last: Int

    init(after last: Int) {
        self.last = last
    }

    mutating func next() -> Int {
        last += 1
        return last
    }
}

extension IcebergType {
    /// The type of a table's column for a type of a project file.
    init(_ type: DataType, ids: inout FieldIDs) {
        switch type {
        case .boolean: self = .boolean
        case .integer: self = .int
        case .bigint: self = .long
        case .float: self = .float
        case .double: self = .double
        case .decimal(let precision, let scale): self = .decimal(precision: precision, scale: scale)
        case .varchar, .json: self = .string
        case .date: self = .date
        case .time: self = .time
        case .timestamp: self = .timestamp
        case .timestamptz: self = .timestamptz
        case .uuid: self = .uuid
        case .blob: self = .binary
        case .list(let element):
            let id = ids.next()
            self = .list(ListType(elementID: id, element: IcebergType(element, ids: &ids)))
        case .structure(let fields):
            self = .struct(
                StructType(
                    fields: fields.map { field in
                        NestedField(id: ids.next(), name: field.name, type: IcebergType(field.type, ids: &ids))
                    }
                )
            )
        case .map(let key, let value):
            let (keyID, valueID) = (ids.next(), ids.next())
            let keyType = IcebergType(key, ids: &ids)
            self = .map(
                MapType(keyID: keyID, key: keyType, valueID: valueID, value: IcebergType(value, ids: &ids))
            )
        }
    }

    /// Whether a column of this type may become one of the other: the promotions that the table format allows.
    func canBecome(_ other: IcebergType) -> Bool {
        switch (self, other) {
        case (.int, .long), (.float, .double): true
        case (.decimal(let precision, let scale), .decimal(let newPrecision, let newScale)):
            scale == newScale && newPrecision >= precision
        case (.list(let old), .list(let new)): old.element.canBecome(new.element)
        case (.map(let old), .map(let new)): old.key.canBecome(new.key) && old.value.canBecome(new.value)
        case (.struct(let old), .struct(let new)):
            old.fields.allSatisfy { field in
                new.fields.contains { $0.name == field.name && field.type.canBecome($0.type) }
            }
        default: self == other
        }
    }

    /// The type in DuckDB's SQL.
    var sql: String {
        switch self {
        case .boolean: "BOOLEAN"
        case .int: "INTEGER"
        case .long: "BIGINT"
        case .float: "FLOAT"
        case .double: "DOUBLE"
        case .decimal(let precision, let scale): "DECIMAL(\(precision),\(scale))"
        case .date: "DATE"
        case .time: "TIME"
        case .timestamp: "TIMESTAMP"
        case .timestamptz: "TIMESTAMP WITH TIME ZONE"
        case .string: "VARCHAR"
        case .uuid: "UUID"
        case .fixed, .binary: "BLOB"
        case .struct(let type):
            "STRUCT(" + type.fields.map { "\(SQL.identifier($0.name)) \($0.type.sql)" }.joined(separator: ", ") + ")"
        case .list(let type): "\(type.element.sql)[]"
        case .map(let type): "MAP(\(type.key.sql), \(type.value.sql))"
        }
    }
}
