import IngotCore
public import IngotProject

/// How a model stands.
public struct ModelStatus: Sendable {
    /// The model.
    public var model: String
    /// Its table or view.
    public var table: TableName
    /// `table`, `view` or `incremental`.
    public var materialized: String
    /// When it was computed last, in nanoseconds since 1970 UTC.
    public var computed: Int64?
    /// What a run would do for it.
    public var plan: ModelPlanReport
}

extension Engine {
    /// How models stand, in the order in which a run computes them; all of them without names.
    public func modelStatus(_ names: Set<String>? = nil) async throws -> [ModelStatus] {
        let states = try await services.state.modelStates()
        return try await planModels(names).compactMap { plan in
            services.project.model(named: plan.model).map { model in
                ModelStatus(
                    model: plan.model,
                    table: model.table.value,
                    materialized: model.materialization.word,
                    computed: states[plan.model]?.computed,
                    plan: plan
                )
            }
        }
    }

    /// What feeds what: pairs of a pipeline, model or seed and a model or check that reads what it makes.
    public func selectionEdges() async throws -> [(from: String, to: String)] {
        let project = services.project
        var makers: [TableName: String] = [:]
        for pipeline in project.pipelines {
            for table in pipeline.tables {
                makers[table.table.value] = pipeline.name.value
                makers[table.table.value.quarantine] = pipeline.name.value
            }
        }
        for model in project.models { makers[model.table.value] = model.name.value }
        for seed in project.seeds { makers[seed.table.value] = seed.table.value.description }
        var edges: [(from: String, to: String)] = []
        for model in project.models {
            for input in try await inputs(of: model) {
                if let maker = makers[input] { edges.append((maker, model.name.value)) }
            }
        }
        for check in project.checks {
            if let maker = makers[check.table.value] { edges.append((maker, check.name.value)) }
        }
        return edges
    }
}

extension Model.Materialization {
    /// The word for it in a model's settings.
    fileprivate var word: String {
        switch self {
        case .view: "view"
        case .table: "table"
        case .incremental: "incremental"
        }
    }
}
