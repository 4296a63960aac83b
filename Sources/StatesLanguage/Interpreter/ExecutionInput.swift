public import JSONTree

/// What happens to an execution from outside.
///
/// The inputs, with their times and in their order, determine everything an execution does: a journal of them is all
/// that is needed to bring an execution back.
public enum ExecutionInput: Sendable, Hashable {
    /// The execution starts.
    case start(input: JSON)
    /// A worker has taken the task of an activity.
    case taskStarted(token: String, worker: String?)
    /// A task that is answered later has been handed over.
    case taskSubmitted(token: String, output: JSON)
    /// A task succeeded.
    case taskSucceeded(token: String, output: JSON)
    /// A task failed.
    case taskFailed(token: String, error: String?, cause: String?)
    /// A task is still at work.
    case taskHeartbeat(token: String)
    /// Items were read; a continuation says that there are more.
    case itemsRead(token: String, items: [MapItem], continuation: String?)
    /// Items could not be read.
    case itemsFailed(token: String, error: String?, cause: String?)
    /// Results are written; the details of the last ones become the state's result.
    case resultsWritten(token: String, details: JSON)
    /// Results could not be written.
    case resultsFailed(token: String, error: String?, cause: String?)
    /// Time has passed.
    case timePassed
    /// The execution is to stop.
    case abort(error: String?, cause: String?)
    /// The execution, which has ended without success, is to go on where it stood.
    case redrive
}

extension ExecutionInput {
    /// The input as JSON, for a journal.
    public var json: JSON {
        switch self {
        case .start(let input): ["start": ["input": input]]
        case .taskStarted(let token, let worker):
            ["taskStarted": ["token": .string(token), "worker": worker.map(JSON.string) ?? .null]]
        case .taskSubmitted(let token, let output): ["taskSubmitted": ["token": .string(token), "output": output]]
        case .taskSucceeded(let token, let output): ["taskSucceeded": ["token": .string(token), "output": output]]
        case .taskFailed(let token, let error, let cause): ["taskFailed": Self.failure(token, error, cause)]
        case .taskHeartbeat(let token): ["taskHeartbeat": ["token": .string(token)]]
        case .itemsRead(let token, let items, let continuation):
            [
                "itemsRead": [
                    "token": .string(token), "items": MapItem.json(items),
                    "continuation": continuation.map(JSON.string) ?? .null,
                ]
            ]
        case .itemsFailed(let token, let error, let cause): ["itemsFailed": Self.failure(token, error, cause)]
        case .resultsWritten(let token, let details): ["resultsWritten": ["token": .string(token), "details": details]]
        case .resultsFailed(let token, let error, let cause): ["resultsFailed": Self.failure(token, error, cause)]
        case .timePassed: ["timePassed": [:]]
        case .redrive: ["redrive": [:]]
        case .abort(let error, let cause): ["abort": Self.failure("", error, cause)]
        }
    }

    private static func failure(_ token: String, _ error: String?, _ cause: String?) -> JSON {
        [
            "token": .string(token), "error": error.map(JSON.string) ?? .null,
            "cause": cause.map(JSON.string) ?? .null,
        ]
    }

    /// An input from a journal; nil for anything that ``json`` does not make.
    public init?(_ json: JSON) {
        guard let (kind, members) = json.objectValue?.first, members.objectValue != nil else { return nil }
        let token = members["token"]?.stringValue ?? ""
        let error = members["error"]?.stringValue
        let cause = members["cause"]?.stringValue
        switch kind {
        case "start": self = .start(input: members["input"] ?? .null)
        case "taskStarted": self = .taskStarted(token: token, worker: members["worker"]?.stringValue)
        case "taskSubmitted": self = .taskSubmitted(token: token, output: members["output"] ?? .null)
        case "taskSucceeded": self = .taskSucceeded(token: token, output: members["output"] ?? .null)
        case "taskFailed": self = .taskFailed(token: token, error: error, cause: cause)
        case "taskHeartbeat": self = .taskHeartbeat(token: token)
        case "itemsRead":
            let items = MapItem.items(inJournal: members["items"])
            self = .itemsRead(token: token, items: items, continuation: members["continuation"]?.stringValue)
        case "itemsFailed": self = .itemsFailed(token: token, error: error, cause: cause)
        case "resultsWritten": self = .resultsWritten(token: token, details: members["details"] ?? .null)
        case "resultsFailed": self = .resultsFailed(token: token, error: error, cause: cause)
        case "timePassed": self = .timePassed
        case "redrive": self = .redrive
        case "abort": self = .abort(error: error, cause: cause)
        default: return nil
        }
    }
}
