import DuckDB
import IngotCore
import IngotProject

/// The models of one process: reads their SQL once, and computes them.
actor ModelService {
    private let services: EngineServices
    private let lake: Lake
    private let fence: SQLFence
    private var known: (graph: ModelGraph, tables: Set<TableName>)?

    init(_ services: EngineServices, lake: Lake, fence: SQLFence) {
        self.services = services
        self.lake = lake
        self.fence = fence
    }

    /// The models that must hear of changes, by table.
    ///
    /// A model that cannot be read hears of everything that it read before, so the graph need not be the latest.
    func consumers() async throws -> [TableName: [ChangeConsumer]] {
        let states = try await services.state.modelStates()
        guard !services.project.models.isEmpty else { return ModelGraph().consumers(services.project, states: states) }
        if let known { return known.graph.consumers(services.project, states: states) }
        let graph = try await withSession { try await self.graph($0) }
        return graph.consumers(services.project, states: states)
    }

    /// Computes models.
    func run(_ names: Set<String>?, isFullRefresh: Bool) async throws -> [ModelReport] {
        guard !services.project.models.isEmpty else { return [] }
        return try await withSession { session in
            try await runner(session).run(names, isFullRefresh: isFullRefresh)
        }
    }

    /// What a run would compute.
    func plan(_ names: Set<String>?) async throws -> [ModelPlanReport] {
        guard !services.project.models.isEmpty else { return [] }
        return try await withSession { session in try await runner(session).plan(names) }
    }

    /// Recomputes intervals of a model in slices.
    func backfill(
        _ request: BackfillRequest,
        isDryRun: Bool,
        tell: @Sendable (BackfillReport) -> Void
    ) async throws -> BackfillReport {
        try await withSession { session in
            let runner = try await runner(session)
            if let problem = runner.graph.problems[request.model] { throw problem }
            guard let node = runner.graph.order.first(where: { $0.model.name.value == request.model }) else {
                let names = services.project.models.map(\.name.value)
                throw IngotError(
                    .notBackfilled,
                    "there is no model \"\(request.model)\"",
                    hint: NearestMatch.find(request.model, among: names) ?? names.joined(separator: ", ")
                )
            }
            return try await runner.backfill(node, request, isDryRun: isDryRun, tell: tell)
        }
    }

    private func runner(_ session: QuerySession) async throws -> ModelRunner {
        ModelRunner(services: services, lake: lake, session: session, graph: try await graph(session))
    }

    /// The graph; read anew where a table that a model did not find may have come to be.
    private func graph(_ session: QuerySession) async throws -> ModelGraph {
        let tables = Set(session.names.kinds.keys)
        if let known, known.graph.problems.isEmpty || known.tables == tables { return known.graph }
        let built = try await ModelGraphBuilder.build(services.project.models, session.names, session.connection)
        known = (built, tables)
        return built
    }

    private func withSession<R: Sendable>(_ body: (QuerySession) async throws -> R) async throws -> R {
        let session = try await QuerySession(services, lake: lake, fence: fence)
        do {
            let result = try await body(session)
            await session.close()
            return result
        } catch {
            await session.close()
            throw error
        }
    }
}
