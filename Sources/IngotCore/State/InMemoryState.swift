import Synchronization

/// All that is remembered of a project, in memory: for tests, and for what need not outlive the process.
///
/// It keeps the same contracts as a durable state, a commit of everything at once among them.
public final class InMemoryState: Sendable {
    /// What it remembers: a value, so that work that fails halfway leaves nothing behind.
    struct Content: Sendable {
        var namespaces: [String: [String: String]] = [:]
        var pointers: [TableKey: String] = [:]
        var objects: [Int64: LedgerEntry] = [:]
        /// The token under which an object is held.
        var holders: [Int64: Int64] = [:]
        var looks: [String: [String: LastLook]] = [:]
        var leases: [Lease] = []
        var leasedSources: [Int64: String] = [:]
        var tokens: Int64 = 0
        var runs: [Run] = []
        var models: [String: ModelState] = [:]
        var pending: [PendingKey: Int64] = [:]
        var backfills: [String: Backfill] = [:]
        var garbage: [String: Int64] = [:]
        /// By the number of the object.
        var cleanings: [Int64: Cleaning] = [:]
        var queues: [String: Queue] = [:]
        /// The runs of which others are told and which have not ended, by their ids.
        var openLineage: [String: LineageStart] = [:]
        var lineageEvents: [LineageEvent] = []
        /// The number of the last event.
        var lineageCount: Int64 = 0
        /// The number of the last message.
        var messages: Int64 = 0
    }

    /// A table's full name.
    struct TableKey: Hashable, Sendable {
        var namespace: String
        var table: String
    }

    /// A pending change without its generation.
    struct PendingKey: Hashable, Sendable {
        var model: String
        var input: String
        var extent: PendingChange.Extent
    }

    private let content = Mutex(Content())

    /// A state that remembers nothing yet.
    public init() {}

    /// Looks at the content.
    func read<Value: Sendable>(_ work: (borrowing Content) throws -> Value) rethrows -> Value {
        try content.withLock { try work($0) }
    }

    /// Changes the content; if the work throws, nothing has changed.
    func write<Value: Sendable>(_ work: (inout Content) throws -> Value) rethrows -> Value {
        try content.withLock { content in
            var next = content
            let value = try work(&next)
            content = next
            return value
        }
    }
}
