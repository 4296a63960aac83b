import Iceberg
public import IngotCore
package import IngotProject

/// The engine of one project: takes objects in, computes models, answers queries.
public final class Engine: Sendable {
    let services: EngineServices
    let lake: Lake
    let queries: QueryEngine

    /// An engine over services; nothing is opened or started yet.
    public init(_ services: EngineServices) {
        self.services = services
        lake = Lake(storage: services.storage, pointers: services.state, clock: services.clock)
        queries = QueryEngine(services)
    }

    /// Takes in what waits under the sources of pipelines, one pipeline after the other.
    ///
    /// - Parameters:
    ///   - names: The pipelines; `nil` for all.
    ///   - verifiesAll: Whether files that look as they did are hashed again.
    public func ingest(_ names: Set<String>? = nil, verifiesAll: Bool = false) async -> [PipelineReport] {
        var reports: [PipelineReport] = []
        for pipeline in services.project.pipelines where names?.contains(pipeline.name.value) ?? true {
            let runner = PipelineRunner(
                services: services,
                lake: lake,
                engine: queries,
                pipeline: pipeline,
                consumers: ChangeConsumers { [:] }
            )
            reports.append(await runner.run(verifiesAll: verifiesAll))
        }
        return reports
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

    /// Closes what was opened.
    public func close() async {
        await queries.close()
    }
}
