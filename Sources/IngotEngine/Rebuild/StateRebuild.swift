import DuckDB
import Iceberg
public import IngotCore
import IngotProject

/// What a rebuild of the state found.
public struct RebuildReport: Sendable {
    /// How many tables were found.
    public var tables = 0
    /// How many objects there are in each state.
    public var objects: [ObjectState: Int] = [:]
    /// How many files of the sources look as they did when they were loaded, and need not be read again.
    public var looks = 0
    /// How many attempts were found.
    public var runs = 0
    /// What could not be used.
    public var problems: [String] = []
}

/// Writes a state anew from the lake, bronze and the sources.
///
/// The tables' heads are chosen first: for each the newest metadata file, unless that is of a commit that did not happen. A
/// batch writes `ops.objects` last and everything of it becomes true at once, so the history of objects decides: what it
/// knows of was committed, or is as good as committed, and what it does not know of was not.
struct StateRebuild {
    let services: EngineServices
    let lake: Lake
    let connection: SQLConnection
    let builder: any StateBuilder

    func rebuild() async throws -> RebuildReport {
        var report = RebuildReport()
        let (tables, problems) = try await TableSearch(lake: lake).tables()
        report.problems += problems
        let history = try await historyHead(tables)
        let fold = HistoryFold(lake: lake, connection: connection)
        try await fold.read(history)
        report.problems += try await SourceFiles(services: services, connection: connection).list()
        try await addTables(tables, history, &report)
        try await addObjects(fold, &report)
        try await addRuns(fold, &report)
        return report
    }

    // MARK: Tables

    /// The history of objects, as of the last batch of which every table is there.
    private func historyHead(_ tables: [TableSearch.Found]) async throws -> LakeTable? {
        let name = TableDefinition.objects.name
        guard let found = tables.first(where: { $0.namespace == [name.namespace] && $0.name == name.name }) else {
            return nil
        }
        for (file, wasCurrent) in FoundMetadata.candidates(found.metadata) {
            let metadata = try await lake.files.metadata(at: file.location)
            let table = LakeTable(name: name, metadataLocation: file.location, metadata: metadata)
            guard !wasCurrent, let loadID = file.loadID else { return table }
            guard try await hasFiles(of: loadID, metadata) else { continue }
            if try await isComplete(loadID, in: table, tables) { return table }
        }
        return nil
    }

    /// Whether the tables have what a batch says that it brought.
    private func isComplete(_ loadID: String, in history: LakeTable, _ tables: [TableSearch.Found]) async throws -> Bool
    {
        let relation = try await TableReader(lake: lake, connection: connection).select(from: history)
        let sums = try await connection.query(
            """
            SELECT source, sum(rows_silver)::BIGINT AS s, sum(rows_quarantined)::BIGINT AS q FROM (\(relation))
            WHERE load_id = $1 AND state IN ('loaded', 'quarantined') GROUP BY source
            """,
            [.varchar(loadID)]
        )
        for row in sums {
            guard let pipeline = services.project.pipeline(named: try row.string("source")) else { continue }
            let silver = pipeline.tables.map(\.table.value)
            for (count, names) in [(try row.int("s"), silver), (try row.int("q"), silver.map(\.quarantine))] {
                guard count > 0 else { continue }
                let own = tables.filter { names.contains($0.tableName) }
                guard own.contains(where: { $0.loads.contains(loadID) }) else { return false }
                for file in own.flatMap(\.metadata) where file.loadID == loadID {
                    guard try await hasFiles(of: loadID, lake.files.metadata(at: file.location)) else { return false }
                }
            }
        }
        return true
    }

    private func addTables(
        _ tables: [TableSearch.Found],
        _ history: LakeTable?,
        _ report: inout RebuildReport
    ) async throws {
        var records: [StateRecord] = []
        var known: Set<String> = []
        let separator = "\u{1F}"
        for table in tables {
            guard let location = try await head(of: table, history) else {
                report.problems.append("\(table.folder) holds no metadata of a commit that happened; it is left out")
                continue
            }
            for depth in 1...table.namespace.count {
                let levels = table.namespace.prefix(depth)
                let name = levels.joined(separator: separator)
                guard known.insert(name).inserted else { continue }
                let folder = ([lake.storage.root] + levels).joined(separator: "/")
                records.append(.namespace(name: name, properties: ["location": folder]))
            }
            records.append(
                .table(
                    namespace: table.namespace.joined(separator: separator),
                    name: table.name,
                    metadata: location
                )
            )
            report.tables += 1
        }
        try await builder.add(records)
    }

    /// The location of a table's current metadata.
    private func head(of table: TableSearch.Found, _ history: LakeTable?) async throws -> String? {
        let name = table.tableName
        if name == TableDefinition.objects.name { return history?.metadataLocation }
        let ingested = services.project.pipelines.flatMap(\.tables).map(\.table.value)
        let isOfBatches = ingested.contains(name) || ingested.map(\.quarantine).contains(name)
        for (file, wasCurrent) in FoundMetadata.candidates(table.metadata) {
            guard !wasCurrent, let loadID = file.loadID else { return file.location }
            guard try await hasFiles(of: loadID, lake.files.metadata(at: file.location)) else { continue }
            guard isOfBatches, !file.isOfUpkeep else { return file.location }
            let known = try await connection.query(
                "SELECT count(*) AS n FROM __history WHERE load_id = $1",
                [.varchar(loadID)]
            )
            if try known[0].int("n") > 0 { return file.location }
        }
        return nil
    }

    /// Whether the files that a batch brought are there as its snapshot says.
    private func hasFiles(of loadID: String, _ metadata: TableMetadata) async throws -> Bool {
        do {
            for file in try await TableScan(lake.files, metadata: metadata).dataFiles()
            where file.path.contains("/\(loadID)-") {
                guard try await lake.storage.size(of: file.path) == file.fileSize else { return false }
            }
            return true
        } catch is IcebergError {
            return false
        }
    }

    // MARK: Objects

    private func addObjects(_ fold: HistoryFold, _ report: inout RebuildReport) async throws {
        let now = services.clock.now()
        var last: Int64 = 0
        while true {
            try Task.checkCancellation()
            let page = try await fold.page(after: last)
            guard let end = page.last else { break }
            last = end.number
            var records: [StateRecord] = []
            for (_, entry, entityTag) in page {
                var entry = entry
                // Of a key only the version that stands is what its file was found to be.
                let tag = entry.state == .superseded ? nil : entityTag
                if tag != nil, entry.state.isLive,
                    let due = services.project.pipeline(named: entry.object.source)?.source.cleaningDue(committed: now)
                {
                    entry.cleaning = Cleaning(due: due)
                }
                records.append(.object(entry))
                report.objects[entry.state, default: 0] += 1
                guard let tag else { continue }
                let look = LastLook(entityTag: tag, version: entry.object.version)
                records.append(.look(source: entry.object.source, key: entry.object.key, look))
                report.looks += 1
            }
            try await builder.add(records)
        }
        for pipeline in services.project.pipelines {
            let unrecorded = UnrecordedObjects(services: services, connection: connection)
            let (entries, problems) = try await unrecorded.entries(of: pipeline.name.value)
            report.problems += problems
            for entry in entries { report.objects[entry.state, default: 0] += 1 }
            try await builder.add(entries.map(StateRecord.object))
        }
    }

    private func addRuns(_ fold: HistoryFold, _ report: inout RebuildReport) async throws {
        var last: Int64 = 0
        while true {
            let page = try await fold.runs(after: last) { source in
                services.project.pipeline(named: source)?.tables.map(\.table.value.description) ?? []
            }
            guard let end = page.last else { return }
            last = end.number
            report.runs += page.count
            try await builder.add(page.map { .run($0.run) })
        }
    }
}

extension Engine {
    /// Writes the state anew from the lake, bronze and the sources, into one that remembers nothing yet.
    ///
    /// Models are computed as a whole by the next run, since nothing tells what they have taken in.
    /// - Parameter builder: The state; nobody else uses it.
    /// - Returns: What was found.
    /// - Throws: `IngotError`; then the state is to be thrown away.
    public func rebuildState(into builder: any StateBuilder) async throws -> RebuildReport {
        let connection = try await connect()
        do {
            let rebuild = StateRebuild(services: services, lake: lake, connection: connection, builder: builder)
            let report = try await rebuild.rebuild()
            await connection.close()
            return report
        } catch {
            await connection.close()
            throw IngotError(stopping: "the rebuild of the state", error)
        }
    }
}
