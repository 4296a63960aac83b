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
    /// The id of the current snapshot, 0 without one; of a seed, a hash of its content.
    var version: Int64

    /// The column by which the input is cut into intervals, if it is.
    var eventTime: EventTime? {
        guard case .intervals(let column, _) = grain, let table else { return nil }
        return EventTime(column, in: table.metadata.currentSchema)
    }

    /// What the planner has to know.
    func fact(since state: ModelState?) -> ModelFacts.Input {
        let seen = state?.inputs[name.description] ?? 0
        guard name.namespace != "seeds" else {
            return ModelFacts.Input(name: name, grain: grain, history: version == seen ? .known : .changed)
        }
        let history = table?.metadata.history(since: seen) ?? (seen == 0 ? .known : .anew)
        return ModelFacts.Input(name: name, grain: grain, history: history)
    }
}

extension TableMetadata {
    /// What happened to the table since a snapshot was the current one, found by following the line of history back.
    ///
    /// Ingot's own changes are told to models; those of others can only be seen. Where snapshots are gone already,
    /// nobody knows what was in them.
    ///
    /// - Parameter seen: The id of the snapshot, 0 for none. Earlier versions of Ingot noted its sequence number, which
    ///   no id is as small as.
    /// - Returns: What happened, as far as the history tells.
    package func history(since seen: Int64) -> InputHistory {
        var isForeign = false
        var next = currentSnapshot
        while let snapshot = next {
            if seen != 0, snapshot.id == seen || snapshot.sequenceNumber == seen {
                return isForeign ? .foreign : .known
            }
            let isOurs = snapshot.summary["ingot.load-id"] != nil || snapshot.summary["operation"] == "replace"
            isForeign = isForeign || !isOurs
            // The snapshot that was seen, and one that changed no row of it, may both be gone.
            if seen != 0, snapshot.rowsBefore == seen { return isForeign ? .foreign : .known }
            guard let parent = snapshot.parentID else { return seen != 0 ? .anew : isForeign ? .foreign : .known }
            next = self.snapshot(id: parent)
            if next == nil { return parent == seen && !isForeign ? .known : .foreign }
        }
        return seen == 0 ? .known : .anew
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
            let grain = node.grain(of: name, project)
            if let seed = project.seeds.first(where: { $0.table.value == name }) {
                inputs.append(ModelInput(name: name, grain: grain, table: nil, version: try await version(of: seed)))
                continue
            }
            let table = try await lake.table(name, at: moment)
            let version = table?.metadata.currentSnapshotID ?? 0
            inputs.append(ModelInput(name: name, grain: grain, table: table, version: version))
        }
        return inputs
    }

    /// A hash of a seed's content.
    func version(of seed: Seed) async throws -> Int64 {
        let path = "\(services.project.directory)/\(seed.file)"
        let result = try await connection.query(
            "SELECT CAST(md5_number_lower(content) >> 1 AS BIGINT) FROM read_text(\(SQL.literal(path)))"
        )
        return try result.scalar()
    }
}

extension Project {
    /// How a change of a table is described to a model; `nil` where it is ignored.
    func grain(of input: TableName, for model: Model, keepsPlaces: Bool) -> ChangeGrain? {
        let silver = pipelines.lazy.flatMap(\.tables).first { $0.table.value == input }
        let gold = models.first { $0.table.value == input }
        return model.grain(
            of: input,
            eventTime: silver?.eventTime?.value ?? gold?.eventTime?.value,
            hasLoads: silver != nil || input.namespace == "quarantine",
            keepsPlaces: keepsPlaces
        )
    }
}
