import DuckDB
import Iceberg
import IngotCore
import IngotProject

/// An input of a model, as it stood when the model was planned.
struct ModelInput: Sendable {
    var name: TableName
    /// How its changes are described to the model; `nil` where they are ignored.
    var grain: ChangeGrain?
    /// The table; `nil` for a seed, and for a table that does not exist yet.
    var table: LakeTable?
    /// The sequence number of the snapshot; of a seed, a hash of its content.
    var version: Int64

    /// The column by which the input is cut into intervals, if it is.
    var eventTime: EventTime? {
        guard case .intervals(let column, _) = grain, let table else { return nil }
        return EventTime(column, in: table.metadata.currentSchema)
    }

    /// What the planner has to know.
    func fact(since state: ModelState?) -> ModelFacts.Input {
        ModelFacts.Input(
            name: name,
            grain: grain,
            version: version,
            isSeed: name.namespace == "seeds",
            hasForeignChanges: hasForeignChanges(since: state?.inputs[name.description] ?? 0)
        )
    }

    /// Whether another engine may have changed rows since a snapshot.
    ///
    /// Ingot's own changes are told to models; those of others can only be seen. Where snapshots are gone already,
    /// nobody knows what was in them.
    private func hasForeignChanges(since seen: Int64) -> Bool {
        guard let metadata = table?.metadata, version > seen else { return false }
        let since = metadata.snapshots.filter { $0.sequenceNumber > seen && $0.sequenceNumber <= version }
        guard Int64(since.count) == version - seen else { return true }
        return since.contains { $0.summary["ingot.load-id"] == nil && $0.summary["operation"] != "replace" }
    }
}

/// Reads what models' inputs are.
struct ModelInputs {
    let services: EngineServices
    let lake: Lake
    let connection: SQLConnection

    /// The inputs of a model as they stand now.
    func load(_ node: ModelGraph.Node, _ project: Project) async throws -> [ModelInput] {
        var inputs: [ModelInput] = []
        let moment = try await lake.moment()
        for name in node.inputs {
            let grain = project.grain(of: name, for: node.model)
            if let seed = project.seeds.first(where: { $0.table.value == name }) {
                inputs.append(ModelInput(name: name, grain: grain, table: nil, version: try await hash(of: seed)))
                continue
            }
            let table = try await lake.table(name, at: moment)
            let version = table?.metadata.currentSnapshot?.sequenceNumber ?? 0
            inputs.append(ModelInput(name: name, grain: grain, table: table, version: version))
        }
        return inputs
    }

    private func hash(of seed: Seed) async throws -> Int64 {
        let path = "\(services.project.directory)/\(seed.file)"
        let result = try await connection.query(
            "SELECT CAST(md5_number_lower(content) >> 1 AS BIGINT) FROM read_text(\(SQL.literal(path)))"
        )
        return try result.scalar()
    }
}

extension Project {
    /// How a change of a table is described to a model; `nil` where it is ignored.
    func grain(of input: TableName, for model: Model) -> ChangeGrain? {
        let silver = pipelines.lazy.flatMap(\.tables).first { $0.table.value == input }
        let gold = models.first { $0.table.value == input }
        return model.grain(
            of: input,
            eventTime: silver?.eventTime?.value ?? gold?.eventTime?.value,
            hasLoads: silver != nil || input.namespace == "quarantine"
        )
    }
}
