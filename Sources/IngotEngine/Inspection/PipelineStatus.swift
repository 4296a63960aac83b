public import IngotCore
public import IngotProject

/// How a pipeline stands.
public struct PipelineStatus: Sendable {
    /// The pipeline.
    public var pipeline: String
    /// Its tables.
    public var tables: [TableName]
    /// Files under its source that are new or changed.
    public var arrived: Int
    /// How many of its objects are in each state.
    public var objects: [ObjectState: Int]
    /// The newest run.
    public var lastRun: Run?
    /// What cannot be listed.
    public var problems: [IngotError]
    /// What is in the source and can be no object, each with what to do.
    public var passedOver: [IngotError]
}

extension Engine {
    /// How pipelines stand; all of them without names.
    public func pipelineStatus(_ names: Set<String>? = nil) async throws -> [PipelineStatus] {
        var statuses: [PipelineStatus] = []
        for pipeline in services.project.pipelines where names?.contains(pipeline.name.value) ?? true {
            let name = pipeline.name.value
            var arrived = 0
            var (problems, passedOver): ([IngotError], [IngotError]) = ([], [])
            do {
                let findings = try await ObjectDiscovery(services: services, pipeline: pipeline).list()
                arrived = findings.new.count
                problems = findings.problems
                passedOver = findings.passedOver
            } catch let error as IngotError {
                problems.append(error)
            }
            statuses.append(
                PipelineStatus(
                    pipeline: name,
                    tables: pipeline.tables.map(\.table.value),
                    arrived: arrived,
                    objects: try await services.state.counts(source: name),
                    lastRun: try await runs(of: name, limit: 1).first,
                    problems: problems,
                    passedOver: passedOver
                )
            )
        }
        return statuses
    }

    /// The newest runs, of one pipeline or model where it is named.
    public func runs(of name: String? = nil, limit: Int) async throws -> [Run] {
        try await services.state.runs(name: name, limit: limit).map { $0.standing(services.isAlive) }
    }

    /// One run, by its id or by a beginning of it that names only one; `unknownRun` where none is.
    public func run(id: String) async throws -> Run {
        if let run = try await services.state.run(id: id) { return run.standing(services.isAlive) }
        let similar = try await services.state.runs(name: nil, limit: 10_000).filter { $0.id.hasPrefix(id) }
        throw IngotError(
            .unknownRun,
            similar.isEmpty
                ? "no run has an id that begins with \"\(id)\""
                : "more than one run has an id that begins with \"\(id)\": "
                    + similar.prefix(2).map(\.id).joined(separator: ", ") + (similar.count > 2 ? ", ..." : ""),
            hint: "ingot runs"
        )
    }
}
