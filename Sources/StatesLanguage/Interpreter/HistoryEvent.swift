public import JSONTree

/// An event of an execution's history.
public struct HistoryEvent: Sendable, Hashable {
    /// The event's number, from 1, without gaps.
    public let id: Int
    /// The number of the event that led to this one; 0 for the first ones.
    public let previousID: Int
    /// When it happened.
    public let timestamp: Timestamp
    /// The service's name of the event's type, such as `TaskStateEntered`.
    public let type: String
    /// What happened.
    public let detail: Detail
    /// The child execution of a distributed Map that the event belongs to, as in `3` or, for a child of that child, `3/0`;
    /// nil for the execution itself.
    public let child: String?

    /// What happened, by the shapes of the service's details.
    ///
    /// What is large and rare is indirect: a step holds many events, and most of them say that a state was entered or left.
    public enum Detail: Sendable, Hashable {
        /// Nothing more than the type says.
        case none
        /// An execution started.
        case executionStarted(input: JSON, roleARN: String)
        /// An execution succeeded.
        case executionSucceeded(output: JSON)
        /// An execution, a Map run, or something else failed.
        case failure(error: String?, cause: String?)
        /// A state was entered.
        case stateEntered(name: String, input: JSON)
        /// A state was left.
        case stateExited(name: String, output: JSON, assigned: [AssignedVariable])
        /// A task was scheduled.
        indirect case taskScheduled(TaskRequest)
        /// A task started.
        indirect case taskStarted(TaskResource)
        /// A worker took the task of an activity.
        case activityStarted(worker: String?)
        /// A task was submitted or succeeded.
        indirect case taskOutput(TaskResource, output: JSON)
        /// A task failed or timed out.
        indirect case taskFailed(TaskResource, error: String?, cause: String?)
        /// A Map state started its iterations.
        case mapStarted(length: Int)
        /// Something happened to an iteration.
        case iteration(name: String, index: Int)
        /// A Map run started.
        case mapRunStarted(arn: String)
        /// An execution or a Map run goes on after its end.
        case redriven(count: Int)
        /// An expression could not be evaluated.
        indirect case evaluationFailed(state: String, location: String?, error: String, cause: String)
    }

    /// The end of an execution that was stopped and that no interpreter could bring back for it.
    public static func aborted(id: Int, at time: Timestamp, error: String?, cause: String?) -> HistoryEvent {
        HistoryEvent(
            id: id,
            previousID: 0,
            timestamp: time,
            type: "ExecutionAborted",
            detail: .failure(error: error, cause: cause),
            child: nil
        )
    }

    /// A variable that a state set.
    public struct AssignedVariable: Sendable, Hashable {
        /// The variable's name.
        public let name: String
        /// Its new value.
        public let value: JSON
    }
}
