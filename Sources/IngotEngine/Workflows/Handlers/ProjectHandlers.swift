import DuckDB
import IngotCore
import JSONTree
import StatesLanguage

/// Lets a pipeline take in what waits.
struct PipelineHandler: TaskHandler {
    let engine: Engine
    let pipeline: String
    let turns: ProjectTurns

    func perform(_ task: WorkflowTask) async throws -> JSON {
        let reports = try await turns.run {
            await LineageParent.$current.withValue(LineageParent(task)) { await engine.ingest([pipeline]) }
        }
        try await waitForOthers()
        for report in reports where report.status == "failed" {
            let error = report.error ?? report.problems.first
            throw TaskFailure(
                error: error?.code.description ?? "States.TaskFailed",
                cause: error?.description ?? "\(report.objects.failed) objects of \(pipeline) failed"
            )
        }
        return .array(
            reports.map { report in
                [
                    "pipeline": .string(report.pipeline), "run_id": .string(report.runID),
                    "status": .string(report.status),
                    "objects": [
                        "loaded": .integer(Int64(report.objects.loaded)),
                        "quarantined": .integer(Int64(report.objects.quarantined)),
                    ],
                    "rows": [
                        "read": .integer(Int64(report.rows.read)), "silver": .integer(Int64(report.rows.silver)),
                        "quarantined": .integer(Int64(report.rows.quarantined)),
                    ],
                ]
            }
        )
    }
}

extension PipelineHandler {
    private static let pollInterval = Duration.milliseconds(100)

    /// Waits for objects that others load just now, such as the service that drives the workflow: what had arrived is to
    /// be in the tables when the task has ended.
    private func waitForOthers() async throws {
        let state = engine.services.state
        let filter = LedgerFilter(source: pipeline, states: [.leased])
        var held = Set(try await state.entries(matching: filter).map(\.id))
        while !held.isEmpty {
            try await Task.sleep(for: Self.pollInterval)
            held.formIntersection(try await state.entries(matching: filter).map(\.id))
        }
    }
}

/// Computes models.
struct ModelHandler: TaskHandler {
    let engine: Engine
    let models: Set<String>
    let turns: ProjectTurns

    func perform(_ task: WorkflowTask) async throws -> JSON {
        let reports = try await turns.run {
            try await LineageParent.$current.withValue(LineageParent(task)) { try await engine.runModels(models) }
        }
        for report in reports where report.status == .failed || report.status == .skipped {
            throw TaskFailure(
                error: report.error?.code.description ?? "States.TaskFailed",
                cause: report.error?.description ?? "\(report.model) was \(report.status.rawValue)"
            )
        }
        return .array(
            reports.map { report in
                [
                    "model": .string(report.model), "status": .string(report.status.rawValue),
                    "rows": .integer(Int64(report.rows)),
                ]
            }
        )
    }
}

/// Brings what changed into other databases, one load after the other.
struct LoadHandler: TaskHandler {
    let engine: Engine
    let loads: [String]
    let turns: ProjectTurns

    func perform(_ task: WorkflowTask) async throws -> JSON {
        let reports = try await turns.run { try await engine.load(loads) }
        for report in reports where report.status == .failed {
            throw TaskFailure(
                error: report.error?.code.description ?? "States.TaskFailed",
                cause: report.error?.description ?? "the load \(report.load) failed"
            )
        }
        return .array(
            reports.map { report in
                [
                    "load": .string(report.load), "status": .string(report.status.rawValue),
                    "load_id": report.loadID.map(JSON.string) ?? .null, "rows": .integer(Int64(report.rows)),
                    "deletions": .integer(Int64(report.deletions)),
                ]
            }
        )
    }
}

/// Runs a query that reads the tables; its rows are the result.
struct QueryHandler: TaskHandler {
    /// How many rows a result has at most: the data of a state has 256 KiB.
    private static let rowCountMax = 1000

    private struct EnoughRows: Error {}

    let engine: Engine
    /// The query; nil where the task brings its own.
    let sql: String?

    func perform(_ task: WorkflowTask) async throws -> JSON {
        guard let sql = sql ?? task.input["QueryString"]?.stringValue else {
            throw TaskFailure(error: "States.TaskFailed", cause: "The task has no QueryString")
        }
        var rows: [JSON] = []
        do {
            var names: [String] = []
            let variables = ["input": task.input.text()]
            try await ReadOnlyQuery(engine).run(sql, from: task.request.state, variables: variables) { header in
                names = header.columns.map(\.name)
            } _: { batch in
                for row in batch {
                    guard rows.count < Self.rowCountMax else { throw EnoughRows() }
                    let values = try row.values.map { try JSON(parsing: PortableValue.json($0)) }
                    rows.append(.object(JSONObject(zip(names, values))))
                }
            }
        } catch is EnoughRows {
            // More would not fit into the data of a state.
        }
        return .array(rows)
    }
}

/// Lets tasks that change the project's tables run one after the other, in the order in which they come.
actor ProjectTurns {
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Does something when its turn has come.
    nonisolated func run<Value: Sendable>(_ work: @Sendable () async throws -> Value) async throws -> Value {
        await take()
        do {
            try Task.checkCancellation()
            let value = try await work()
            await giveBack()
            return value
        } catch {
            await giveBack()
            throw error
        }
    }

    private func take() async {
        guard isTaken else {
            isTaken = true
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func giveBack() {
        guard !waiting.isEmpty else {
            isTaken = false
            return
        }
        waiting.removeFirst().resume()
    }
}
