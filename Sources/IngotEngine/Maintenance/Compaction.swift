import DuckDB
import Iceberg
import IngotCore
public import IngotProject

/// What was compacted of a table.
public struct CompactedTable: Sendable, Hashable {
    /// The table.
    public var table: TableName
    /// How many data files were replaced.
    public var fileCount: Int
    /// How many took their place.
    public var newFileCount: Int
    /// The run that records it.
    public var runID: String
}

/// Writes small data files of tables anew as few large ones, and changes no row.
///
/// A batch adds a file to each partition that it has rows of, so where batches are small, tables come to consist of
/// thousands of files, each of which costs readers time and memory.
struct Compaction {
    /// What the names of its batches begin with; no pipeline's does.
    static let loadIDPrefix = "compaction."

    let services: EngineServices
    let lake: Lake
    let queries: QueryEngine

    /// Compacts a table.
    ///
    /// - Parameters:
    ///   - name: The table.
    ///   - plan: Which of its files become one.
    /// - Returns: What was done; `nil` where there is nothing to do.
    /// - Throws: `IngotError` with `tableChanged` where a batch came first that replaced one of the files; then nothing is
    ///   changed, and a later attempt does it.
    func compact(_ name: TableName, _ plan: CompactionPlan) async throws -> CompactedTable? {
        guard let table = try await lake.table(name), table.metadata.currentSchema.isWritable else { return nil }
        var entries: [ManifestEntry] = []
        try await TableScan(lake.files, metadata: table.metadata).forEachManifest { entries += $0 }
        // What another engine deleted of a file stays deleted only as long as the file is there.
        guard entries.allSatisfy({ $0.file.content == .data }) else { return nil }
        let groups = plan.groups(of: entries)
        guard !groups.isEmpty else { return nil }
        let connection = try await queries.connect()
        do {
            let compacted = try await compact(table, groups, connection)
            await connection.close()
            return compacted
        } catch {
            await connection.close()
            throw IngotError(stopping: "the compaction of \(name)", error)
        }
    }

    private func compact(
        _ table: LakeTable,
        _ groups: [CompactionPlan.Group],
        _ connection: SQLConnection
    ) async throws -> CompactedTable {
        let identifiers = Identifiers(clock: services.clock)
        var run = Run(
            id: identifiers.runID(),
            loadID: identifiers.loadID(of: Self.loadIDPrefix + table.name.name),
            kind: .compaction,
            name: table.name.description,
            started: services.clock.now(),
            inputs: groups.reduce(0) { $0 + $1.files.count },
            targets: [table.name.description],
            owner: services.owner
        )
        let folder = try await lake.storage.makeStagingFolder(run.loadID)
        do {
            var change = TableChange(shape: TableShape(asItIs: table), keepsRows: true)
            for (number, group) in groups.enumerated() {
                try Task.checkCancellation()
                change.rewrites += try await rewrites(of: group, change.shape, connection, folder, "\(number)")
            }
            run.status = .succeeded
            let settings = services.project.environment.settings
            let committer = BatchCommitter(lake: lake, state: services.state, settings: settings, clock: services.clock)
            try await committer.commit([change], BatchCommit(pointers: [], run: run))
        } catch {
            try? await lake.storage.removeStagingFolder(run.loadID)
            throw error
        }
        // It counts already; a folder that stays is removed by a later start.
        try? await lake.storage.removeStagingFolder(run.loadID)
        return CompactedTable(
            table: table.name,
            fileCount: run.inputs,
            newFileCount: groups.count,
            runID: run.id
        )
    }

    /// Writes the files of a group as one.
    private func rewrites(
        of group: CompactionPlan.Group,
        _ shape: TableShape,
        _ connection: SQLConnection,
        _ folder: String,
        _ name: String
    ) async throws -> [FileRewrite] {
        let relation = TableRelation.select(files: group.files.map(\.path), schema: shape.schema)
        // The files belong to one partition, so nothing is divided.
        let writer = TableWriter(connection: connection, schema: shape.schema, spec: .unpartitioned)
        let staged = try await writer.write(relation, to: folder, name: name)
        let (old, new) = (group.files.reduce(0) { $0 + $1.recordCount }, staged.reduce(0) { $0 + $1.rowCount })
        guard old == new else {
            throw IngotError(.runFailed, "\(old) rows of \(shape.definition.name) would have become \(new)")
        }
        var rewrites = group.files.map { FileRewrite(old: $0, rest: nil) }
        rewrites[0].rest = staged.first
        rewrites[0].sequenceNumber = group.sequenceNumber
        return rewrites
    }
}

extension Schema {
    /// Whether files that Ingot writes hold all types as the table declares them; other engines may have added others.
    fileprivate var isWritable: Bool {
        func isWritable(_ type: IcebergType) -> Bool {
            if case .fixed = type { return false }
            return type.children.allSatisfy { isWritable($0.type) }
        }
        return fields.allSatisfy { isWritable($0.type) }
    }
}

extension Engine {
    private static let compactionAttemptsMax = 5

    /// Writes small data files of tables anew as few large ones; no row changes.
    ///
    /// A table whose files batches keep replacing meanwhile is left as it is.
    ///
    /// - Parameters:
    ///   - tables: The tables; `nil` for all that the project makes.
    ///   - isWhole: Whether as few files as possible are left; else only where many small ones have gathered, as
    ///     `auto_compact_min_files` says.
    /// - Returns: What was compacted.
    /// - Throws: `IngotError`; what was compacted before stays so.
    public func compact(_ tables: [TableName]? = nil, isWhole: Bool = false) async throws -> [CompactedTable] {
        let settings = services.project.environment.settings
        let minCount = isWhole ? 2 : settings.autoCompactMinFiles
        guard minCount > 0 else { return [] }
        let plan = CompactionPlan(
            minCount: minCount,
            sizeMax: Int64(clamping: settings.autoCompactMaxFileSize.bytes),
            isWhole: isWhole
        )
        let compaction = Compaction(services: services, lake: lake, queries: queries)
        var compacted: [CompactedTable] = []
        for name in tables ?? services.project.lakeTables {
            for attempt in 1...Self.compactionAttemptsMax {
                do {
                    if let table = try await compaction.compact(name, plan) { compacted.append(table) }
                    break
                } catch let error as IngotError where error.code == .tableChanged {
                    // Who compacts from time to time comes back to it.
                    if !isWhole || attempt == Self.compactionAttemptsMax { break }
                }
            }
        }
        return compacted
    }
}

extension Project {
    /// The tables of the lake that the project makes, by name.
    var lakeTables: [TableName] {
        lakeTables(pipelines: pipelines, models: Set(models.map(\.name.value)))
    }

    /// The tables of the lake that pipelines and models make, with the history of objects, by name.
    func lakeTables(pipelines: [Pipeline], models names: Set<String>) -> [TableName] {
        let silver = pipelines.flatMap(\.tables).map(\.table.value)
        let gold = models.filter { $0.materialization != .view && names.contains($0.name.value) }.map(\.table.value)
        return Set(silver + silver.map(\.quarantine) + gold + [TableDefinition.objects.name]).sorted()
    }
}
