import Synchronization

/// How many tasks run at once, over all executions of a driver.
final class TaskSlots: Sendable {
    private struct State {
        var freeCount: Int
        var waiting: [ExecutionMailbox] = []
    }

    private let state: Mutex<State>

    init(count: Int) {
        state = Mutex(State(freeCount: max(1, count)))
    }

    /// Takes a place; where there is none, the mailbox hears of the next one that is free.
    func take(orTell mailbox: ExecutionMailbox) -> Bool {
        state.withLock { state in
            guard state.freeCount > 0 else {
                if !state.waiting.contains(where: { $0 === mailbox }) { state.waiting.append(mailbox) }
                return false
            }
            state.freeCount -= 1
            return true
        }
    }

    /// Gives a place back.
    func giveBack() {
        let waiting = state.withLock { state in
            state.freeCount += 1
            defer { state.waiting = [] }
            return state.waiting
        }
        // All of them are told: one that needs no place any more must not keep it from the others.
        for mailbox in waiting { mailbox.post(.slotFree) }
    }
}
