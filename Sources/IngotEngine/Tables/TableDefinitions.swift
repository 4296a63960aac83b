import IngotCore
import IngotProject

extension TableDefinition {
    /// The silver table of a contract.
    static func silver(_ table: SilverTable, newColumns: [String], rescued: String?) -> TableDefinition {
        var columns = table.columns.map { column in
            Column(name: column.name.value, type: column.dataType.value, description: column.description)
        }
        if let rescued {
            columns.append(
                Column(name: rescued, type: .varchar, description: "Fields that no column reads, as a JSON object.")
            )
        }
        columns += SystemColumns.silver(sourceRow: table.keepsSourceRow)
        columns += newColumns.map { Column(name: $0, type: .varchar) }
        return TableDefinition(
            name: table.table.value,
            columns: columns,
            partitionBy: table.partitionBy,
            properties: table.properties
        )
    }

    /// The table of rejected rows.
    static func quarantine(_ name: TableName) -> TableDefinition {
        let reason = DataType.structure([
            .init(name: "rule", type: .varchar), .init(name: "column", type: .varchar),
            .init(name: "message", type: .varchar),
        ])
        return TableDefinition(
            name: name,
            columns: SystemColumns.quarantine + [
                Column(name: "raw", type: .varchar, description: "The record as it was read."),
                Column(name: "reasons", type: .list(reason), description: "Why the row was rejected."),
            ]
        )
    }

    /// The ledger's history, from which the state can be rebuilt: one row for each change of an object's state.
    static let objects = TableDefinition(
        name: TableName(namespace: "ops", name: "objects"),
        columns: [
            Column(name: "source", type: .varchar, description: "The pipeline."),
            Column(name: "key", type: .varchar, description: "The object's name under the source."),
            Column(name: "version", type: .varchar, description: "The object's version."),
            Column(name: "state", type: .varchar, description: "The object's state from this commit on."),
            Column(name: "load_id", type: .varchar, description: "The batch that changed it."),
            Column(name: "run_id", type: .varchar, description: "The attempt that changed it."),
            Column(name: "bronze", type: .varchar, description: "Where the object's exact bytes lie."),
            Column(name: "size", type: .bigint, description: "The object's size in bytes."),
            Column(name: "modified_at", type: .timestamptz, description: "When the object was last modified."),
            Column(name: "rows_read", type: .bigint, description: "Records in the object."),
            Column(name: "rows_silver", type: .bigint, description: "Rows accepted."),
            Column(name: "rows_quarantined", type: .bigint, description: "Rows rejected and kept."),
            Column(name: "rows_skipped", type: .bigint, description: "Rows rejected and dropped."),
            Column(name: "error", type: .varchar, description: "Why it was quarantined whole or failed."),
            Column(name: "recorded_at", type: .timestamptz, description: "When the state changed."),
            Column(name: "seen_at", type: .timestamptz, description: "When the object was seen."),
            Column(name: "change", type: .varchar, description: "settled, restored, displaced or recounted."),
            Column(name: "arrival", type: .bigint, description: "Which of its key's arrivals the object was."),
        ]
    )
}
