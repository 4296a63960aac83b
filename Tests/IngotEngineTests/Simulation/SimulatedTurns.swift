import Dispatch
import Synchronization

/// Lets one thing happen at a time: whoever asks for a turn waits until the simulation gives it one.
final class SimulatedTurns: Sendable {
    private struct State {
        var waiting: [CheckedContinuation<Void, Never>] = []
        var running = 0
        var whenAtRest: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// How many wait for a turn.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Something begins, and has the turn.
    func begin() {
        state.withLock { $0.running += 1 }
    }

    /// Something that began has ended.
    func end() {
        rested { $0.running -= 1 }
    }

    /// Waits for the next turn.
    func take() async {
        await withCheckedContinuation { continuation in
            rested { state in
                state.waiting.append(continuation)
                state.running -= 1
            }
        }
    }

    /// Gives the turn to one of those that wait, and waits until it waits again or has ended.
    func give(to index: Int) async {
        let chosen = state.withLock { state in
            state.running += 1
            return state.waiting.remove(at: index)
        }
        chosen.resume()
        await rest()
    }

    /// Waits until nothing runs.
    func rest() async {
        await withCheckedContinuation { continuation in
            let isAtRest = state.withLock { state in
                if state.running > 0 { state.whenAtRest = continuation }
                return state.running == 0
            }
            if isAtRest { continuation.resume() }
        }
    }

    private func rested(_ change: (inout State) -> Void) {
        let continuation = state.withLock { state in
            change(&state)
            guard state.running == 0 else { return CheckedContinuation<Void, Never>?.none }
            defer { state.whenAtRest = nil }
            return state.whenAtRest
        }
        continuation?.resume()
    }
}

/// A thread of its own for tasks that never wait for anything but each other: they neither hold up others nor are held up.
final class OwnThread: TaskExecutor {
    private let queue = DispatchQueue(label: "simulation")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
