import IngotCore
import IngotTesting
import JSONTree
import StatesLanguage
import Synchronization

/// A process that dies at one of its appends to the store of executions: before it is kept, or right after.
final class DyingProcess: Sendable {
    struct Crash: Error {}

    enum Fault: Sendable, Hashable {
        case before(Int)
        case after(Int)
    }

    fileprivate struct State {
        var appendCount = 0
        var isDead = false
        var started: Set<String> = []
        var answered: Set<String> = []
    }

    /// What it keeps executions in.
    let memory: InMemoryExecutions
    private let fault: Fault?
    private let state = Mutex(State())

    init(over memory: InMemoryExecutions, fault: Fault? = nil) {
        self.memory = memory
        self.fault = fault
    }

    /// The store as the process sees it; it has one.
    func makeStore() -> WatchedExecutionStore {
        WatchedExecutionStore(memory) { try self.notice($0) }
    }

    var appendCount: Int {
        state.withLock { $0.appendCount }
    }

    /// Tasks that were started, and of which no answer is in the journal.
    var unanswered: Set<String> {
        state.withLock { $0.started.subtracting($0.answered) }
    }

    private func notice(_ moment: WatchedExecutionStore.Moment) throws {
        try state.withLock { state in
            switch moment {
            case .before(.append(let entries), let number):
                guard !state.isDead else { throw Crash() }
                state.appendCount = number
                for entry in entries { state.note(entry) }
                if fault == .before(number) { try state.die() }
            case .after(.append, let number):
                if fault == .after(number) { try state.die() }
            case .before(.release, _):
                // The dead give nothing back.
                guard !state.isDead else { throw Crash() }
            case .after(.journal(let entries), _):
                for entry in entries { state.note(entry) }
            default: break
            }
        }
    }
}

extension DyingProcess.State {
    fileprivate mutating func die() throws {
        isDead = true
        throw DyingProcess.Crash()
    }

    fileprivate mutating func note(_ entry: JournalEntry) {
        guard let json = try? JSON(parsing: entry.input) else { return }
        switch ExecutionInput(json) {
        case .taskStarted(let token, _): started.insert(token)
        case .taskSucceeded(let token, _), .taskFailed(let token, _, _): answered.insert(token)
        default: break
        }
    }
}
