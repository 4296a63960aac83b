/// The executions of workflows: what happened to each, and its history.
///
/// An execution is brought back from its journal of inputs; the history is what it told on the way. An adapter passes
/// `ExecutionStoreCompatTest`. Every call is one transaction.
public protocol ExecutionStore: Sendable {
    /// Records a new execution, with the first entries of its journal.
    ///
    /// - Returns: The execution; the one that runs already if it has the same workflow, name and input.
    /// - Throws: `IngotError` with `executionExists` if one of that workflow and name has ended or has another input.
    func create(_ start: ExecutionStart) async throws -> StoredExecution

    /// One execution by its workflow and name; without a workflow by its name alone, if only one has it.
    func execution(workflow: String?, name: String) async throws -> StoredExecution?

    /// One execution by its number.
    func execution(id: Int64) async throws -> StoredExecution?

    /// The definition that an execution was started with.
    func definition(of id: Int64) async throws -> String?

    /// The executions that match, the newest first.
    func executions(matching filter: ExecutionFilter) async throws -> [StoredExecution]

    /// A number that is another one after anybody has committed anything; asking for it costs next to nothing.
    func changeMark() async throws -> Int64

    /// The oldest executions that run, that no living process drives and that do not rest.
    ///
    /// - Parameters:
    ///   - limit: At most so many.
    ///   - excluded: Executions that are not wanted.
    ///   - moment: The time, in nanoseconds since 1970 UTC: whatever rests until then rests no more.
    ///   - isAlive: Whether a process still lives.
    /// - Returns: The executions, the oldest first.
    /// - Throws: `IngotError` if the store fails.
    func undrivenExecutions(
        limit: Int,
        excluding excluded: Set<Int64>,
        at moment: Int64,
        isAlive: @Sendable (LeaseOwner) -> Bool
    ) async throws -> [StoredExecution]

    /// Takes the right to drive an execution; `nil` if a living process has it, or there is no such execution.
    func leaseExecution(
        _ id: Int64,
        owner: LeaseOwner,
        isAlive: @Sendable (LeaseOwner) -> Bool
    ) async throws -> ExecutionLease?

    /// Gives the right back, also in a task that was cancelled; one that was lost already is no error.
    func release(_ lease: ExecutionLease) async throws

    /// Gives the right back, and lets the execution rest: it need not be driven until a moment or a message comes.
    ///
    /// - Parameters:
    ///   - lease: The right; nothing changes if it was lost.
    ///   - moment: In nanoseconds since 1970 UTC; nil for one that never comes.
    /// - Throws: `IngotError` if the store fails.
    func rest(_ lease: ExecutionLease, until moment: Int64?) async throws

    /// Adds to the journal and the history of an execution, and notes how it stands.
    ///
    /// - Throws: `IngotError` with `leaseLost` if another process drives the execution; nothing was added then.
    func append(_ progress: ExecutionProgress, lease: ExecutionLease) async throws

    /// The journal after an entry, in order.
    func journal(of id: Int64, after position: Int64, limit: Int) async throws -> [JournalEntry]

    /// The history after an event, in order: each event as JSON.
    func history(of id: Int64, after event: Int, limit: Int) async throws -> [String]

    /// The last events of the history, the newest first.
    func latestHistory(of id: Int64, limit: Int) async throws -> [String]

    /// Leaves a message for whoever drives the execution: an input of its journal, as JSON.
    func post(_ input: String, to id: Int64) async throws

    /// Leaves a message that answers a task, for the execution that waits for its token; from then on none does.
    ///
    /// - Returns: Whether an execution waited for the token.
    /// - Throws: `IngotError` if the store fails.
    func answer(_ token: String, with input: String) async throws -> Bool

    /// The messages that nobody has taken in, in order.
    ///
    /// A message goes with the append that names it.
    func messages(to id: Int64) async throws -> [ExecutionMessage]

    /// The messages to all executions that nobody has taken in and whose number is beyond the given one, by execution.
    func messages(after id: Int64) async throws -> [Int64: [ExecutionMessage]]

    /// The execution that waits for a token, as far as its driver has noted.
    func execution(waitingFor token: String) async throws -> Int64?

    /// Forgets the oldest executions that ended before a time, with their journals and histories.
    ///
    /// What somebody may still look for stays: executions of whose end starts have not all heard, and those that a task
    /// started, while any execution runs that began before them.
    ///
    /// - Parameters:
    ///   - time: In nanoseconds since 1970 UTC.
    ///   - limit: At most so many.
    /// - Returns: How many are gone; their names can be given again.
    /// - Throws: `IngotError` if the store fails.
    func removeExecutions(endedBefore time: Int64, limit: Int) async throws -> Int
}

/// A new execution.
public struct ExecutionStart: Sendable, Hashable {
    /// The workflow.
    public var workflow: String
    /// The name of the execution.
    public var name: String
    /// The input, as JSON.
    public var input: String
    /// The definition, as JSON.
    public var definition: String
    /// The version of the interpreter that the journal is for.
    public var interpreter: Int
    /// Where the execution's randomness starts.
    public var seed: UInt64
    /// When it started, in nanoseconds since 1970 UTC.
    public var started: Int64
    /// The token of the task that started it; nil for none.
    public var parent: String?
    /// The beginning of its journal.
    public var journal: [JournalEntry]

    /// Describes a new execution.
    public init(
        workflow: String,
        name: String,
        input: String,
        definition: String,
        interpreter: Int,
        seed: UInt64,
        started: Int64,
        parent: String? = nil,
        journal: [JournalEntry]
    ) {
        self.workflow = workflow
        self.name = name
        self.input = input
        self.definition = definition
        self.interpreter = interpreter
        self.seed = seed
        self.started = started
        self.parent = parent
        self.journal = journal
    }
}

/// An execution as it was last noted.
public struct StoredExecution: Sendable, Hashable {
    /// The number of the execution.
    public var id: Int64
    /// What it was started with.
    public var workflow: String
    /// The name of the execution.
    public var name: String
    /// The input, as JSON.
    public var input: String
    /// The version of the interpreter that the journal is for.
    public var interpreter: Int
    /// Where the execution's randomness starts.
    public var seed: UInt64
    /// When it started, in nanoseconds since 1970 UTC.
    public var started: Int64
    /// The token of the task that started it; nil for none.
    public var parent: String?
    /// How it stands.
    public var status: ExecutionStatus = .running
    /// When it ended, in nanoseconds since 1970 UTC.
    public var ended: Int64?
    /// The output as JSON, if it succeeded.
    public var output: String?
    /// The name of the error, if it has one.
    public var error: String?
    /// The cause of the error, if it has one.
    public var cause: String?
    /// How many events its history has.
    public var eventCount = 0
    /// Who drives it; nil for nobody.
    public var driver: LeaseOwner?

    /// An execution that has just started.
    public init(id: Int64, _ start: ExecutionStart) {
        self.id = id
        workflow = start.workflow
        name = start.name
        input = start.input
        interpreter = start.interpreter
        seed = start.seed
        started = start.started
        parent = start.parent
    }
}

/// How an execution stands, in the service's words.
public enum ExecutionStatus: String, Sendable, Hashable, CaseIterable {
    /// It goes on.
    case running = "RUNNING"
    /// It ended well.
    case succeeded = "SUCCEEDED"
    /// It ended with an error.
    case failed = "FAILED"
    /// It took too long.
    case timedOut = "TIMED_OUT"
    /// It was stopped.
    case aborted = "ABORTED"
}

/// Which executions to list.
public struct ExecutionFilter: Sendable, Hashable {
    /// Only of this workflow.
    public var workflow: String?
    /// Only with these statuses.
    public var statuses: Set<ExecutionStatus>?
    /// Only those that the task with this token started.
    public var parent: String?
    /// Only those with a smaller number, for the next page.
    public var before: Int64?
    /// At most so many, the newest.
    public var limit: Int

    /// Makes a filter; without arguments it matches everything.
    public init(
        workflow: String? = nil,
        statuses: Set<ExecutionStatus>? = nil,
        parent: String? = nil,
        before: Int64? = nil,
        limit: Int = .max
    ) {
        self.workflow = workflow
        self.statuses = statuses
        self.parent = parent
        self.before = before
        self.limit = limit
    }
}

/// The right to drive an execution.
public struct ExecutionLease: Sendable, Hashable {
    /// The execution.
    public var execution: Int64
    /// Grows with every lease given: a holder with an older token cannot append.
    public var token: Int64

    /// Names a lease.
    public init(execution: Int64, token: Int64) {
        self.execution = execution
        self.token = token
    }
}

/// An input of an execution, with its time.
public struct JournalEntry: Sendable, Hashable {
    /// Its place in the journal, from 1.
    public var position: Int64
    /// When it came, in nanoseconds since 1970 UTC.
    public var time: Int64
    /// The input, as JSON.
    public var input: String

    /// Makes an entry.
    public init(position: Int64, time: Int64, input: String) {
        self.position = position
        self.time = time
        self.input = input
    }
}

/// A message to an execution.
public struct ExecutionMessage: Sendable, Hashable {
    /// The number of the message.
    public var id: Int64
    /// The input, as JSON.
    public var input: String

    /// Makes a message.
    public init(id: Int64, input: String) {
        self.id = id
        self.input = input
    }
}

/// What has come to an execution and what came of it, to be noted at once.
public struct ExecutionProgress: Sendable, Hashable {
    /// How an execution ended.
    public struct Ending: Sendable, Hashable {
        /// The status.
        public var status: ExecutionStatus
        /// When, in nanoseconds since 1970 UTC.
        public var time: Int64
        /// The output as JSON, if it succeeded.
        public var output: String?
        /// The name of the error, if it has one.
        public var error: String?
        /// The cause of the error, if it has one.
        public var cause: String?

        /// Describes an end.
        public init(status: ExecutionStatus, time: Int64, output: String?, error: String?, cause: String?) {
            self.status = status
            self.time = time
            self.output = output
            self.error = error
            self.cause = cause
        }
    }

    /// The inputs.
    public var journal: [JournalEntry] = []
    /// The events that follow on those noted before, each as JSON without line breaks.
    public var events: [String] = []
    /// The messages that are among the inputs.
    public var messages: [Int64] = []
    /// Tokens that somebody outside may answer from now on.
    public var awaited: [String] = []
    /// Tokens whose answers nobody waits for any more.
    public var settled: [String] = []
    /// Messages to the executions that tasks started and that still run, by the tasks' tokens: an input as JSON each.
    public var childMessages: [String: String] = [:]
    /// Whether the execution runs, where it did not.
    public var isRunningAgain = false
    /// How the execution ended, if it did.
    public var ending: Ending?

    /// Nothing yet.
    public init() {}

    /// Whether there is nothing to note.
    public var isEmpty: Bool {
        journal.isEmpty && events.isEmpty && messages.isEmpty && awaited.isEmpty && settled.isEmpty
            && childMessages.isEmpty && !isRunningAgain && ending == nil
    }
}
