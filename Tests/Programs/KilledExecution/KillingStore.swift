import Foundation
import IngotCore
import Synchronization

/// A store whose process is killed before or after one of its operations, as by `kill -9`.
final class KillingStore: ExecutionStore {
    private struct State {
        var counts: [String: Int] = [:]
        var operations: [String] = []
    }

    private let store: any ExecutionStore
    private let moment: String?
    private let state = Mutex(State())

    /// A store over another one; the moment is `before` or `after`, an operation and its number.
    init(_ store: any ExecutionStore, at moment: String?) {
        self.store = store
        self.moment = moment
    }

    /// The operations so far, each with its number.
    ///
    /// Looks at what others do are none: there can be any number of them.
    var operations: [String] {
        state.withLock { $0.operations }
    }

    private func perform<Value: Sendable>(_ name: String, _ body: () async throws -> Value) async throws -> Value {
        let operation = state.withLock { state in
            state.counts[name, default: 0] += 1
            let operation = "\(name) \(state.counts[name, default: 0])"
            state.operations.append(operation)
            return operation
        }
        if moment == "before \(operation)" { die() }
        let value = try await body()
        if moment == "after \(operation)" { die() }
        return value
    }

    private func die() -> Never {
        kill(getpid(), SIGKILL)
        fatalError("nobody outlives this signal")
    }

    func create(_ start: ExecutionStart) async throws -> StoredExecution {
        try await perform("create") { try await store.create(start) }
    }

    func execution(workflow: String?, name: String) async throws -> StoredExecution? {
        try await store.execution(workflow: workflow, name: name)
    }

    func execution(id: Int64) async throws -> StoredExecution? {
        try await store.execution(id: id)
    }

    func definition(of id: Int64) async throws -> String? {
        try await perform("definition") { try await store.definition(of: id) }
    }

    func executions(matching filter: ExecutionFilter) async throws -> [StoredExecution] {
        try await store.executions(matching: filter)
    }

    func changeMark() async throws -> Int64 {
        try await store.changeMark()
    }

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
        try await perform("leaseExecution") { try await store.leaseExecution(id, owner: owner, isAlive: isAlive) }
    }

    func release(_ lease: ExecutionLease) async throws {
        try await perform("release") { try await store.release(lease) }
    }

    func append(_ progress: ExecutionProgress, lease: ExecutionLease) async throws {
        try await perform("append") { try await store.append(progress, lease: lease) }
    }

    func journal(of id: Int64, after position: Int64, limit: Int) async throws -> [JournalEntry] {
        try await perform("journal") { try await store.journal(of: id, after: position, limit: limit) }
    }

    func history(of id: Int64, after event: Int, limit: Int) async throws -> [String] {
        try await store.history(of: id, after: event, limit: limit)
    }

    func latestHistory(of id: Int64, limit: Int) async throws -> [String] {
        try await store.latestHistory(of: id, limit: limit)
    }

    func post(_ input: String, to id: Int64) async throws {
        try await perform("post") { try await store.post(input, to: id) }
    }

    func messages(to id: Int64) async throws -> [ExecutionMessage] {
        try await store.messages(to: id)
    }

    func messages(after id: Int64) async throws -> [Int64: [ExecutionMessage]] {
        try await store.messages(after: id)
    }

    func execution(waitingFor token: String) async throws -> Int64? {
        try await store.execution(waitingFor: token)
    }
}
