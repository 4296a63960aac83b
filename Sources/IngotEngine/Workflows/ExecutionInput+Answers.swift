import IngotCore
import JSONTree
import StatesLanguage

extension ExecutionInput {
    /// The task that started the execution, and waited for its end, was cancelled.
    static let parentEnded = abort(error: nil, cause: "The task that started the execution was cancelled")

    /// What a message says; nil where it cannot be read.
    init?(message: ExecutionMessage) {
        guard let json = try? JSON(parsing: message.input) else { return nil }
        self.init(json)
    }

    /// The token of the task that the input is about.
    var token: String? {
        switch self {
        case .taskStarted(let token, _), .taskSubmitted(let token, _), .taskSucceeded(let token, _),
            .taskFailed(let token, _, _), .taskHeartbeat(let token), .itemsRead(let token, _, _),
            .itemsFailed(let token, _, _), .resultsWritten(let token, _), .resultsFailed(let token, _, _):
            token
        case .start, .timePassed, .abort, .redrive: nil
        }
    }

    /// Whether a task is over by it.
    var isAnswer: Bool {
        switch self {
        case .taskSucceeded, .taskFailed: true
        default: false
        }
    }
}
