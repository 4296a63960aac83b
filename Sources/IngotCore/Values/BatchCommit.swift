/// Everything that becomes true at once when a batch is committed.
public struct BatchCommit: Sendable {
    /// What became of one object.
    public struct Outcome: Sendable, Hashable {
        /// The ledger's number of the object.
        public var id: Int64
        /// Its new state.
        public var state: ObjectState
        /// What became of its rows.
        public var counts: RowCounts
        /// Why it was quarantined whole or failed.
        public var error: String?

        /// Makes an outcome.
        public init(id: Int64, state: ObjectState, counts: RowCounts, error: String? = nil) {
            self.id = id
            self.state = state
            self.counts = counts
            self.error = error
        }
    }

    /// The tables' pointers.
    public var pointers: [PointerSwap]
    /// The lease that gives the right to commit; `nil` for work that takes no objects.
    public var lease: Lease?
    /// What became of each leased object.
    public var outcomes: [Outcome]
    /// The ledger's numbers of the objects whose rows this commit removes for good.
    public var superseded: [Int64]
    /// Superseded objects that this commit loads again in the place of newer ones that it takes out.
    public var restored: [Outcome]
    /// Objects of earlier batches whose rows this commit moves between silver and quarantine, with their new counts.
    public var recounted: [Outcome]
    /// The finished run.
    public var run: Run
    /// Changes that models must take in.
    public var pending: [PendingChange]
    /// The model that this commit computes, and the changes that it took in.
    public var model: ModelCommit?
    /// How far a backfill has come with this commit.
    public var backfill: Backfill?
    /// Files that no snapshot names any more, to be deleted when their time has come.
    public var garbage: [Garbage]
    /// The messages that this commit deals with.
    public var acknowledged: [MessageReceipt]
    /// The messages of objects of which nothing is committed.
    public var givenBack: [MessageFailure]
    /// The dead letters that nobody has to try again after this commit; they are forgotten.
    public var voidLetters: [VoidLetters]
    /// When the files of objects may be taken out of their source, by the ledger's number, in nanoseconds since 1970 UTC.
    public var cleanings: [Int64: Int64]
    /// The event that tells others of the run's end.
    public var lineage: String?

    /// Makes a commit.
    public init(
        pointers: [PointerSwap],
        lease: Lease? = nil,
        outcomes: [Outcome] = [],
        superseded: [Int64] = [],
        restored: [Outcome] = [],
        recounted: [Outcome] = [],
        run: Run,
        pending: [PendingChange] = [],
        model: ModelCommit? = nil,
        backfill: Backfill? = nil,
        garbage: [Garbage] = [],
        acknowledged: [MessageReceipt] = [],
        givenBack: [MessageFailure] = [],
        voidLetters: [VoidLetters] = [],
        cleanings: [Int64: Int64] = [:],
        lineage: String? = nil
    ) {
        self.pointers = pointers
        self.lease = lease
        self.outcomes = outcomes
        self.superseded = superseded
        self.restored = restored
        self.recounted = recounted
        self.run = run
        self.pending = pending
        self.model = model
        self.backfill = backfill
        self.garbage = garbage
        self.acknowledged = acknowledged
        self.givenBack = givenBack
        self.voidLetters = voidLetters
        self.cleanings = cleanings
        self.lineage = lineage
    }
}

/// A file to delete once no reader can still need it.
public struct Garbage: Sendable, Hashable {
    /// The file's location.
    public var location: String
    /// The earliest time to delete it, in nanoseconds since 1970 UTC.
    public var after: Int64

    /// Marks a file.
    public init(location: String, after: Int64) {
        self.location = location
        self.after = after
    }
}

/// What a model's commit changes in the state of the model.
public struct ModelCommit: Sendable, Hashable {
    /// The model's new state.
    public var state: ModelState
    /// The changes that it took in; exactly these are cleared.
    public var cleared: [PendingChange]

    /// Makes a model's commit.
    public init(state: ModelState, cleared: [PendingChange]) {
        self.state = state
        self.cleared = cleared
    }
}

/// What is remembered of a model between runs.
public struct ModelState: Sendable, Hashable {
    /// The model's name.
    public var model: String
    /// A hash of the SQL and of the settings that its table was computed with.
    public var fingerprint: String
    /// The id of each input's snapshot that the table was computed from, 0 for none; of a seed, a hash of its content.
    public var inputs: [String: Int64]
    /// When it was last computed, in nanoseconds since 1970 UTC.
    public var computed: Int64

    /// Makes a state.
    public init(model: String, fingerprint: String, inputs: [String: Int64], computed: Int64) {
        self.model = model
        self.fingerprint = fingerprint
        self.inputs = inputs
        self.computed = computed
    }
}
