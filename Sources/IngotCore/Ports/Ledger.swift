/// The state of every object.
///
/// An adapter passes `LedgerCompatTest`. Every call is one transaction.
public protocol Ledger: Sendable {
    /// What files of a source looked like when their version was last determined, by key.
    ///
    /// - Parameters:
    ///   - source: The pipeline.
    ///   - keys: The files' keys; a source may have too many for one call.
    /// - Returns: The looks, by key.
    /// - Throws: `IngotError` if the store fails.
    func lastLooks(source: String, keys: [String]) async throws -> [String: LastLook]

    /// Records objects that exist: each is `seen`, unless it is the live version of its key already.
    ///
    /// An older version of the same key that waits or failed becomes `superseded`, or what it was before it waited if its
    /// rows are in the tables; one that a run holds stays with that run, and the new version waits for it. What waits to
    /// be taken out goes on waiting. A version that was undone is `seen` again only if another one arrived after it. What a
    /// key's file looked like is forgotten where that was another version than the one that is recorded last.
    func register(_ arrivals: [Arrival]) async throws

    /// Takes waiting objects for a batch, at most the limits' worth of those that `select` returns, in its order.
    ///
    /// Held objects, and objects whose key another held version has, are not offered.
    /// - Parameters:
    ///   - source: The pipeline.
    ///   - keys: Only objects of these keys are offered; `nil` for all.
    ///   - owner: Who takes them.
    ///   - loadID: The name for the new batch.
    ///   - select: Chooses from what waits; an empty choice takes nothing.
    /// - Returns: The lease and the objects taken, in the order chosen; `nil` if nothing was.
    /// - Throws: `IngotError` if the store fails.
    func lease(
        source: String,
        keys: [String]?,
        owner: LeaseOwner,
        loadID: String,
        select: @Sendable ([LedgerEntry]) -> [LedgerEntry]
    ) async throws -> (lease: Lease, entries: [LedgerEntry])?

    /// Takes over a batch whose holder died, whole and under its own name.
    func resume(
        source: String,
        owner: LeaseOwner,
        isAlive: @Sendable (LeaseOwner) -> Bool
    ) async throws -> (lease: Lease, entries: [LedgerEntry])?

    /// Gives a batch's objects back: each to the state it names, with its error.
    ///
    /// One that would wait again, while a newer version of its key came to wait meanwhile, becomes `superseded`, or what
    /// it was before if its rows are in the tables; this holds for the outcomes of a commit, too.
    func release(_ lease: Lease, outcomes: [BatchCommit.Outcome]) async throws

    /// Lets objects be loaded again: those that are loaded, quarantined, failed or undone become `seen`.
    ///
    /// One stays as it is where ``LedgerEntry/obstacleToReload(among:)`` says so.
    /// - Parameter ids: The ledger's numbers of the objects.
    /// - Returns: Those that wait to be loaded now, also those that did before.
    /// - Throws: `IngotError` if the store fails.
    func reload(_ ids: [Int64]) async throws -> Set<Int64>

    /// Lets an object be taken out: it becomes `seen`, and the next batch removes its rows.
    ///
    /// It stays as it is where it is superseded or undone, or where a version of its key is held.
    /// - Parameter id: The ledger's number of the object.
    /// - Returns: Whether it waits to be taken out now.
    /// - Throws: `IngotError` if the store fails.
    func undo(_ id: Int64) async throws -> Bool

    /// The entries that match, newest last.
    func entries(matching filter: LedgerFilter) async throws -> [LedgerEntry]

    /// How many objects of a source are in each state; a state that none is in is left out.
    func counts(source: String) async throws -> [ObjectState: Int]
}

extension Ledger {
    /// Takes waiting objects of any key for a batch; see ``lease(source:keys:owner:loadID:select:)``.
    public func lease(
        source: String,
        owner: LeaseOwner,
        loadID: String,
        select: @Sendable ([LedgerEntry]) -> [LedgerEntry]
    ) async throws -> (lease: Lease, entries: [LedgerEntry])? {
        try await lease(source: source, keys: nil, owner: owner, loadID: loadID, select: select)
    }
}

/// An object that exists.
public struct Arrival: Sendable, Hashable {
    /// Which version of which file.
    public var object: ObjectVersion
    /// Where its exact bytes lie in bronze.
    public var bronze: String
    /// The store's mark of the state whose version was determined; `nil` if that state cannot be told from a later one.
    public var entityTag: String?
    /// Its size in bytes.
    public var size: Int64
    /// When it was last modified, in nanoseconds since 1970 UTC.
    public var modified: Int64
    /// When it was noticed, in nanoseconds since 1970 UTC.
    public var seen: Int64
    /// When its file may be taken out of the source if it is loaded already, in nanoseconds since 1970 UTC; `nil` for
    /// never.
    public var cleaningDue: Int64?

    /// Makes an arrival.
    public init(
        object: ObjectVersion,
        bronze: String,
        entityTag: String?,
        size: Int64,
        modified: Int64,
        seen: Int64,
        cleaningDue: Int64? = nil
    ) {
        self.object = object
        self.bronze = bronze
        self.entityTag = entityTag
        self.size = size
        self.modified = modified
        self.seen = seen
        self.cleaningDue = cleaningDue
    }
}

/// What a file looked like when its version was last determined: as long as it looks the same, it need not be read.
public struct LastLook: Sendable, Hashable {
    /// The store's mark of the state.
    public var entityTag: String
    /// The version of that state.
    public var version: String

    /// Remembers a look.
    public init(entityTag: String, version: String) {
        self.entityTag = entityTag
        self.version = version
    }
}

/// Which entries of the ledger to return.
public struct LedgerFilter: Sendable {
    /// Only of this pipeline.
    public var source: String?
    /// Only of these keys.
    public var keys: [String]?
    /// Only in these states.
    public var states: Set<ObjectState>?
    /// Only of this batch.
    public var loadID: String?
    /// Only first seen at these times, in nanoseconds since 1970 UTC.
    public var seen: Range<Int64>?
    /// Only those whose rows are in the tables.
    public var isPublished: Bool
    /// At most so many, the newest.
    public var limit: Int?

    /// Makes a filter; without arguments it matches everything.
    public init(
        source: String? = nil,
        keys: [String]? = nil,
        states: Set<ObjectState>? = nil,
        loadID: String? = nil,
        seen: Range<Int64>? = nil,
        isPublished: Bool = false,
        limit: Int? = nil
    ) {
        self.source = source
        self.keys = keys
        self.states = states
        self.loadID = loadID
        self.seen = seen
        self.isPublished = isPublished
        self.limit = limit
    }
}
