/// Why a state failed.
struct StateError: Error, Sendable, Hashable {
    /// How the cause is written.
    enum Wording: Sendable, Hashable {
        /// The cause is written as it is.
        case plain
        /// The cause is preceded by the state and the event it was entered at.
        case inState
    }

    var name: String?
    var cause: String?
    var wording: Wording = .plain
    /// Another name under which rules cover the error.
    var alias: String?
    /// The field whose expression failed; such failures have an event of their own.
    var field: String?
    /// Whether the failure follows from the state's entering, and not from what led to it.
    var followsEntering = false
    /// Whether no rule can cover the error, whatever its name.
    var isTerminal = false

    static let runtimeName = "States.Runtime"
    static let queryEvaluationName = "States.QueryEvaluationError"
    static let dataLimitName = "States.DataLimitExceeded"
    static let timeoutName = "States.Timeout"
    static let heartbeatName = "States.HeartbeatTimeout"
    static let taskFailedName = "States.TaskFailed"

    static func runtime(_ detail: String) -> StateError {
        StateError(name: runtimeName, cause: detail, wording: .inState, isTerminal: true)
    }

    static func intrinsic(_ detail: String) -> StateError {
        StateError(name: "States.IntrinsicFailure", cause: detail, wording: .inState)
    }

    static func query(_ detail: String, field: String?) -> StateError {
        StateError(name: queryEvaluationName, cause: detail, wording: .inState, field: field)
    }

    static func invalidPath(_ path: Path, _ failure: PathFailure) -> StateError {
        runtime("Invalid path '\(path.text)' : \(failure.detail)")
    }
}
