extension TableMetadataBuilder {
    mutating func add(_ schema: Schema) throws {
        try schema.checkUniqueness(path: "schema")
        if let same = metadata.schemas.first(where: { $0.isSame(as: schema) }) {
            lastAddedSchemaID = same.id
            return
        }
        var added = schema
        added.id = (metadata.schemas.map(\.id).max() ?? -1) + 1
        metadata.schemas.append(added)
        metadata.lastColumnID = max(metadata.lastColumnID, schema.highestFieldID)
        lastAddedSchemaID = added.id
    }

    mutating func setCurrentSchema(_ id: Int) throws {
        let id = try resolve(id, lastAddedSchemaID, "schema")
        guard let schema = metadata.schema(id: id) else { throw Self.invalid("the table has no schema \(id)") }
        metadata.currentSchemaID = id
        if let spec = metadata.partitionSpec(id: metadata.defaultSpecID) { try check(spec, in: schema) }
        if let order = metadata.sortOrder(id: metadata.defaultSortOrderID) { try check(order, in: schema) }
    }

    mutating func add(_ spec: PartitionSpec) throws {
        var added = spec
        try check(added, in: currentSchema())
        if let same = metadata.partitionSpecs.first(where: { $0.isSame(as: spec) }) {
            lastAddedSpecID = same.id
            return
        }
        assignFieldIDs(&added)
        guard Set(added.fields.map(\.fieldID)).count == added.fields.count else {
            throw Self.invalid("two partition fields have the same id")
        }
        added.id = (metadata.partitionSpecs.map(\.id).max() ?? -1) + 1
        metadata.partitionSpecs.append(added)
        metadata.lastPartitionID = max(metadata.lastPartitionID, added.fields.map(\.fieldID).max() ?? 0)
        lastAddedSpecID = added.id
    }

    /// Gives ids to fields without one: what an earlier spec has for the same value, else a new one.
    private func assignFieldIDs(_ spec: inout PartitionSpec) {
        let known = metadata.partitionSpecs.flatMap(\.fields)
        var last = max(metadata.lastPartitionID, spec.fields.map(\.fieldID).max() ?? 0)
        for position in spec.fields.indices where spec.fields[position].fieldID == 0 {
            let field = spec.fields[position]
            if let same = known.first(where: { $0.sourceID == field.sourceID && $0.transform == field.transform }),
                !spec.fields.contains(where: { $0.fieldID == same.fieldID })
            {
                spec.fields[position].fieldID = same.fieldID
            } else {
                last += 1
                spec.fields[position].fieldID = last
            }
        }
    }

    mutating func setDefaultSpec(_ id: Int) throws {
        let id = try resolve(id, lastAddedSpecID, "partition spec")
        guard metadata.partitionSpec(id: id) != nil else {
            throw Self.invalid("the table has no partition spec \(id)")
        }
        metadata.defaultSpecID = id
    }

    mutating func add(_ order: SortOrder) throws {
        try check(order, in: currentSchema())
        if let same = metadata.sortOrders.first(where: { $0.fields == order.fields }) {
            lastAddedSortOrderID = same.id
            return
        }
        var added = order
        added.id = order.fields.isEmpty ? 0 : max(1, (metadata.sortOrders.map(\.id).max() ?? 0) + 1)
        metadata.sortOrders.append(added)
        lastAddedSortOrderID = added.id
    }

    mutating func setDefaultSortOrder(_ id: Int) throws {
        let id = try resolve(id, lastAddedSortOrderID, "sort order")
        guard metadata.sortOrder(id: id) != nil else { throw Self.invalid("the table has no sort order \(id)") }
        metadata.defaultSortOrderID = id
    }

    /// The schema that specs and orders are checked against: the current one, or the one added last where none is.
    private func currentSchema() throws -> Schema {
        guard let schema = metadata.schema(id: metadata.currentSchemaID) ?? metadata.schemas.last else {
            throw Self.invalid("a schema has to be added before a partition spec or a sort order")
        }
        return schema
    }

    private func check(_ spec: PartitionSpec, in schema: Schema) throws {
        var names: Set<String> = []
        for field in spec.fields {
            guard names.insert(field.name).inserted, !field.name.isEmpty else {
                throw Self.invalid("two partition fields are named \"\(field.name)\"")
            }
            if field.transform == .void { continue }
            guard let source = schema.field(id: field.sourceID) else {
                throw Self.invalid("the partition field \"\(field.name)\" has no column \(field.sourceID)")
            }
            if case .unknown(let name) = field.transform {
                throw IcebergError(.unsupported, "the transform \"\(name)\" is not supported")
            }
            guard field.transform.resultType(of: source.type) != nil else {
                throw Self.invalid("\(field.transform) does not take a \(source.type), as \"\(source.name)\" is")
            }
            if let column = schema.field(named: field.name),
                column.id != field.sourceID || field.transform != .identity
            {
                throw Self.invalid("the partition field \"\(field.name)\" has the name of a column")
            }
        }
    }

    private func check(_ order: SortOrder, in schema: Schema) throws {
        for field in order.fields {
            guard let source = schema.field(id: field.sourceID) else {
                throw Self.invalid("a sort field has no column \(field.sourceID)")
            }
            guard field.transform.resultType(of: source.type) != nil else {
                throw Self.invalid("\(field.transform) does not take a \(source.type), as \"\(source.name)\" is")
            }
        }
    }

    private func resolve(_ id: Int, _ lastAdded: Int?, _ what: String) throws -> Int {
        guard id == -1 else { return id }
        guard let lastAdded else { throw Self.invalid("no \(what) has been added that -1 could mean") }
        return lastAdded
    }
}
