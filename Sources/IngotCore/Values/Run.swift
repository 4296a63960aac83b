/// One attempt to move a batch through a stage.
public struct Run: Sendable, Hashable {
    /// What kind of work it is.
    public enum Kind: String, Sendable {
        /// Objects into silver and quarantine.
        case ingest
        /// A model into gold.
        case model
        /// A table into another database.
        case load
        /// What is older than it is kept, away.
        case retention
        /// Many small data files of a table into few.
        case compaction
    }

    /// How it stands.
    public enum Status: String, Sendable {
        /// It is under way, or its process died: the state keeps both as this.
        case running
        /// Its process died; known by whoever can tell.
        case interrupted
        /// Its work is committed.
        case succeeded
        /// It committed nothing; its error says why.
        case failed
    }

    /// Names the attempt.
    public var id: String
    /// Names the batch; the same in every attempt.
    public var loadID: String
    /// What kind of work it is.
    public var kind: Kind
    /// The pipeline, model or load.
    public var name: String
    /// How it stands.
    public var status: Status
    /// When it began, in nanoseconds since 1970 UTC.
    public var started: Int64
    /// When it ended, in nanoseconds since 1970 UTC.
    public var ended: Int64?
    /// How many objects it took in, or intervals it computed.
    public var inputs: Int
    /// What became of the rows.
    public var counts: RowCounts
    /// What it read, for lineage: objects, tables, intervals; bounded, the first ones are kept.
    public var sources: [String]
    /// The tables it wrote.
    public var targets: [String]
    /// What went wrong.
    public var error: String?
    /// The process that began it; `nil` where that is not known, as of a run that others have recorded.
    public var owner: LeaseOwner?

    /// Makes a run.
    public init(
        id: String,
        loadID: String,
        kind: Kind,
        name: String,
        status: Status = .running,
        started: Int64,
        ended: Int64? = nil,
        inputs: Int = 0,
        counts: RowCounts = RowCounts(),
        sources: [String] = [],
        targets: [String] = [],
        error: String? = nil,
        owner: LeaseOwner? = nil
    ) {
        self.id = id
        self.loadID = loadID
        self.kind = kind
        self.name = name
        self.status = status
        self.started = started
        self.ended = ended
        self.inputs = inputs
        self.counts = counts
        self.sources = sources
        self.targets = targets
        self.error = error
        self.owner = owner
    }

    /// The run as it stands: interrupted, if it is to be under way and its process is not.
    public func standing(_ isAlive: (LeaseOwner) -> Bool) -> Run {
        guard status == .running, !(owner.map(isAlive) ?? false) else { return self }
        var run = self
        run.status = .interrupted
        return run
    }
}
