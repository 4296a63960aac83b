import DuckDB
import Iceberg
public import IngotCore
public import IngotProject

/// What one commit compacted of a table.
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
    /// How many bytes and files one commit replaces about at most: what is committed is done, also if a batch that
    /// replaces other files comes first after it.
    private static let (commitSizeMax, commitFileCountMax) = (Int64(1 << 29), 10_000)

    let services: EngineServices
    let lake: Lake
    let queries: QueryEngine

    /// Compacts a table.
    ///
    /// - Parameters:
    ///   - name: The table.
    ///   - plan: Which of its files become one.
    ///   - whenCommitted: Is given what each commit did.
    /// - Returns: Whether there was anything to do.
    /// - Throws: `IngotError` with `tableChanged` where a batch came first that replaced one of the files; what was
    ///   committed before stays so, and a later attempt does the rest.
    func compact(
        _ name: TableName,
        _ plan: CompactionPlan,
        whenCommitted: (CompactedTable) -> Void
    ) async throws -> Bool {
        guard let table = try await lake.table(name), table.metadata.currentSchema.isWritable else { return false }
        var entries: [ManifestEntry] = []
        try await TableScan(lake.files, metadata: table.metadata).forEachManifest { entries += $0 }
        // What another engine deleted of a file stays deleted only as long as the file is there.
        guard entries.allSatisfy({ $0.file.content == .data }) else { return false }
        guard !plan.groups(of: entries).isEmpty else { return false }
        let connection = try await queries.connect()
        do {
            var groups = try await groups(of: entries, table, plan, connection)[...]
            let isEmpty = groups.isEmpty
            while !groups.isEmpty {
                whenCommitted(try await compact(table, Self.takeCommit(from: &groups), connection))
            }
            await connection.close()
            return !isEmpty
        } catch {
            await connection.close()
            throw error
        }
    }

    /// The groups of a table's files, of which none has a file that cannot be written anew without a loss.
    private func groups(
        of entries: [ManifestEntry],
        _ table: LakeTable,
        _ plan: CompactionPlan,
        _ connection: SQLConnection
    ) async throws -> [CompactionPlan.Group] {
        let root = FileLocation.join(FileLocation.normalized(lake.storage.root), "")
        let foreign = entries.lazy.map(\.file).filter { file in
            file.format.uppercased() != "PARQUET" || !FileLocation.normalized(file.path).hasPrefix(root)
        }
        var staying = Set(foreign.map(\.path))
        let rewritable = RewritableFiles(connection: connection, schema: table.metadata.currentSchema)
        while true {
            let groups = plan.groups(of: entries, staying: staying)
            var unfit: Set<String> = []
            for group in groups { unfit.formUnion(try await rewritable.unfit(group.files)) }
            guard !unfit.isEmpty else { return groups }
            staying.formUnion(unfit)
        }
    }

    /// The groups that are to be committed next.
    private static func takeCommit(from groups: inout ArraySlice<CompactionPlan.Group>) -> [CompactionPlan.Group] {
        var (taken, size, fileCount): ([CompactionPlan.Group], Int64, Int) = ([], 0, 0)
        while size < commitSizeMax, fileCount < commitFileCountMax, let group = groups.popFirst() {
            taken.append(group)
            size += group.files.reduce(0) { $0 + $1.fileSize }
            fileCount += group.files.count
        }
        return taken
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
    /// A table whose files batches keep replacing meanwhile is left as it is, and one that cannot be compacted keeps no
    /// other from being.
    ///
    /// - Parameters:
    ///   - tables: The tables; `nil` for all that the project makes.
    ///   - isWhole: Whether as few files as possible are left; else only where many small ones have gathered, as
    ///     `auto_compact_min_files` says.
    /// - Returns: What was compacted, by commit, and why tables could not be.
    /// - Throws: `CancellationError`; what was compacted before stays so.
    public func compact(
        _ tables: [TableName]? = nil,
        isWhole: Bool = false
    ) async throws -> (compacted: [CompactedTable], failures: [IngotError]) {
        let settings = services.project.environment.settings
        let minCount = isWhole ? 2 : settings.autoCompactMinFiles
        guard minCount > 0 else { return ([], []) }
        let plan = CompactionPlan(
            minCount: minCount,
            sizeMax: Int64(clamping: settings.autoCompactMaxFileSize.bytes),
            isWhole: isWhole
        )
        let compaction = Compaction(services: services, lake: lake, queries: queries)
        var (compacted, failures): ([CompactedTable], [IngotError]) = ([], [])
        for name in tables ?? services.project.lakeTables {
            var attempts = 0
            var isOver = false
            while !isOver {
                do {
                    let hasChanged = try await compaction.compact(name, plan) { compacted.append($0) }
                    // Who compacts from time to time comes back to it.
                    isOver = !hasChanged || !isWhole
                } catch let error as IngotError where error.code == .tableChanged {
                    attempts += 1
                    isOver = !isWhole || attempts == Self.compactionAttemptsMax
                } catch {
                    try Task.checkCancellation()
                    failures.append(IngotError(stopping: "the compaction of \(name)", error))
                    isOver = true
                }
            }
        }
        return (compacted, failures)
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
