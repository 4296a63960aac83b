import IngotCore
import IngotEngine
import JSONTree
import StatesLanguage
import Testing

/// Drivers that share their room among executions, and stop what executions have started.
@Suite("Drivers of workflows", .timeLimit(.minutes(30)))
struct WorkflowDriverTests {
    private static let machines = [
        "quick": #"{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}"#,
        "wait": #"{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 86400, "End": true}}}"#,
        "parent": start("wait"),
        "grandparent": start("parent"),
        "impatient": start(
            "wait",
            #""TimeoutSeconds": 1, "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "P"}],"#
        ),
        "caller": start("failing", pattern: ".waitForTaskToken"),
        "failing": #"{"StartAt": "F", "States": {"F": {"Type": "Fail"}}}"#,
    ]

    private static func start(_ child: String, _ more: String = "", pattern: String = ".sync") -> String {
        """
        {"StartAt": "C", "States": {"P": {"Type": "Pass", "End": true}, "C": {"Type": "Task", \(more)
          "Resource": "arn:aws:states:::states:startExecution\(pattern)",
          "Parameters": {"StateMachineArn": "\(child)", "Input": {}}, "Next": "P"}}}
        """
    }

    /// Every task starts an execution of the workflow that it names.
    private struct Children: TaskDirectory {
        func performer(of request: TaskRequest) -> TaskPerformer? {
            request.input["StateMachineArn"]?.stringValue.map { .workflow($0) }
        }
    }

    private struct NoItems: ItemStorage {
        func items(_ request: ItemRequest) async throws -> ItemPage { ItemPage(items: [], continuation: nil) }
        func write(_ request: ResultRequest) async throws {}
    }

    private let store = InMemoryExecutions()

    private func driver(executionCountMax: Int = 1000) throws -> WorkflowDriver {
        let workflows = try Self.machines.mapValues { text in
            WorkflowDefinition(text: text, machine: try StateMachine(parsing: text))
        }
        var services = WorkflowServices(
            store: store,
            workflows: workflows,
            tasks: Children(),
            items: NoItems(),
            owner: LeaseOwner(host: "h", process: 1, start: "1"),
            isAlive: { _ in true }
        )
        services.executionCountMax = executionCountMax
        return WorkflowDriver(services)
    }

    private func statuses(of workflow: String) async throws -> [ExecutionStatus] {
        try await store.executions(matching: ExecutionFilter(workflow: workflow)).map(\.status)
    }

    private func wait(until isTrue: () async throws -> Bool) async throws {
        for _ in 0..<3000 {
            if try await isTrue() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("it did not come to it")
    }

    /// Does something while a service drives what runs.
    private func withService(_ driver: WorkflowDriver, _ body: () async throws -> Void) async throws {
        let stop = StopSignal()
        async let service: Void = driver.run(until: stop)
        do {
            try await body()
        } catch {
            Issue.record(error)
        }
        stop.set()
        await service
    }

    @Test func `Executions that wait for long make room for others, and hear of what is sent to them`() async throws {
        let driver = try driver(executionCountMax: 2)
        var waiting: [StoredExecution] = []
        for _ in 0..<5 { waiting.append(try await driver.start("wait", input: [:])) }
        try await withService(driver) {
            _ = try await driver.start("quick", input: [:])
            try await wait { try await statuses(of: "quick") == [.succeeded] }
            for execution in waiting { try await driver.stop(execution, error: nil, cause: nil) }
            try await wait { try await statuses(of: "wait") == Array(repeating: .aborted, count: 5) }
        }
    }

    @Test func `What an execution waits for is stopped with it, at any depth`() async throws {
        let driver = try driver()
        let parent = try await driver.start("grandparent", input: [:])
        try await withService(driver) {
            try await wait { try await store.history(of: 3, after: 0, limit: 9).count == 2 }
            try await driver.stop(parent, error: "E", cause: nil)
            for workflow in ["grandparent", "parent", "wait"] {
                try await wait { try await statuses(of: workflow) == [.aborted] }
            }
        }
    }

    @Test func `What a task waited for until its time was over is stopped, by whoever drives it`() async throws {
        let driver = try driver()
        let parent = try await driver.start("impatient", input: [:])
        #expect(try await driver.drive(parent.id).status == .succeeded)
        #expect(try await statuses(of: "wait") == [.aborted])
    }

    @Test func `A task that waits for its token goes on when what it started has failed`() async throws {
        let driver = try driver()
        _ = try await driver.start("caller", input: [:])
        try await withService(driver) {
            try await wait { try await statuses(of: "failing") == [.failed] }
            let token = try #require(try await store.executions(matching: ExecutionFilter(workflow: "failing")).first)
            try await driver.answer(.taskSucceeded(token: try #require(token.parent), output: 1))
            try await wait { try await statuses(of: "caller") == [.succeeded] }
        }
    }

    @Test func `An execution of another interpreter is not driven, but can be stopped`() async throws {
        let driver = try driver()
        let start = ExecutionStart(
            workflow: "quick",
            name: "old",
            input: "{}",
            definition: Self.machines["quick"] ?? "",
            interpreter: Execution.journalVersion - 1,
            seed: 1,
            started: 1,
            journal: []
        )
        let execution = try await store.create(start)
        let error = await #expect(throws: IngotError.self) { try await driver.drive(execution.id) }
        #expect(error?.code == .executionUnreadable)
        try await driver.stop(execution, error: "E", cause: "c")
        let ended = try await driver.drive(execution.id)
        #expect(ended.status == .aborted && ended.error == "E" && ended.cause == "c")
        let events = try await store.history(of: execution.id, after: 0, limit: 9).map { try JSON(parsing: $0) }
        #expect(events.map { $0["type"] } == ["ExecutionAborted"])
    }
}
