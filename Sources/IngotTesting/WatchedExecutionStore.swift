public import IngotCore
import Synchronization

/// A store of executions that tells of each of its operations before and after it, so that a process can die there.
///
/// Looks at what others do are no operations: there can be any number of them.
public final class WatchedExecutionStore: ExecutionStore {
    /// Something that a process does with the store.
    public enum Operation: Sendable {
        case create
        case definition
        case leaseExecution
        case release
        /// Entries are added to a journal.
        case append([JournalEntry])
        /// A journal is read; what was read is known afterwards.
        case journal([JournalEntry])
        case post

        /// The name of the store's function.
        public var name: String {
            switch self {
            case .create: "create"
            case .definition: "definition"
            case .leaseExecution: "leaseExecution"
            case .release: "release"
            case .append: "append"
            case .journal: "journal"
            case .post: "post"
            }
        }
    }

    /// A point at which a process can die; an operation's number counts those of its name, from 1.
    public enum Moment: Sendable {
        case before(Operation, number: Int)
        case after(Operation, number: Int)
    }

    private let store: any ExecutionStore
    private let notice: @Sendable (Moment) throws -> Void
    private let counts = Mutex<[String: Int]>([:])

    /// Watches a store.
    ///
    /// - Parameters:
    ///   - store: The store.
    ///   - notice: Is told of each moment; what it throws, the operation throws.
    public init(_ store: any ExecutionStore, _ notice: @escaping @Sendable (Moment) throws -> Void) {
        self.store = store
        self.notice = notice
    }

    private func perform<Value: Sendable>(
        _ operation: Operation,
        _ body: () async throws -> Value
    ) async throws -> Value {
        let number = begin(operation)
        try notice(.before(operation, number: number))
        let value = try await body()
        try notice(.after(operation, number: number))
        return value
    }

    private func begin(_ operation: Operation) -> Int {
        counts.withLock { counts in
            counts[operation.name, default: 0] += 1
            return counts[operation.name, default: 0]
        }
    }

    // MARK: Operations

    /// Begins an execution.
    public func create(_ start: ExecutionStart) async throws -> StoredExecution {
        try await perform(.create) { try await store.create(start) }
    }

    /// The definition of an execution.
    public func definition(of id: Int64) async throws -> String? {
        try await perform(.definition) { try await store.definition(of: id) }
    }

    /// Takes an execution.
    public func leaseExecution(
        _ id: Int64,
        owner: LeaseOwner,
        isAlive: @Sendable (LeaseOwner) -> Bool
    ) async throws -> ExecutionLease? {
        try await perform(.leaseExecution) { try await store.leaseExecution(id, owner: owner, isAlive: isAlive) }
    }

    /// Gives an execution back.
    public func release(_ lease: ExecutionLease) async throws {
        try await perform(.release) { try await store.release(lease) }
    }

    /// Gives an execution back that rests.
    public func rest(_ lease: ExecutionLease, until moment: Int64?) async throws {
        try await perform(.release) { try await store.rest(lease, until: moment) }
    }

    /// Adds what happened.
    public func append(_ progress: ExecutionProgress, lease: ExecutionLease) async throws {
        try await perform(.append(progress.journal)) { try await store.append(progress, lease: lease) }
    }

    /// What happened so far.
    public func journal(of id: Int64, after position: Int64, limit: Int) async throws -> [JournalEntry] {
        let number = begin(.journal([]))
        try notice(.before(.journal([]), number: number))
        let entries = try await store.journal(of: id, after: position, limit: limit)
        try notice(.after(.journal(entries), number: number))
        return entries
    }

    /// Sends an answer to whoever waits for it.
    public func answer(_ token: String, with input: String) async throws -> Bool {
        try await perform(.post) { try await store.answer(token, with: input) }
    }

    /// Sends an input to an execution.
    public func post(_ input: String, to id: Int64) async throws {
        try await perform(.post) { try await store.post(input, to: id) }
    }
}

extension WatchedExecutionStore {
    /// An execution by its name.
    public func execution(workflow: String?, name: String) async throws -> StoredExecution? {
        try await store.execution(workflow: workflow, name: name)
    }

    /// An execution by its number.
    public func execution(id: Int64) async throws -> StoredExecution? { try await store.execution(id: id) }

    /// The executions that match.
    public func executions(matching filter: ExecutionFilter) async throws -> [StoredExecution] {
        try await store.executions(matching: filter)
    }

    /// Changes whenever somebody has committed something.
    public func changeMark() async throws -> Int64 { try await store.changeMark() }

    /// Executions that nobody drives.
    public func undrivenExecutions(
        limit: Int,
        excluding excluded: Set<Int64>,
        at moment: Int64,
        isAlive: @Sendable (LeaseOwner) -> Bool
    ) async throws -> [StoredExecution] {
        try await store.undrivenExecutions(limit: limit, excluding: excluded, at: moment, isAlive: isAlive)
    }

    /// The events of an execution.
    public func history(of id: Int64, after event: Int, limit: Int) async throws -> [String] {
        try await store.history(of: id, after: event, limit: limit)
    }

    /// The last events of an execution.
    public func latestHistory(of id: Int64, limit: Int) async throws -> [String] {
        try await store.latestHistory(of: id, limit: limit)
    }

    /// What was sent to an execution.
    public func messages(to id: Int64) async throws -> [ExecutionMessage] { try await store.messages(to: id) }

    /// What was sent to executions.
    public func messages(after id: Int64) async throws -> [Int64: [ExecutionMessage]] {
        try await store.messages(after: id)
    }

    /// The execution that waits for a token.
    public func execution(waitingFor token: String) async throws -> Int64? {
        try await store.execution(waitingFor: token)
    }

    /// Forgets executions that ended.
    public func removeExecutions(endedBefore time: Int64, limit: Int) async throws -> Int {
        try await store.removeExecutions(endedBefore: time, limit: limit)
    }
}
