import IngotCore
import JSONTree
import StatesLanguage
import Synchronization

/// A store whose process dies at one of its appends: before it is kept, or right after.
final class FaultyStore: ExecutionStore {
    struct Crash: Error {}

    enum Fault: Sendable, Hashable {
        case before(Int)
        case after(Int)
    }

    fileprivate struct State {
        var appendCount = 0
        var fault: Fault?
        var isDead = false
        var started: Set<String> = []
        var answered: Set<String> = []
    }

    private let store: InMemoryExecutions
    private let state: Mutex<State>

    init(_ store: InMemoryExecutions, fault: Fault? = nil) {
        self.store = store
        state = Mutex(State(fault: fault))
    }

    var appendCount: Int {
        state.withLock { $0.appendCount }
    }

    /// Tasks that were started, and of which no answer is in the journal.
    var unanswered: Set<String> {
        state.withLock { $0.started.subtracting($0.answered) }
    }

    func append(_ progress: ExecutionProgress, lease: ExecutionLease) async throws {
        let (number, fault) = try state.withLock { state in
            guard !state.isDead else { throw Crash() }
            state.appendCount += 1
            for entry in progress.journal { state.note(entry) }
            return (state.appendCount, state.fault)
        }
        if fault == .before(number) { try die() }
        try await store.append(progress, lease: lease)
        if fault == .after(number) { try die() }
    }

    private func die() throws -> Never {
        state.withLock { $0.isDead = true }
        throw Crash()
    }

    private func alive() throws {
        if state.withLock({ $0.isDead }) { throw Crash() }
    }

    func create(_ start: ExecutionStart) async throws -> StoredExecution { try await store.create(start) }

    func execution(workflow: String?, name: String) async throws -> StoredExecution? {
        try await store.execution(workflow: workflow, name: name)
    }

    func execution(id: Int64) async throws -> StoredExecution? { try await store.execution(id: id) }

    func definition(of id: Int64) async throws -> String? { try await store.definition(of: id) }

    func executions(matching filter: ExecutionFilter) async throws -> [StoredExecution] {
        try await store.executions(matching: filter)
    }

    func changeMark() async throws -> Int64 { try await store.changeMark() }

    func undrivenExecutions(
        limit: Int,
        excluding excluded: Set<Int64>,
        isAlive: @Sendable (LeaseOwner) -> Bool
    ) async throws -> [StoredExecution] {
        try await store.undrivenExecutions(limit: limit, excluding: excluded, isAlive: isAlive)
    }

    func leaseExecution(
        _ id: Int64,
        owner: LeaseOwner,
        isAlive: @Sendable (LeaseOwner) -> Bool
    ) async throws -> ExecutionLease? {
        try await store.leaseExecution(id, owner: owner, isAlive: isAlive)
    }

    func release(_ lease: ExecutionLease) async throws {
        // The dead give nothing back.
        try alive()
        try await store.release(lease)
    }

    func journal(of id: Int64, after position: Int64, limit: Int) async throws -> [JournalEntry] {
        let entries = try await store.journal(of: id, after: position, limit: limit)
        state.withLock { state in for entry in entries { state.note(entry) } }
        return entries
    }

    func history(of id: Int64, after event: Int, limit: Int) async throws -> [String] {
        try await store.history(of: id, after: event, limit: limit)
    }

    func latestHistory(of id: Int64, limit: Int) async throws -> [String] {
        try await store.latestHistory(of: id, limit: limit)
    }

    func post(_ input: String, to id: Int64) async throws { try await store.post(input, to: id) }

    func messages(to id: Int64) async throws -> [ExecutionMessage] { try await store.messages(to: id) }

    func messages(after id: Int64) async throws -> [Int64: [ExecutionMessage]] { try await store.messages(after: id) }

    func execution(waitingFor token: String) async throws -> Int64? { try await store.execution(waitingFor: token) }
}

extension FaultyStore.State {
    fileprivate mutating func note(_ entry: JournalEntry) {
        guard let json = try? JSON(parsing: entry.input) else { return }
        switch ExecutionInput(json) {
        case .taskStarted(let token, _): started.insert(token)
        case .taskSucceeded(let token, _), .taskFailed(let token, _, _): answered.insert(token)
        default: break
        }
    }
}
