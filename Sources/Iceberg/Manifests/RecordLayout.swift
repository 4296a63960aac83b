/// Where the fields of a record are in the order of its writer: by field id, else by name.
struct RecordLayout {
    private var byID: [Int: Int] = [:]
    private var byName: [String: Int] = [:]
    let schema: AvroSchema

    init(_ schema: AvroSchema) throws {
        self.schema = schema.unwrapped
        guard case .record(_, let fields) = self.schema.kind else {
            throw IcebergError(.corruptFile, "the Avro schema has no record where one is expected")
        }
        for (position, field) in fields.enumerated() {
            if let id = field.fieldID { byID[id] = position }
            byName[field.name] = position
        }
    }

    func position(_ id: Int, _ name: String) -> Int? {
        byID[id] ?? byName[name].flatMap { schema.fields[$0].fieldID == nil ? $0 : nil }
    }

    func required(_ id: Int, _ name: String) throws -> Int {
        guard let position = position(id, name) else {
            throw IcebergError(.corruptFile, "the file's schema has no field \"\(name)\" (\(id))")
        }
        return position
    }

    func schema(at position: Int) -> AvroSchema {
        schema.fields[position].schema
    }
}

extension Array where Element == AvroValue {
    /// The value at the position of a field that the writer may not have.
    subscript(optional position: Int?) -> AvroValue? {
        guard let position, self[position] != .null else { return nil }
        return self[position]
    }

    func integer(_ position: Int) throws -> Int64 {
        guard let value = self[position].integer else {
            throw IcebergError(.corruptFile, "an Avro field does not hold the integer that it should")
        }
        return value
    }

    func string(_ position: Int) throws -> String {
        guard let value = self[position].string else {
            throw IcebergError(.corruptFile, "an Avro field does not hold the text that it should")
        }
        return value
    }
}
