/// How far each rule that starts executions has come, and what rules listen for.
///
/// Every call is one transaction. What a rule listens for is noted in the transaction that makes it true, from the moment
/// in which the rule is known. An adapter passes `StartStoreCompatTest`.
public protocol StartStore: Sendable {
    /// Makes rules known, and forgets all others; one that is new, or listens for something else now, begins here.
    func listen(_ rules: [StartListener]) async throws

    /// How far a rule has come; `nil` for one that is not known, or listens for something else now.
    ///
    /// Where a rule begins if it is new does not matter.
    func position(of rule: StartListener) async throws -> Int64?

    /// What a rule listens for and has not heard of, the oldest first.
    func happenings(for rule: String, limit: Int) async throws -> [Happening]

    /// Brings a rule forward and records what it starts; an execution of the same workflow and name is left as it is.
    ///
    /// - Returns: Whether the rule stood where it was thought to; if not, nothing was done.
    func advance(_ rule: String, from old: Int64, to new: Int64, starting: [ExecutionStart]) async throws -> Bool
}

/// What a rule listens for.
public struct StartListener: Sendable, Hashable {
    /// The kinds of things that rules listen for.
    public enum Kind: String, Sendable, Hashable {
        /// The passing of time.
        case time
        /// Objects of a pipeline that arrive.
        case object
        /// Runs of a pipeline or model that end.
        case run
        /// Executions of a workflow that end.
        case execution
    }

    /// The rule's name.
    public var rule: String
    /// What it listens for.
    public var kind: Kind
    /// The pipeline, model or workflow, or the schedule.
    public var subject: String
    /// Where it begins if it is new; what happens begins with the next thing that does if this is nil.
    public var position: Int64?

    /// Describes a listener.
    public init(rule: String, kind: Kind, subject: String, position: Int64? = nil) {
        self.rule = rule
        self.kind = kind
        self.subject = subject
        self.position = position
    }
}

/// Something that a rule listened for.
public struct Happening: Sendable, Hashable {
    /// What happened.
    public enum Subject: Sendable, Hashable {
        /// An object arrived.
        case object(LedgerEntry)
        /// A run ended.
        case run(Run)
        /// An execution ended.
        case execution(StoredExecution)
        /// What it was about is gone.
        case gone
    }

    /// Its number, which grows.
    public var id: Int64
    /// What happened.
    public var subject: Subject

    /// Describes what happened.
    public init(id: Int64, subject: Subject) {
        self.id = id
        self.subject = subject
    }
}
