import IngotCommands
import IngotCore
import IngotEngine
import JSONTree
import StatesLanguage
import Testing

/// The tree that `ingot workflow status` draws, of an execution on a virtual clock.
@Suite("The tree of an execution as text")
struct ExecutionTreeTextTests {
    private static let definition = """
        {"StartAt": "Load", "States": {
          "Load": {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync",
            "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 5}], "ResultPath": null, "Next": "Fan"},
          "Fan": {"Type": "Parallel", "Next": "Done", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Tell"}],
            "Branches": [
              {"StartAt": "Pause", "States": {
                "Pause": {"Type": "Wait", "Seconds": 300, "Next": "日本"}, "日本": {"Type": "Pass", "End": true}}},
              {"StartAt": "Each", "States": {"Each": {"Type": "Map", "ItemsPath": "$.days", "MaxConcurrency": 7,
                "End": true, "ItemProcessor": {"StartAt": "Hold", "States": {
                  "Hold": {"Type": "Wait", "Seconds": 60, "Next": "Work"},
                  "Work": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}}}}}]},
          "Tell": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Next": "Bad"},
          "Bad": {"Type": "Fail", "Error": "Bad day", "Cause": "see above"},
          "Done": {"Type": "Succeed"}}}
        """

    private static let mocks = """
        {"arn:aws:states:::glue:startJobRun.sync":
           {"sequence": [{"error": "Busy", "cause": "try\\nagain"}, {"return": 1}]},
         "arn:aws:states:::lambda:invoke": {"match": [{"input": 10, "then": {"error": "E", "cause": "no such day"}},
           {"input": 1, "then": {"return": 1}}]},
         "arn:aws:states:::sns:publish": {"return": 1}}
        """

    /// What is shown so many seconds after the start, which every event until then has led to.
    private func text(_ events: [HistoryEvent], after seconds: Double, width: Int? = nil) throws -> String {
        let machine = try StateMachine(parsing: Self.definition)
        let start = try #require(events.first?.timestamp)
        let now = start.adding(seconds: seconds)
        var tree = ExecutionTree(machine.outline)
        let known = events.filter { $0.timestamp <= now }
        for event in known { tree.add(try JSON(parsing: event.text)) }
        var execution = StoredExecution(
            id: 1,
            ExecutionStart(
                workflow: "day",
                name: "first",
                input: "{}",
                definition: Self.definition,
                interpreter: 1,
                seed: 1,
                started: start.nanosecondsSinceEpoch,
                journal: []
            )
        )
        if known.count == events.count {
            execution.status = .failed
            execution.ended = events.last?.timestamp.nanosecondsSinceEpoch
            (execution.error, execution.cause) = ("Bad day", "see above")
        }
        let view = ExecutionTreeText(execution: execution, tree: tree, now: now.nanosecondsSinceEpoch, width: width)
        return view.text(machine.outline)
    }

    @Test func `Signs, times, attempts, counts of iterations and causes are as they were found right`() throws {
        let simulator = Simulator(
            machine: try StateMachine(parsing: Self.definition),
            mocks: TaskMock.mocks(try JSON(parsing: Self.mocks))
        )
        var events: [HistoryEvent] = []
        let days = JSON.array((0..<20).map { .integer($0 == 10 ? 10 : 1) })
        _ = simulator.run(input: ["days": days], onEvents: { events += $0 })
        var texts = ""
        for seconds in [0.0, 3, 30, 70, 1_000] { texts += try text(events, after: seconds) + "\n" }
        texts += try text(events, after: 1_000, width: 40)
        try Golden.expect(texts, is: "workflow-status.txt")
    }
}
