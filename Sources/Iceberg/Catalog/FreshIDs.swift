/// Gives new ids to the fields of a table that a client asks for, as the reference implementation does: level by level,
/// from 1.
struct FreshIDs {
    private var last = 0
    /// The new id of each old one.
    private(set) var newIDs: [Int: Int] = [:]

    mutating func schema(_ schema: Schema) -> Schema {
        var fresh = schema
        fresh.id = 0
        fresh.fields = fields(schema.fields)
        fresh.identifierFieldIDs = schema.identifierFieldIDs.compactMap { newIDs[$0] }
        return fresh
    }

    private mutating func fields(_ fields: [NestedField]) -> [NestedField] {
        var fresh = fields
        for position in fields.indices { fresh[position].id = next(for: fields[position].id) }
        for position in fields.indices { fresh[position].type = type(fields[position].type) }
        return fresh
    }

    private mutating func type(_ type: IcebergType) -> IcebergType {
        switch type {
        case .struct(var inner):
            inner.fields = fields(inner.fields)
            return .struct(inner)
        case .list(var inner):
            inner.elementID = next(for: inner.elementID)
            inner.element = self.type(inner.element)
            return .list(inner)
        case .map(var inner):
            inner.keyID = next(for: inner.keyID)
            inner.valueID = next(for: inner.valueID)
            inner.key = self.type(inner.key)
            inner.value = self.type(inner.value)
            return .map(inner)
        default:
            return type
        }
    }

    private mutating func next(for old: Int) -> Int {
        last += 1
        newIDs[old] = last
        return last
    }

    func spec(_ spec: PartitionSpec) throws -> PartitionSpec {
        var fresh = spec
        fresh.id = 0
        for position in spec.fields.indices {
            fresh.fields[position].sourceID = try source(spec.fields[position].sourceID)
            fresh.fields[position].fieldID = PartitionSpec.firstFieldID + position
        }
        return fresh
    }

    func order(_ order: SortOrder) throws -> SortOrder {
        var fresh = order
        fresh.id = order.fields.isEmpty ? 0 : 1
        for position in order.fields.indices {
            fresh.fields[position].sourceID = try source(order.fields[position].sourceID)
        }
        return fresh
    }

    private func source(_ old: Int) throws -> Int {
        guard let new = newIDs[old] else {
            throw IcebergError(.invalidArgument, "the schema has no column with the id \(old)")
        }
        return new
    }
}
