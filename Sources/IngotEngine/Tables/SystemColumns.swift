import IngotProject

/// The columns that Ingot adds to the tables which it fills from objects.
enum SystemColumns {
    static let sourceFile = "_source_file"
    static let sourceVersion = "_source_version"
    static let sourceRow = "_source_row"
    static let loadID = "_load_id"
    static let ingestedAt = "_ingested_at"

    /// The names of all of them.
    static let names: Set<String> = [sourceFile, sourceVersion, sourceRow, loadID, ingestedAt]

    private static let file = TableDefinition.Column(
        name: sourceFile,
        type: .varchar,
        description: "The object that the row came from."
    )
    private static let version = TableDefinition.Column(
        name: sourceVersion,
        type: .varchar,
        description: "The version of the object: its content's SHA-256, or the store's version id."
    )
    private static let row = TableDefinition.Column(
        name: sourceRow,
        type: .bigint,
        description: "The record's number in the object, from 1; the header is not counted."
    )
    private static let load = TableDefinition.Column(
        name: loadID,
        type: .varchar,
        description: "The batch that brought the row."
    )
    private static let time = TableDefinition.Column(
        name: ingestedAt,
        type: .timestamptz,
        description: "When the batch was taken in."
    )

    /// What a silver table has.
    static func silver(sourceRow: Bool) -> [TableDefinition.Column] {
        sourceRow ? [file, version, row, load, time] : [file, version, load, time]
    }

    /// What a quarantine table has besides `raw` and `reasons`.
    static let quarantine = [file, version, row, load, time]
}
