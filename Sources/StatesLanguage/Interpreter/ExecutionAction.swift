public import JSONTree

/// What a driver has to do for an execution.
public enum ExecutionAction: Sendable, Hashable {
    /// Have a task done, and answer with its token.
    case scheduleTask(TaskRequest)
    /// Nobody waits for a task any more.
    case cancelTask(token: String)
    /// Send ``ExecutionInput/timePassed`` at this time or later; replaces an earlier timer.
    case setTimer(at: Timestamp)
    /// Read items for a Map state, and answer with the token.
    case readItems(ItemRequest)
    /// Write results of a Map state, and answer with the token.
    case writeResults(ResultRequest)
    /// The execution has ended.
    case finished(ExecutionOutcome)
}

/// A task to be done.
public struct TaskRequest: Sendable, Hashable {
    /// What answers have to name.
    public let token: String
    /// The name of the state.
    public let state: String
    /// What is asked.
    public let resource: TaskResource
    /// The effective input.
    public let input: JSON
    /// How long the task may take.
    public let timeoutSeconds: Int?
    /// How long the task may be silent.
    public let heartbeatSeconds: Int?
    /// The credentials to work with.
    public let credentials: JSON?
    /// How many attempts failed before this one.
    public let retryCount: Int
    /// The region of the execution.
    public let region: String
}

/// Items to be read.
public struct ItemRequest: Sendable, Hashable {
    /// What the answer has to name.
    public let token: String
    /// The name of the state.
    public let state: String
    /// The resource of the reader, such as `arn:aws:states:::s3:getObject`.
    public let resource: String
    /// The reader's arguments, such as bucket and key.
    public let arguments: JSON
    /// How the items are written.
    public let format: ItemFormat
    /// How many items to read at most, over all pages.
    public let itemCountMax: Int?
    /// Where to go on, as an earlier page said; nil for the first page.
    public let continuation: String?

    /// Makes a request.
    public init(
        token: String,
        state: String,
        resource: String,
        arguments: JSON,
        format: ItemFormat,
        itemCountMax: Int?,
        continuation: String?
    ) {
        self.token = token
        self.state = state
        self.resource = resource
        self.arguments = arguments
        self.format = format
        self.itemCountMax = itemCountMax
        self.continuation = continuation
    }
}

/// Results to be written.
public struct ResultRequest: Sendable, Hashable {
    /// What the answer has to name.
    public let token: String
    /// The name of the state.
    public let state: String
    /// The resource of the writer, such as `arn:aws:states:::s3:putObject`.
    public let resource: String
    /// The arguments of the writer: bucket and prefix.
    public let arguments: JSON
    /// The files to be written; writing one again replaces it.
    public let files: [ResultFile]
    /// What the state says about the files; the answer may hand it back.
    public let details: JSON

    /// Makes a request.
    public init(
        token: String,
        state: String,
        resource: String,
        arguments: JSON,
        files: [ResultFile],
        details: JSON
    ) {
        self.token = token
        self.state = state
        self.resource = resource
        self.arguments = arguments
        self.files = files
        self.details = details
    }
}

/// How an execution ended.
public enum ExecutionOutcome: Sendable, Hashable {
    /// It succeeded.
    case succeeded(output: JSON)
    /// It failed.
    case failed(error: String?, cause: String?)
    /// It took longer than the machine allows.
    case timedOut(error: String?, cause: String?)
    /// It was stopped.
    case aborted(error: String?, cause: String?)

    /// The service's name of the status.
    public var status: String {
        switch self {
        case .succeeded: "SUCCEEDED"
        case .failed: "FAILED"
        case .timedOut: "TIMED_OUT"
        case .aborted: "ABORTED"
        }
    }
}
