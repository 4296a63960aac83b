import DuckDB
import IngotCore
import IngotProject
import JSONTree

/// Tells of one run in the events of OpenLineage.
struct RunLineage: Sendable {
    /// The version of the specification that events follow.
    private static let schema = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"

    /// How a run stands.
    enum EventType: String {
        case start = "START"
        case complete = "COMPLETE"
        case fail = "FAIL"
        case abort = "ABORT"
    }

    /// An input, with what is said of it in every event.
    struct Input: Sendable {
        var dataset: LineageDataset
        var facets: [(String, JSON)] = []
        /// What is known once the input was read.
        var read: [(String, JSON)] = []
    }

    /// A table that a commit changes.
    struct Output: Sendable {
        var table: LineageTable
        var rowCount: Int64
        var size: Int64
        var fileCount: Int
    }

    /// The namespace of jobs.
    let namespace: String
    /// The pipeline or model.
    let job: String
    /// The folder of all tables.
    let lake: String
    /// This process.
    let owner: LeaseOwner
    /// The execution of a workflow that the run is part of.
    let parent: LineageParent?
    var jobFacets: [(String, JSON)]
    var inputs: [Input]
    /// What is known of where the columns of outputs come from.
    var columns: [TableName: JSON] = [:]

    // MARK: Events

    /// What is told of a run's beginning.
    func start(_ run: Run) -> LineageStart {
        let known = inputs.map { $0.dataset.json(facets: $0.facets) }
        let text = event(.start, at: run.started, run, inputs: known)
        return LineageStart(runID: run.id, owner: owner, text: text)
    }

    /// What is told of a run that is committed, also of one none of whose objects could be loaded.
    func completed(_ run: Run, _ outputs: [Output]) -> String {
        event(
            run.status == .failed ? .fail : .complete,
            at: run.ended ?? run.started,
            run,
            facets: run.error.map { [("errorMessage", LineageFacets.errorMessage($0))] } ?? [],
            inputs: inputs.map { $0.dataset.json(facets: $0.facets, "inputFacets", $0.read) },
            outputs: outputs.filter { $0.table.name.namespace != "ops" }.map { output in
                var facets = output.table.facets(in: lake)
                if let lineage = columns[output.table.name] { facets.append(("columnLineage", lineage)) }
                let statistics = LineageFacets.outputStatistics(
                    rowCount: output.rowCount,
                    size: output.size,
                    fileCount: output.fileCount
                )
                return output.table.dataset.json(
                    facets: facets,
                    "outputFacets",
                    [("outputStatistics", statistics)]
                )
            }
        )
    }

    /// What is told of a run that failed, or was stopped.
    func failed(_ run: Run) -> String {
        event(
            Task.isCancelled ? .abort : .fail,
            at: run.ended ?? run.started,
            run,
            facets: run.error.map { [("errorMessage", LineageFacets.errorMessage($0))] } ?? [],
            inputs: inputs.map { $0.dataset.json(facets: $0.facets) }
        )
    }

    /// What is told of a run whose process is gone, from what was told of its beginning.
    static func aborted(_ start: LineageStart, at time: Int64) -> String {
        guard var event = (try? JSON(parsing: start.text))?.objectValue else { return start.text }
        event["eventType"] = .string(EventType.abort.rawValue)
        event["eventTime"] = .string(Timestamps.iso(time))
        return JSON.object(event).text()
    }

    private func event(
        _ type: EventType,
        at time: Int64,
        _ run: Run,
        facets: [(String, JSON)] = [],
        inputs: [JSON],
        outputs: [JSON] = []
    ) -> String {
        var runFacets: [(String, JSON)] = [
            (
                "processing_engine",
                LineageFacets.processingEngine(
                    "DuckDB",
                    version: Database.libraryVersion,
                    ingot: Version.current.description
                )
            )
        ]
        if let parent {
            let id = LineageID.uuid(of: "\(parent.workflow)/\(parent.execution)", in: namespace)
            runFacets.append(
                ("parent", LineageFacets.parent(runID: id, namespace: namespace, name: parent.workflow))
            )
        }
        let event: JSON = [
            "eventType": .string(type.rawValue),
            "eventTime": .string(Timestamps.iso(time)),
            "producer": .string(LineageFacets.producer),
            "schemaURL": .string(Self.schema),
            "run": [
                "runId": .string(LineageID.uuid(of: run.id, in: namespace)),
                "facets": .object(JSONObject(runFacets + facets)),
            ],
            "job": [
                "namespace": .string(namespace), "name": .string(job),
                "facets": .object(JSONObject(jobFacets)),
            ],
            "inputs": .array(inputs),
            "outputs": .array(outputs),
        ]
        return event.text()
    }
}

/// The execution of a workflow that what is done now is part of.
struct LineageParent: Sendable {
    var workflow: String
    var execution: String

    /// The execution whose task this is, if it is one.
    @TaskLocal static var current: LineageParent?
}

extension LineageParent {
    /// The execution whose task it is.
    init(_ task: WorkflowTask) {
        self.init(workflow: task.workflow, execution: task.execution)
    }
}
