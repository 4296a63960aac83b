import Synchronization

/// Wakes those who wait for something to happen.
package final class Alarm: Sendable {
    private struct State {
        var isRung = false
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var lastWaiter = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// Wakes all who wait; if nobody does, the next one does not wait.
    package func ring() {
        let woken = state.withLock { state in
            state.isRung = state.waiters.isEmpty
            defer { state.waiters = [:] }
            return state.waiters.values.map { $0 }
        }
        for waiter in woken { waiter.resume() }
    }

    /// Waits until it rings, at most so long; a task that is cancelled does not wait.
    ///
    /// - Parameter limit: In nanoseconds; `nil` for no limit.
    /// - Returns: Whether it was the bell that ended it. One that rings just as the time is over may be told as the time.
    @discardableResult
    package func wait(atMost limit: Int64? = nil) async -> Bool {
        guard let limit else {
            await wait()
            return true
        }
        guard limit > 0 else { return false }
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await self.wait()
                return true
            }
            group.addTask {
                try? await Task.sleep(for: .nanoseconds(limit))
                return false
            }
            let hasRung = await group.next() ?? false
            group.cancelAll()
            return hasRung
        }
    }

    private func wait() async {
        let number = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isRung || Task.isCancelled {
                        state.isRung = state.isRung && Task.isCancelled
                        return true
                    }
                    state.waiters[number] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
        }
    }
}

/// The wish that a service ends; it is told once, and stays.
public final class StopSignal: Sendable {
    private struct State {
        var isSet = false
        var alarms: [Alarm] = []
    }

    private let state = Mutex(State())

    /// A wish that nobody has yet.
    public init() {}

    /// Whether the service is to end.
    public var isSet: Bool { state.withLock { $0.isSet } }

    /// Asks the service to end.
    public func set() {
        let alarms = state.withLock { state in
            state.isSet = true
            return state.alarms
        }
        for alarm in alarms { alarm.ring() }
    }

    /// Rings an alarm when the wish is told, or at once if it was.
    func add(_ alarm: Alarm) {
        let isSet = state.withLock { state in
            state.alarms.append(alarm)
            return state.isSet
        }
        if isSet { alarm.ring() }
    }
}
