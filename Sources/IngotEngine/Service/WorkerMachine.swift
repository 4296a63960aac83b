package import IngotCore

/// Decides what a worker does: a pure state machine, which says one action at a time and is told how that went.
///
/// A worker receives messages about files, takes the files in, and loads them as batches. A batch that fails because of
/// what is in it is split until the message stands alone that is to blame; only that one is tried again, ever later, and
/// becomes a dead letter in the end. A fault of the machine blames no message: all are put off, and the worker pauses.
package struct WorkerMachine: Sendable {
    /// What is to be done next.
    package enum Action: Sendable, Hashable {
        /// Receive at most so many messages.
        case receive(limit: Int)
        /// Wait until a time; an arrival ends the wait early if it may.
        case wait(until: Int64, isEndedByArrival: Bool)
        /// Look at the files of messages, keep their bytes and record them.
        case takeIn([ReceivedMessage])
        /// Load what was taken in as one batch, as far as the limits allow, and acknowledge the messages with it.
        case load([ReceivedMessage])
        /// Acknowledge messages that nothing is left to do for, and give others back.
        case settle([MessageReceipt], [MessageFailure])
        /// Nothing more: the worker holds no message.
        case stop
    }

    /// How the last action went.
    package enum Event: Sendable, Hashable {
        /// Nothing was done yet.
        case started
        /// What was received.
        case received([ReceivedMessage])
        /// The wait is over.
        case waited
        /// What was found, for each message.
        case takenIn([MessageReceipt: Finding])
        /// A batch was committed, and the messages acknowledged; others were left out of it.
        case loaded([MessageReceipt: Loading])
        /// The messages were settled.
        case settled
        /// The action failed as a whole.
        case failed(Fault)
    }

    /// What is found of a message's file.
    package enum Finding: Sendable, Hashable {
        /// Its object waits to be loaded.
        case waiting
        /// There is nothing to load: it is gone, or loaded as it is.
        case nothingNew
        /// It is still being written, or somebody else holds its object.
        case busy(String)
        /// It cannot be read.
        case failed(String)
    }

    /// What became of a message in a commit.
    package enum Loading: Sendable, Hashable {
        /// Its object is committed, and the message is acknowledged.
        case done
        /// Its object was taken in no batch yet, because the limits were reached.
        case left
        /// The contract lets nothing of its object be committed.
        case refused(String)
    }

    /// Why an action failed.
    package struct Fault: Sendable, Hashable {
        /// What is to blame.
        package enum Blame: Sendable, Hashable {
            /// The disk, the state, permissions: no message.
            case machine
            /// Something in the batch.
            case batch
            /// Nobody: another worker has the objects, or this one is to stop.
            case nobody
        }

        package var blame: Blame
        package var message: String

        package init(_ blame: Blame, _ message: String) {
            self.blame = blame
            self.message = message
        }
    }

    private struct Batch: Sendable {
        var messages: [ReceivedMessage]
        var isTakenIn = false
    }

    private enum Activity: Sendable {
        case idle, receiving, gathering, takingIn(Batch), settling(then: Batch?), loading(Batch), pausing
    }

    private let policy: WorkerPolicy
    private var activity = Activity.idle
    /// What was received, and waits for others to come along.
    private var gathered: [ReceivedMessage] = []
    /// What is to be done after the present batch, the last first.
    private var batches: [Batch] = []
    private var faultsInARow = 0
    private var pauseEnd: Int64?
    private var isStopping = false

    package init(_ policy: WorkerPolicy) {
        self.policy = policy
    }

    /// The messages that the worker holds.
    package var held: [MessageReceipt] {
        var messages = gathered + batches.flatMap(\.messages)
        switch activity {
        case .takingIn(let batch), .loading(let batch), .settling(.some(let batch)): messages += batch.messages
        default: break
        }
        return messages.map(\.receipt)
    }

    /// Asks the worker to end after what it is doing.
    package mutating func stop() {
        isStopping = true
    }

    /// What is to be done next.
    ///
    /// - Parameters:
    ///   - event: How the last action went.
    ///   - now: The time, in nanoseconds since 1970 UTC.
    ///   - chance: A random number from 0 to 1.
    package mutating func handle(_ event: Event, now: Int64, chance: Double) -> Action {
        switch (event, activity) {
        case (.received(let messages), _): return take(messages, now: now)
        case (.takenIn(let findings), .takingIn(let batch)): return sort(batch, findings, now: now, chance: chance)
        case (.loaded(let outcomes), .loading(let batch)): return finish(batch, outcomes)
        case (.settled, .settling(.some(let batch))): return load(batch)
        case (.failed(let fault), _): return cope(with: fault, now: now, chance: chance)
        case (.waited, .gathering): return receive()
        default: return next(now: now)
        }
    }

    private mutating func receive() -> Action {
        activity = .receiving
        return .receive(limit: policy.filesMax - gathered.count)
    }

    /// Waits for companions of what was received, or makes batches of it.
    private mutating func take(_ messages: [ReceivedMessage], now: Int64) -> Action {
        gathered += messages
        guard let oldest = gathered.map(\.sent).min() else {
            if isStopping { return stopped() }
            activity = .idle
            return .wait(until: now + policy.idleMax, isEndedByArrival: true)
        }
        let deadline = oldest + policy.delay
        // A clock that was put back must not make it wait for long.
        if gathered.count < policy.filesMax, now < deadline, deadline - now <= policy.delay, !isStopping {
            activity = .gathering
            return .wait(until: deadline, isEndedByArrival: false)
        }
        var rest = gathered[...]
        gathered = []
        while let first = rest.first {
            let companions = rest.prefix { $0.attempt == first.attempt }
            let batch = companions.prefix(policy.companions(ofAttempt: first.attempt))
            batches.insert(Batch(messages: Array(batch)), at: 0)
            rest = rest.dropFirst(batch.count)
        }
        return next(now: now)
    }

    /// Goes on with the next batch, or receives more.
    private mutating func next(now: Int64) -> Action {
        if isStopping { return stopped() }
        if let end = pauseEnd {
            pauseEnd = nil
            activity = .pausing
            return .wait(until: end, isEndedByArrival: false)
        }
        guard let batch = batches.popLast() else { return receive() }
        if batch.isTakenIn { return load(batch) }
        activity = .takingIn(batch)
        return .takeIn(batch.messages)
    }

    private mutating func load(_ batch: Batch) -> Action {
        activity = .loading(batch)
        return .load(batch.messages)
    }

    /// Settles what needs no batch, and goes on with the rest.
    private mutating func sort(
        _ batch: Batch,
        _ findings: [MessageReceipt: Finding],
        now: Int64,
        chance: Double
    ) -> Action {
        var rest = Batch(messages: [], isTakenIn: true)
        var done: [MessageReceipt] = []
        var failures: [MessageFailure] = []
        for message in batch.messages {
            switch findings[message.receipt] ?? .busy("it was not looked at") {
            case .waiting: rest.messages.append(message)
            case .nothingNew: done.append(message.receipt)
            case .busy(let reason):
                failures.append(
                    MessageFailure(message.receipt, error: reason, fate: .postpone(after: policy.busyDelay))
                )
            case .failed(let error): failures.append(failure(message, error, chance: chance))
            }
        }
        let following = rest.messages.isEmpty ? nil : rest
        if done.isEmpty, failures.isEmpty { return following.map { load($0) } ?? next(now: now) }
        activity = .settling(then: following)
        return .settle(done, failures)
    }

    private mutating func finish(_ batch: Batch, _ outcomes: [MessageReceipt: Loading]) -> Action {
        faultsInARow = 0
        let left = batch.messages.filter { outcomes[$0.receipt] ?? .left == .left }
        if !left.isEmpty { batches.append(Batch(messages: left, isTakenIn: true)) }
        let failures = batch.messages.compactMap { message -> MessageFailure? in
            guard case .refused(let error) = outcomes[message.receipt] else { return nil }
            return MessageFailure(message.receipt, error: error, fate: .bury)
        }
        activity = .settling(then: nil)
        return .settle([], failures)
    }

    private mutating func cope(with fault: Fault, now: Int64, chance: Double) -> Action {
        var concerned: [ReceivedMessage] = []
        switch activity {
        case .takingIn(let batch), .loading(let batch): concerned = batch.messages
        case .settling(.some(let batch)): concerned = batch.messages
        default: break
        }
        switch fault.blame {
        case .nobody:
            activity = .settling(then: nil)
            return .settle([], postpone(concerned, fault.message, after: policy.busyDelay))
        case .batch where concerned.count > 1:
            let middle = concerned.count / 2
            batches.append(Batch(messages: Array(concerned[middle...]), isTakenIn: true))
            batches.append(Batch(messages: Array(concerned[..<middle]), isTakenIn: true))
            return next(now: now)
        case .batch where concerned.count == 1:
            activity = .settling(then: nil)
            return .settle([], [failure(concerned[0], fault.message, chance: chance)])
        case .batch, .machine:
            faultsInARow += 1
            let pause = policy.pause(after: faultsInARow, chance: chance)
            pauseEnd = now + pause
            let all = concerned + batches.flatMap(\.messages) + gathered
            (batches, gathered) = ([], [])
            // Where settling itself fails, the visibility timeout brings the messages back.
            if case .settling = activity { return next(now: now) }
            if all.isEmpty { return next(now: now) }
            activity = .settling(then: nil)
            return .settle([], postpone(all, fault.message, after: pause))
        }
    }

    /// Gives back what is held, and ends.
    private mutating func stopped() -> Action {
        let rest = batches.flatMap(\.messages) + gathered
        (batches, gathered) = ([], [])
        guard !rest.isEmpty else { return .stop }
        activity = .settling(then: nil)
        return .settle([], postpone(rest, "the service stopped", after: 0))
    }

    private func failure(_ message: ReceivedMessage, _ error: String, chance: Double) -> MessageFailure {
        if message.attempt >= policy.attemptsMax { return MessageFailure(message.receipt, error: error, fate: .bury) }
        let pause = policy.pause(after: message.attempt, chance: chance)
        return MessageFailure(message.receipt, error: error, fate: .retry(after: pause))
    }

    private func postpone(_ messages: [ReceivedMessage], _ reason: String, after delay: Int64) -> [MessageFailure] {
        messages.map { MessageFailure($0.receipt, error: reason, fate: .postpone(after: delay)) }
    }
}
