public import JSONTree

extension TableRequirement {
    /// Reads a requirement as the REST specification writes it.
    ///
    /// - Throws: ``IcebergError`` with the path of what is wrong.
    public init(json: JSON, path: String = "$") throws {
        var reader = try ObjectReader(json, path: path)
        switch try reader.string("type") {
        case "assert-create": self = .notExists
        case "assert-table-uuid": self = .uuid(try reader.string("uuid"))
        case "assert-ref-snapshot-id":
            self = .reference(try reader.string("ref"), snapshotID: try reader.optionalInt64("snapshot-id"))
        case "assert-last-assigned-field-id":
            self = .lastAssignedFieldID(try reader.int("last-assigned-field-id"))
        case "assert-current-schema-id": self = .currentSchemaID(try reader.int("current-schema-id"))
        case "assert-last-assigned-partition-id":
            // Clients send null for a table that never had a partition field.
            self = .lastAssignedPartitionID(
                try reader.optionalInt("last-assigned-partition-id") ?? PartitionSpec.firstFieldID - 1
            )
        case "assert-default-spec-id": self = .defaultSpecID(try reader.int("default-spec-id"))
        case "assert-default-sort-order-id":
            self = .defaultSortOrderID(try reader.int("default-sort-order-id"))
        case let type:
            throw IcebergError(
                .invalidMetadata,
                "\"\(type)\" is not a requirement that is supported",
                path: reader.path(of: "type")
            )
        }
    }

    /// The requirement as the REST specification writes it.
    public var json: JSON {
        switch self {
        case .notExists: ["type": "assert-create"]
        case .uuid(let uuid): ["type": "assert-table-uuid", "uuid": .string(uuid)]
        case .reference(let name, let id):
            ["type": "assert-ref-snapshot-id", "ref": .string(name), "snapshot-id": id.map(JSON.integer) ?? nil]
        case .lastAssignedFieldID(let id):
            ["type": "assert-last-assigned-field-id", "last-assigned-field-id": JSON(id)]
        case .currentSchemaID(let id): ["type": "assert-current-schema-id", "current-schema-id": JSON(id)]
        case .lastAssignedPartitionID(let id):
            ["type": "assert-last-assigned-partition-id", "last-assigned-partition-id": JSON(id)]
        case .defaultSpecID(let id): ["type": "assert-default-spec-id", "default-spec-id": JSON(id)]
        case .defaultSortOrderID(let id):
            ["type": "assert-default-sort-order-id", "default-sort-order-id": JSON(id)]
        }
    }

    /// Checks the requirement against a table's current metadata; `nil` for a table that does not exist.
    ///
    /// - Throws: ``IcebergError`` with the code `commitConflict`.
    public func check(_ metadata: TableMetadata?) throws {
        guard let metadata else {
            guard case .notExists = self else {
                throw IcebergError(.commitConflict, "Requirement failed: the table does not exist")
            }
            return
        }
        switch self {
        case .notExists:
            throw IcebergError(.commitConflict, "Requirement failed: the table already exists")
        case .uuid(let uuid):
            try expect("the table's UUID", uuid.lowercased(), metadata.uuid?.lowercased() ?? "none")
        case .reference(let name, let id):
            let current = metadata.references[name]?.snapshotID
            try expect(
                "the snapshot of \"\(name)\"",
                id.map { "\($0)" } ?? "none",
                current.map { "\($0)" } ?? "none"
            )
        case .lastAssignedFieldID(let id): try expect("the last assigned field id", id, metadata.lastColumnID)
        case .currentSchemaID(let id): try expect("the current schema", id, metadata.currentSchemaID)
        case .lastAssignedPartitionID(let id):
            try expect("the last assigned partition id", id, metadata.lastPartitionID)
        case .defaultSpecID(let id): try expect("the default partition spec", id, metadata.defaultSpecID)
        case .defaultSortOrderID(let id): try expect("the default sort order", id, metadata.defaultSortOrderID)
        }
    }

    private func expect<Value: Equatable>(_ what: String, _ expected: Value, _ found: Value) throws {
        guard expected == found else {
            throw IcebergError(
                .commitConflict,
                "Requirement failed: \(what) has changed: expected \(expected), found \(found)"
            )
        }
    }
}
