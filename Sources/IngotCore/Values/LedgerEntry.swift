/// What the ledger knows of one object.
public struct LedgerEntry: Sendable, Hashable {
    /// The ledger's own number of the object.
    public var id: Int64
    /// Which version of which file it is.
    public var object: ObjectVersion
    /// Where it stands.
    public var state: ObjectState
    /// Where its exact bytes lie in bronze.
    public var bronze: String
    /// As what its rows are in the tables, loaded or quarantined, whatever it waits for; `nil` if none of them is there.
    public var published: ObjectState?
    /// Whether it is, or waits to be, taken out rather than loaded.
    public var isUndone: Bool
    /// Which of its key's arrivals it was, the last time that it arrived.
    public var arrival: Int64
    /// Its size in bytes.
    public var size: Int64
    /// When the file was last modified, in nanoseconds since 1970 UTC; the object's time in `dedup_sort`.
    public var modified: Int64
    /// When the ledger first saw it, in nanoseconds since 1970 UTC.
    public var seen: Int64
    /// The batch that holds it or loaded it.
    public var loadID: String?
    /// The attempt that loaded it.
    public var runID: String?
    /// What became of its rows, once it is loaded or quarantined.
    public var counts: RowCounts
    /// How many times a run has taken it.
    public var attempts: Int
    /// What went wrong, if it failed or was quarantined whole.
    public var error: String?
    /// What becomes of its file in the source; `nil` where that stays.
    public var cleaning: Cleaning?

    /// Makes an entry.
    public init(
        id: Int64,
        object: ObjectVersion,
        state: ObjectState,
        bronze: String,
        size: Int64,
        modified: Int64,
        seen: Int64,
        loadID: String? = nil,
        runID: String? = nil,
        counts: RowCounts = RowCounts(),
        attempts: Int = 0,
        error: String? = nil,
        cleaning: Cleaning? = nil,
        published: ObjectState? = nil,
        isUndone: Bool = false,
        arrival: Int64 = 1
    ) {
        self.id = id
        self.object = object
        self.state = state
        self.bronze = bronze
        self.size = size
        self.modified = modified
        self.seen = seen
        self.loadID = loadID
        self.runID = runID
        self.counts = counts
        self.attempts = attempts
        self.error = error
        self.cleaning = cleaning
        self.published = published
        self.isUndone = isUndone
        self.arrival = arrival
    }
}
