public import JSONTree
public import StatesLanguage

/// Does one kind of task.
public protocol TaskHandler: Sendable {
    /// Whether a task counts among those that run at once; one that only waits for others does not.
    var takesSlot: Bool { get }

    /// Whether a task that was interrupted by the end of its process may be taken up again as if nothing had happened.
    ///
    /// Any other interrupted task fails, and its own `Retry` decides.
    var isResumable: Bool { get }

    /// Does a task; a cancelled one need not answer.
    ///
    /// - Throws: ``TaskFailure`` with the error that the workflow sees; any other error becomes one.
    func perform(_ task: WorkflowTask) async throws -> JSON
}

extension TaskHandler {
    /// Most tasks take a place.
    public var takesSlot: Bool { true }
    /// Most tasks cannot be taken up again.
    public var isResumable: Bool { false }
}

/// A task of an execution.
public struct WorkflowTask: Sendable {
    /// What was asked.
    public var request: TaskRequest
    /// What the job, function or query gets: the part of the effective input that is meant for it.
    public var input: JSON
    /// The workflow.
    public var workflow: String
    /// The name of the execution.
    public var execution: String
}

/// Why a task failed, as the workflow sees it.
public struct TaskFailure: Error, Sendable, Hashable {
    /// The name of the error, which `Retry` and `Catch` look at.
    public var error: String
    /// What happened.
    public var cause: String

    /// Makes a failure.
    public init(error: String, cause: String) {
        self.error = error
        self.cause = cause
    }
}

/// Who does a task.
public enum TaskPerformer: Sendable {
    /// A handler.
    case handler(any TaskHandler)
    /// Another workflow of the project.
    case workflow(String)
}

/// Finds who does a task.
public protocol TaskDirectory: Sendable {
    /// Who does a task; `nil` where nothing is bound to what it asks for.
    func performer(of request: TaskRequest) -> TaskPerformer?

    /// How what a task asks for is called, to be bound.
    func name(of request: TaskRequest) -> String
}

extension TaskDirectory {
    /// The resource as the definition writes it.
    public func name(of request: TaskRequest) -> String {
        request.resource.text
    }
}
