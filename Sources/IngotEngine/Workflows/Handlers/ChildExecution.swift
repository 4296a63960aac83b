public import IngotCore
import JSONTree
import StatesLanguage

/// Starts an execution of another workflow, and waits for its end where the task does.
struct ChildExecution: TaskHandler {
    let driver: WorkflowDriver
    let workflow: String

    /// The child takes places itself: were its parent to hold one, the two could wait for each other.
    var takesSlot: Bool { false }
    /// The child is found again by the task's token.
    var isResumable: Bool { true }

    func perform(_ task: WorkflowTask) async throws -> JSON {
        let request = task.request
        let isAwaited = Self.isAwaited(by: request)
        if driver.isExpress(workflow) {
            let child = try await driver.runExpress(workflow, input: task.input)
            return isAwaited ? try answer(child, request) : Self.started(child)
        }
        let child = try await child(of: task)
        if isAwaited { return try answer(try await driver.driveToEnd(child.id), request) }
        // Who has the token may be the child, which nobody else may drive.
        if request.resource.pattern == .waitForTaskToken { _ = try await driver.driveToEnd(child.id) }
        return Self.started(child)
    }

    /// Whether a task ends with the execution that it starts, and as that one does.
    static func isAwaited(by request: TaskRequest) -> Bool {
        let resource = request.resource
        return resource.service != "states" || resource.pattern == .sync || resource.pattern == .sync2
    }

    /// What the service says of an execution that it has started.
    private static func started(_ child: StoredExecution) -> JSON {
        let date = Timestamp(nanosecondsSinceEpoch: child.started)
        return ["ExecutionArn": .string(child.arn), "StartDate": .string(date.iso8601)]
    }

    /// The child of the task, which a process before this one may have started.
    private func child(of task: WorkflowTask) async throws -> StoredExecution {
        let token = task.request.token
        let name = task.request.input["Name"]?.stringValue ?? token
        let store = driver.services.store
        if let known = try await store.execution(workflow: workflow, name: name), known.parent == token { return known }
        do {
            return try await driver.start(workflow, input: task.input, name: name, parent: token)
        } catch let error as IngotError where error.code == .executionExists {
            throw TaskFailure(error: "StepFunctions.ExecutionAlreadyExistsException", cause: error.message)
        }
    }

    private func answer(_ child: StoredExecution, _ request: TaskRequest) throws -> JSON {
        guard request.resource.service == "states" else {
            // Another resource that is bound to a workflow sees its output alone.
            guard child.status == .succeeded else {
                let error = child.error ?? "States.TaskFailed"
                throw TaskFailure(error: error, cause: child.cause ?? child.status.rawValue)
            }
            return parsed(child.output)
        }
        let isStructured = request.resource.pattern == .sync2
        var description: JSONObject = [
            "ExecutionArn": .string(child.arn), "Name": .string(child.name), "Status": .string(child.status.rawValue),
            "StateMachineArn": .string(child.machineARN),
            "StartDate": .integer(child.started / 1_000_000), "StopDate": .integer((child.ended ?? 0) / 1_000_000),
            "Input": isStructured ? parsed(child.input) : .string(child.input),
        ]
        guard child.status == .succeeded else {
            description["Error"] = child.error.map(JSON.string)
            description["Cause"] = child.cause.map(JSON.string)
            throw TaskFailure(error: "States.TaskFailed", cause: JSON.object(description).text())
        }
        description["Output"] = isStructured ? parsed(child.output) : .string(child.output ?? "null")
        return .object(description)
    }

    private func parsed(_ text: String?) -> JSON {
        text.flatMap { try? JSON(parsing: $0) } ?? .null
    }
}

extension StoredExecution {
    private var identity: ExecutionIdentity {
        ExecutionIdentity(name: name, machineName: workflow)
    }

    /// The name of the execution as the service writes it.
    public var arn: String { identity.executionARN }

    /// The name of its state machine as the service writes it.
    public var machineARN: String { identity.machineARN }
}
