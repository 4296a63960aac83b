import Iceberg
import IngotCore
public import IngotProject

extension Engine {
    /// The summary's member that names the batch.
    private static let loadIDMember = "ingot.load-id"

    /// The columns of every table of the lake.
    public func columnsOfTables() async throws -> [TableName: [TableColumn]] {
        var columns: [TableName: [TableColumn]] = [:]
        for name in try await lake.names() {
            columns[name] = try await lake.table(name).map(Self.columns)
        }
        return columns
    }

    /// The tables of the lake, by name.
    public func tables() async throws -> [TableSummary] {
        var tables: [TableSummary] = []
        for name in try await lake.names() {
            if let table = try await lake.table(name) { tables.append(Self.summary(of: table)) }
        }
        return tables
    }

    /// One table.
    ///
    /// It is named as `silver.users`, or as `users`, which is looked for in gold first.
    /// - Throws: `IngotError` with `unknownTable`.
    public func table(named name: String) async throws -> TableDetails {
        let table = try await lakeTable(named: name)
        return TableDetails(
            summary: Self.summary(of: table),
            columns: Self.columns(of: table),
            location: table.metadata.location,
            metadataLocation: table.metadataLocation,
            uuid: table.metadata.uuid,
            properties: table.metadata.properties
        )
    }

    /// The snapshots of one table that are kept, the newest first.
    ///
    /// - Throws: `IngotError` with `unknownTable`.
    public func history(ofTable name: String) async throws -> [TableSnapshot] {
        let metadata = try await lakeTable(named: name).metadata
        return metadata.snapshots.reversed().map { snapshot in
            let count = { (member: String) in snapshot.summary[member].flatMap { Int64($0) } }
            return TableSnapshot(
                id: snapshot.id,
                time: snapshot.timestamp * 1_000_000,
                operation: snapshot.summary["operation"] ?? "unknown",
                addedRows: count("added-records") ?? 0,
                removedRows: count("deleted-records") ?? 0,
                addedFiles: count("added-data-files") ?? 0,
                removedFiles: count("deleted-data-files") ?? 0,
                rows: count("total-records"),
                loadID: snapshot.summary[Self.loadIDMember],
                isCurrent: snapshot.id == metadata.currentSnapshotID
            )
        }
    }

    /// The table that a user names.
    func lakeTable(named name: String) async throws -> LakeTable {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let names = TableNames(services.project, existing: try await lake.names())
        // A name alone is looked for as one under the project's name is.
        let found = names.find(parts.count == 1 ? [services.project.configuration.name.value, name] : parts)
        guard let found else {
            let known = names.kinds.keys.map(\.description).sorted()
            let sameName = known.first { $0.hasSuffix(".\((parts.last ?? "").lowercased())") }
            throw IngotError(
                .unknownTable,
                "there is no table \"\(name)\"",
                hint: sameName ?? NearestMatch.find(name, among: known) ?? "ingot tables"
            )
        }
        if let table = try await lake.table(found) { return table }
        guard case .table? = names.kinds[found] else {
            throw IngotError(
                .unknownTable,
                "\(found) is a view or a seed, which the lake does not keep",
                hint: "ingot query 'DESCRIBE \(found)'"
            )
        }
        throw IngotError(.notComputed, "the table \(found) does not exist yet", hint: "ingot run")
    }

    private static func summary(of table: LakeTable) -> TableSummary {
        let metadata = table.metadata
        let snapshot = metadata.currentSnapshot
        let count = { (member: String) in snapshot?.summary[member].flatMap { Int64($0) } }
        let isEmpty = snapshot == nil
        return TableSummary(
            name: table.name,
            rows: isEmpty ? 0 : count("total-records"),
            files: isEmpty ? 0 : count("total-data-files"),
            bytes: isEmpty ? 0 : count("total-files-size"),
            partitionedBy: partitioning(metadata),
            snapshots: metadata.snapshots.count,
            changed: snapshot.map { $0.timestamp * 1_000_000 },
            loadID: snapshot?.summary[loadIDMember]
        )
    }

    private static func partitioning(_ metadata: TableMetadata) -> String {
        metadata.defaultSpec.fields.map { field in
            let column = metadata.currentSchema.field(id: field.sourceID)?.name ?? field.name
            return switch field.transform {
            case .identity: column
            case .year: "year(\(column))"
            case .month: "month(\(column))"
            case .day: "day(\(column))"
            case .hour: "hour(\(column))"
            case .bucket(let count): "bucket(\(count), \(column))"
            case .truncate(let width): "truncate(\(width), \(column))"
            case .void, .unknown: field.name
            }
        }.joined(separator: ", ")
    }

    private static func columns(of table: LakeTable) -> [TableColumn] {
        table.metadata.currentSchema.fields.map { field in
            TableColumn(name: field.name, type: field.type.sql, isRequired: field.required, description: field.doc)
        }
    }
}
