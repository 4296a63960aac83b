import Iceberg
import IngotCore
import IngotProject

/// The schema and partition spec that a batch's files of a table are written with.
struct TableShape: Sendable {
    var definition: TableDefinition
    var schema: Schema
    var spec: PartitionSpec
    /// What has to be told the table before the files fit it; `nil` for a table that does not exist yet.
    var updates: [TableUpdate]?

    /// The shape of a table that is to look like a definition.
    init(_ definition: TableDefinition, table: LakeTable?) throws {
        self.definition = definition
        guard let metadata = table?.metadata else {
            (schema, spec) = try definition.create()
            updates = nil
            return
        }
        var updates: [TableUpdate] = []
        let newSchemaID = (metadata.schemas.map(\.id).max() ?? -1) + 1
        let evolved = try definition.evolve(
            metadata.currentSchema,
            lastColumnID: metadata.lastColumnID,
            newID: newSchemaID
        )
        if let evolved { updates += [.addSchema(evolved), .setCurrentSchema(-1)] }
        schema = evolved ?? metadata.currentSchema
        (spec, self.updates) = try Self.spec(definition, schema, metadata, updates)
    }

    /// The shape of a table that is to stay as it is.
    init(asItIs table: LakeTable) {
        definition = TableDefinition(name: table.name, columns: [])
        schema = table.metadata.currentSchema
        spec = table.metadata.defaultSpec
        updates = []
    }

    /// The spec to write with: the table's own where it divides rows as the definition says, else a new one.
    private static func spec(
        _ definition: TableDefinition,
        _ schema: Schema,
        _ metadata: TableMetadata,
        _ updates: [TableUpdate]
    ) throws -> (PartitionSpec, [TableUpdate]) {
        var wanted = try definition.spec(id: 0, schema: schema)
        if let known = metadata.partitionSpecs.first(where: { $0.isSame(as: wanted) }) {
            guard known.id != metadata.defaultSpecID else { return (known, updates) }
            return (known, updates + [.setDefaultPartitionSpec(known.id)])
        }
        wanted.id = (metadata.partitionSpecs.map(\.id).max() ?? -1) + 1
        for position in wanted.fields.indices {
            let field = wanted.fields[position]
            let known = metadata.partitionSpecs.flatMap(\.fields).first {
                $0.sourceID == field.sourceID && $0.transform == field.transform && $0.name == field.name
            }
            wanted.fields[position].fieldID = known?.fieldID ?? metadata.lastPartitionID + 1 + position
        }
        return (wanted, updates + [.addPartitionSpec(wanted), .setDefaultPartitionSpec(-1)])
    }

    /// Whether files that were written with this shape also fit a newer state of the table, whose own shape is `newer`.
    func isSameLayout(as newer: TableShape) -> Bool {
        let ids = Dictionary(uniqueKeysWithValues: newer.schema.fields.map { ($0.name, $0) })
        return schema.fields.allSatisfy { ids[$0.name]?.id == $0.id && ids[$0.name]?.type == $0.type }
            && spec == newer.spec
    }
}
