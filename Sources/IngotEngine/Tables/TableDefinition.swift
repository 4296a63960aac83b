import Iceberg
import IngotCore
import IngotProject

/// What a table should look like: its columns in order, how it is divided, and what it says of itself.
struct TableDefinition {
    /// A column, before it has an id.
    struct Column {
        var name: String
        var type: DataType
        var description: String?
    }

    var name: TableName
    var columns: [Column]
    var partitionBy: [IngotProject.PartitionField] = []
    var properties: [String: String] = [:]
    /// Whether the columns are exactly these: the table is computed, and no earlier row has to be kept.
    var isReplaced = false

    /// The schema and spec of a table that does not exist yet.
    func create() throws -> (schema: Schema, spec: PartitionSpec) {
        let schema = newSchema
        return (schema, try spec(id: 0, schema: schema))
    }

    /// The schema of a table that does not exist yet.
    var newSchema: Schema {
        var ids = FieldIDs(after: 0)
        // Columns first, so that they have the ids 1 to n in order, as people expect.
        let numbers = columns.map { _ in ids.next() }
        let fields = zip(numbers, columns).map { id, column in
            NestedField(
                id: id,
                name: column.name,
                type: IcebergType(column.type, ids: &ids),
                doc: column.description
            )
        }
        return Schema(id: 0, fields: fields)
    }

    /// The schema that a table's present one becomes: with new columns at its end, wider types, new comments.
    ///
    /// Columns that the definition no longer has stay, and are NULL in new rows.
    /// - Returns: `nil` if nothing changes.
    /// - Throws: `IngotError` with `incompatibleColumn` where a type cannot become the new one.
    func evolve(_ current: Schema, lastColumnID: Int, newID: Int) throws -> Schema? {
        guard !isReplaced else { return replace(current, lastColumnID: lastColumnID, newID: newID) }
        var ids = FieldIDs(after: lastColumnID)
        var schema = current
        for column in columns {
            guard let position = schema.fields.firstIndex(where: { $0.name == column.name }) else {
                try checkIsNew(column, in: current)
                let id = ids.next()
                schema.fields.append(
                    NestedField(
                        id: id,
                        name: column.name,
                        type: IcebergType(column.type, ids: &ids),
                        doc: column.description
                    )
                )
                continue
            }
            var unused = FieldIDs(after: lastColumnID)
            let wanted = IcebergType(column.type, ids: &unused)
            let present = schema.fields[position].type
            if present.sql != wanted.sql {
                guard present.canBecome(wanted), present.isPrimitive else {
                    throw IngotError(
                        .incompatibleColumn,
                        "the column \(column.name) of \(name) is \(present.sql) and cannot become \(wanted.sql)",
                        hint: "give the column a new name, or keep its type"
                    )
                }
                schema.fields[position].type = wanted
            }
            if let description = column.description { schema.fields[position].doc = description }
        }
        let own = Set(columns.map(\.name))
        for position in schema.fields.indices where !own.contains(schema.fields[position].name) {
            // What is NULL in new rows cannot be required, as another engine may have made it.
            schema.fields[position].required = false
        }
        guard schema.fields != current.fields else { return nil }
        schema.id = newID
        return schema
    }

    /// Refuses a new column beside one of another engine's whose name SQL does not tell from it.
    private func checkIsNew(_ column: Column, in schema: Schema) throws {
        let folded = column.name.lowercased()
        guard let other = schema.fields.first(where: { $0.name.lowercased() == folded }) else { return }
        throw IngotError(
            .incompatibleColumn,
            "\(name) has a column \(other.name), whose name differs from \(column.name) in case only",
            hint: "rename the column with the engine that made it"
        )
    }

    /// Exactly the definition's columns; those that stay as they are keep their ids.
    private func replace(_ current: Schema, lastColumnID: Int, newID: Int) -> Schema? {
        var ids = FieldIDs(after: lastColumnID)
        var schema = current
        schema.fields = columns.map { column in
            var unused = FieldIDs(after: lastColumnID)
            let wanted = IcebergType(column.type, ids: &unused)
            if var kept = current.fields.first(where: { $0.name == column.name && $0.type.sql == wanted.sql }) {
                kept.doc = column.description ?? kept.doc
                return kept
            }
            let id = ids.next()
            return NestedField(
                id: id,
                name: column.name,
                type: IcebergType(column.type, ids: &ids),
                doc: column.description
            )
        }
        guard schema.fields != current.fields else { return nil }
        schema.id = newID
        return schema
    }

    /// The partition spec over a schema.
    func spec(id: Int, schema: Schema) throws -> PartitionSpec {
        let fields = try partitionBy.enumerated().map { number, field in
            guard let source = schema.fields.first(where: { $0.name == field.column.value }) else {
                throw IngotError(
                    .unknownPartitionColumn,
                    "the partition column \(field.column) is not a column of \(name)",
                    at: field.column.location
                )
            }
            return Iceberg.PartitionField(
                sourceID: source.id,
                fieldID: 1000 + number,
                name: field.partitionName,
                transform: field.icebergTransform
            )
        }
        return PartitionSpec(id: id, fields: fields)
    }
}

extension IngotProject.PartitionField {
    /// The name of the partition's folder: the column itself, or Iceberg's name for the transform.
    var partitionName: String {
        switch transform {
        case .identity: column.value
        case .year: "\(column.value)_year"
        case .month: "\(column.value)_month"
        case .day: "\(column.value)_day"
        case .hour: "\(column.value)_hour"
        case .bucket: "\(column.value)_bucket"
        case .truncate: "\(column.value)_trunc"
        }
    }

    var icebergTransform: Iceberg.Transform {
        switch transform {
        case .identity: .identity
        case .year: .year
        case .month: .month
        case .day: .day
        case .hour: .hour
        case .bucket(let count): .bucket(count)
        case .truncate(let width): .truncate(width)
        }
    }
}
