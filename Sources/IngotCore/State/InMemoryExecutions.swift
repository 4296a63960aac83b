import Synchronization

/// Executions in memory: for Express workflows, and for tests.
public final class InMemoryExecutions: ExecutionStore {
    private struct Entry {
        var execution: StoredExecution
        var definition: String
        var leaseToken: Int64?
        /// Until when it rests.
        var wake: Int64?
        var journal: [JournalEntry]
        var events: [String] = []
        var messages: [ExecutionMessage] = []
        var awaited: Set<String> = []
    }

    private struct Content {
        var entries: [Int64: Entry] = [:]
        var count: Int64 = 0
        var tokens: Int64 = 0
        var messages: Int64 = 0
        var changes: Int64 = 0

        mutating func post(_ input: String, to id: Int64) {
            messages += 1
            changes += 1
            entries[id]?.messages.append(ExecutionMessage(id: messages, input: input))
            entries[id]?.wake = nil
        }
    }

    private let content = Mutex(Content())
    /// Whether journals and histories are kept, and not only how executions stand.
    private let keepsHistory: Bool

    /// A store that holds nothing yet.
    ///
    /// - Parameter keepsHistory: Whether journals and histories are kept; Express workflows need none.
    public init(keepsHistory: Bool = true) {
        self.keepsHistory = keepsHistory
    }

    /// Records a new execution.
    public func create(_ start: ExecutionStart) async throws -> StoredExecution {
        try content.withLock { content in
            let same = content.entries.values.first {
                $0.execution.workflow == start.workflow && $0.execution.name == start.name
            }
            if let same {
                guard same.execution.status == .running, same.execution.input == start.input else {
                    throw IngotError.executionExists(start)
                }
                return same.execution
            }
            content.count += 1
            let execution = StoredExecution(id: content.count, start)
            content.changes += 1
            content.entries[execution.id] = Entry(
                execution: execution,
                definition: start.definition,
                journal: start.journal
            )
            return execution
        }
    }

    /// One execution by its workflow and name.
    public func execution(workflow: String?, name: String) async throws -> StoredExecution? {
        let found = content.withLock { content in
            content.entries.values.map(\.execution).filter {
                $0.name == name && (workflow == nil || $0.workflow == workflow)
            }
        }
        return found.count == 1 ? found[0] : nil
    }

    /// One execution by its number.
    public func execution(id: Int64) async throws -> StoredExecution? {
        content.withLock { $0.entries[id]?.execution }
    }

    /// The definition that an execution was started with.
    public func definition(of id: Int64) async throws -> String? {
        content.withLock { $0.entries[id]?.definition }
    }

    /// The executions that match, the newest first.
    public func executions(matching filter: ExecutionFilter) async throws -> [StoredExecution] {
        let found = content.withLock { content in
            content.entries.values.map(\.execution).filter { execution in
                (filter.workflow.map { $0 == execution.workflow } ?? true)
                    && (filter.statuses.map { $0.contains(execution.status) } ?? true)
                    && (filter.parent.map { $0 == execution.parent } ?? true)
                    && (filter.before.map { execution.id < $0 } ?? true)
            }
        }
        return Array(found.sorted { $0.id > $1.id }.prefix(max(0, filter.limit)))
    }

    /// A number that is another one after anybody has changed anything.
    public func changeMark() async throws -> Int64 {
        content.withLock { $0.changes }
    }

    /// The oldest executions that run and that no living process drives.
    public func undrivenExecutions(
        limit: Int,
        excluding excluded: Set<Int64>,
        at moment: Int64,
        isAlive: @Sendable (LeaseOwner) -> Bool
    ) async throws -> [StoredExecution] {
        let running = content.withLock { content in
            content.entries.values.filter { ($0.wake ?? 0) <= moment }.map(\.execution)
                .filter { $0.status == .running }
        }
        let found = running.filter { execution in
            !excluded.contains(execution.id) && !(execution.driver.map(isAlive) ?? false)
        }
        return Array(found.sorted { $0.id < $1.id }.prefix(max(0, limit)))
    }

    /// Takes the right to drive an execution.
    public func leaseExecution(
        _ id: Int64,
        owner: LeaseOwner,
        isAlive: @Sendable (LeaseOwner) -> Bool
    ) async throws -> ExecutionLease? {
        content.withLock { content in
            guard var entry = content.entries[id] else { return nil }
            if let driver = entry.execution.driver, isAlive(driver) { return nil }
            content.tokens += 1
            entry.leaseToken = content.tokens
            entry.wake = nil
            entry.execution.driver = owner
            content.entries[id] = entry
            return ExecutionLease(execution: id, token: content.tokens)
        }
    }

    /// Gives the right back.
    public func release(_ lease: ExecutionLease) async throws {
        giveBack(lease, wake: nil)
    }

    /// Gives the right back, and lets the execution rest.
    public func rest(_ lease: ExecutionLease, until moment: Int64?) async throws {
        giveBack(lease, wake: moment ?? .max)
    }

    private func giveBack(_ lease: ExecutionLease, wake: Int64?) {
        content.withLock { content in
            guard var entry = content.entries[lease.execution], entry.leaseToken == lease.token else { return }
            content.changes += 1
            entry.leaseToken = nil
            entry.execution.driver = nil
            entry.wake = entry.messages.isEmpty ? wake : nil
            content.entries[lease.execution] = entry
        }
    }

    /// Adds to the journal and the history of an execution.
    public func append(_ progress: ExecutionProgress, lease: ExecutionLease) async throws {
        try content.withLock { content in
            guard var entry = content.entries[lease.execution], entry.leaseToken == lease.token else {
                throw IngotError.executionLeaseLost(lease)
            }
            content.changes += 1
            // The entry has one owner while it changes, so that its lists grow in place.
            content.entries[lease.execution] = nil
            if keepsHistory {
                entry.journal += progress.journal
                entry.events += progress.events
            }
            entry.execution.eventCount += progress.events.count
            entry.messages.removeAll { progress.messages.contains($0.id) }
            entry.awaited.formUnion(progress.awaited)
            entry.awaited.subtract(progress.settled)
            if progress.isRunningAgain { entry.execution.reopen() }
            if let ending = progress.ending { entry.execution.end(ending) }
            if entry.execution.status != .running { (entry.awaited, entry.messages) = ([], []) }
            content.entries[lease.execution] = entry
            for (token, input) in progress.childMessages {
                let children = content.entries.filter { $1.execution.parent == token }
                for (id, child) in children where child.execution.status == .running { content.post(input, to: id) }
            }
        }
    }

    /// The journal after an entry.
    public func journal(of id: Int64, after position: Int64, limit: Int) async throws -> [JournalEntry] {
        content.withLock { content in
            Array((content.entries[id]?.journal ?? []).drop { $0.position <= position }.prefix(limit))
        }
    }

    /// The history after an event.
    public func history(of id: Int64, after event: Int, limit: Int) async throws -> [String] {
        content.withLock { Array(($0.entries[id]?.events ?? []).dropFirst(event).prefix(limit)) }
    }

    /// The last events of the history.
    public func latestHistory(of id: Int64, limit: Int) async throws -> [String] {
        content.withLock { ($0.entries[id]?.events ?? []).suffix(limit).reversed() }
    }

    /// Leaves a message for whoever drives the execution.
    public func post(_ input: String, to id: Int64) async throws {
        content.withLock { $0.post(input, to: id) }
    }

    /// Leaves a message that answers a task.
    public func answer(_ token: String, with input: String) async throws -> Bool {
        content.withLock { content in
            guard let id = content.entries.first(where: { $0.value.awaited.contains(token) })?.key else { return false }
            content.post(input, to: id)
            content.entries[id]?.awaited.remove(token)
            return true
        }
    }

    /// The messages that nobody has taken in.
    public func messages(to id: Int64) async throws -> [ExecutionMessage] {
        content.withLock { $0.entries[id]?.messages ?? [] }
    }

    /// The messages to all executions that nobody has taken in, by execution.
    public func messages(after id: Int64) async throws -> [Int64: [ExecutionMessage]] {
        content.withLock { content in
            content.entries.compactMapValues { entry in
                let found = entry.messages.filter { $0.id > id }
                return found.isEmpty ? nil : found
            }
        }
    }

    /// The execution that waits for a token.
    public func execution(waitingFor token: String) async throws -> Int64? {
        content.withLock { content in content.entries.first { $0.value.awaited.contains(token) }?.key }
    }

    /// Forgets the oldest executions that ended before a time.
    public func removeExecutions(endedBefore time: Int64, limit: Int) async throws -> Int {
        content.withLock { content in
            let executions = content.entries.values.map(\.execution)
            let firstRunning = executions.filter { $0.status == .running }.map(\.id).min() ?? .max
            let old = executions.filter { execution in
                (execution.ended ?? .max) < time && (execution.parent == nil || execution.id < firstRunning)
            }
            let removed = old.map(\.id).sorted().prefix(max(0, limit))
            for id in removed { content.entries[id] = nil }
            if !removed.isEmpty { content.changes += 1 }
            return removed.count
        }
    }
}

extension StoredExecution {
    /// Notes how the execution ended.
    package mutating func end(_ ending: ExecutionProgress.Ending) {
        status = ending.status
        ended = ending.time
        output = ending.output
        error = ending.error
        cause = ending.cause
    }

    /// Notes that the execution goes on after its end.
    package mutating func reopen() {
        status = .running
        (ended, output, error, cause) = (nil, nil, nil, nil)
    }
}

extension IngotError {
    /// Another execution has the name.
    package static func executionExists(_ start: ExecutionStart) -> IngotError {
        IngotError(
            .executionExists,
            "the workflow \(start.workflow) has an execution \"\(start.name)\" that has ended or has another input"
        )
    }

    /// Another process drives the execution.
    package static func executionLeaseLost(_ lease: ExecutionLease) -> IngotError {
        IngotError(.leaseLost, "the execution \(lease.execution) was taken over by another process")
    }
}
