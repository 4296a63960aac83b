import Iceberg
public import IngotCore
package import IngotProject

/// The engine of one project: takes objects in, computes models, answers queries.
public final class Engine: Sendable {
    let services: EngineServices
    let lake: Lake
    let queries: QueryEngine
    let fence: SQLFence
    let models: ModelService

    /// An engine over services; nothing is opened or started yet.
    public init(_ services: EngineServices) {
        self.services = services
        lake = Lake(storage: services.storage, pointers: services.state, clock: services.clock)
        queries = QueryEngine(services)
        fence = SQLFence(services: services)
        models = ModelService(services, lake: lake, fence: fence)
    }

    /// Makes sure that the state knows the tables of the lake: work on one that was lost would hide them.
    ///
    /// What a process leaves that dies within the very first commit is no loss: the state then knows the objects that
    /// it was to commit, and no metadata follows the first one, which became no table.
    ///
    /// - Throws: `IngotError` with `stateLost`.
    public func checkState() async throws {
        let history = TableDefinition.objects.name
        guard try await lake.table(history) == nil else { return }
        let folder = lake.location(of: history)
        // Manifests lie there too, whose names may begin with any number.
        let written = try await services.storage.content(of: "\(folder)/metadata").files
            .filter { $0.hasSuffix(".metadata.json") }
        guard !written.isEmpty else { return }
        // Looked at again: another process may have made the table meanwhile.
        guard try await lake.table(history) == nil else { return }
        let follows = written.contains { TableMetadata.version(of: $0) > 0 }
        if !follows, try await !entries(LedgerFilter(limit: 1)).isEmpty { return }
        throw IngotError(
            .stateLost,
            "the lake has a history of objects at \(folder), and the state knows nothing of it",
            hint: "ingot state rebuild"
        )
    }

    /// Takes in what waits under the sources of pipelines, one pipeline after the other.
    ///
    /// - Parameters:
    ///   - names: The pipelines; `nil` for all.
    ///   - verifiesAll: Whether files that look as they did are hashed again.
    /// - Returns: A report of each.
    public func ingest(_ names: Set<String>? = nil, verifiesAll: Bool = false) async -> [PipelineReport] {
        var reports: [PipelineReport] = []
        for pipeline in services.project.pipelines where names?.contains(pipeline.name.value) ?? true {
            reports.append(await runner(of: pipeline).run(verifiesAll: verifiesAll))
        }
        return reports
    }

    /// What takes objects of a pipeline in.
    func runner(of pipeline: Pipeline) -> PipelineRunner {
        PipelineRunner(
            services: services,
            lake: lake,
            engine: queries,
            pipeline: pipeline,
            consumers: ChangeConsumers { [models] in try await models.consumers() }
        )
    }

    /// A SELECT that gives the rows of a table as it stands; `nil` if there is no such table.
    package func relation(of name: TableName) async throws -> String? {
        guard let table = try await lake.table(name) else { return nil }
        let files = try await TableScan(lake.files, metadata: table.metadata).dataFiles()
        return TableRelation.select(files: files.map(\.path), schema: table.metadata.currentSchema)
    }

    /// What the ledger knows of objects.
    public func entries(_ filter: LedgerFilter) async throws -> [LedgerEntry] {
        try await services.state.entries(matching: filter)
    }

    /// A connection to the query engine.
    package func connect() async throws -> SQLConnection {
        try await queries.connect()
    }

    /// Deletes files that no snapshot names any more, once readers that had begun are done.
    public func collectGarbage() async throws {
        try await GarbageCollector(lake: lake, state: services.state, clock: services.clock).collect()
    }

    /// Computes models whose input or definition changed, each after those that it reads.
    ///
    /// - Parameters:
    ///   - names: The models; `nil` for all.
    ///   - isFullRefresh: Whether everything is computed whatever changed.
    /// - Returns: A report of each.
    /// - Throws: What keeps any model from being looked at; what happens to one is in its report.
    public func runModels(_ names: Set<String>? = nil, isFullRefresh: Bool = false) async throws -> [ModelReport] {
        try await models.run(names, isFullRefresh: isFullRefresh)
    }

    /// What ``runModels(_:isFullRefresh:)`` would do.
    public func planModels(_ names: Set<String>? = nil) async throws -> [ModelPlanReport] {
        try await models.plan(names)
    }

    /// Takes in what waits, computes what that changes, and deletes what nobody needs any more.
    public func run() async throws -> (pipelines: [PipelineReport], models: [ModelReport]) {
        let pipelines = await ingest()
        let models = try await runModels()
        try await collectGarbage()
        return (pipelines, models)
    }

    /// How many live data files a table has.
    package func dataFileCount(_ table: String) async throws -> Int {
        let parts = table.split(separator: ".").map(String.init)
        guard parts.count == 2,
            let table = try await lake.table(TableName(namespace: parts[0], name: parts[1]))
        else { return 0 }
        return try await TableScan(lake.files, metadata: table.metadata).dataFiles().count
    }

    /// Closes what was opened.
    public func close() async {
        await queries.close()
    }

    /// Opens a session for SQL of users; the caller closes it.
    package func openQuerySession(only sql: String? = nil) async throws -> QuerySession {
        try await QuerySession(services, lake: lake, fence: fence, only: sql)
    }
}
