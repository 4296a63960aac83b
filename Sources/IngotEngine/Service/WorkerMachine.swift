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
        /// Load what was taken in as one batch, as far as the limits allow, and settle the messages with the commit.
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
        /// A batch was committed, and these messages settled; others were left out of it.
        case loaded(Set<MessageReceipt>)
        /// The messages were settled.
        case settled
        /// The action failed as a whole.
        case failed(Fault)
    }

    /// What is found of a message's file.
    package enum Finding: Sendable, Hashable {
        /// Its object waits to be loaded, in the version that the file had.
        case waiting(version: String?)
        /// There is nothing to load: it is gone, or loaded as it is.
        case nothingNew
        /// It is still being written, or somebody else holds its object.
        case busy(String)
        /// It cannot be read, in the version that it has.
        case failed(String, version: String?)
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
        case idle
        case receiving
        case gathering
        case pausing
        case takingIn(Batch)
        case settling(then: Batch?)
        case loading(Batch)
    }

    private let policy: WorkerPolicy
    private var activity = Activity.idle
    /// What was received, and waits for others to come along.
    private var gathered: [ReceivedMessage] = []
    /// What was taken in and is to be loaded after the present batch, the last first.
    private var batches: [Batch] = []
    /// How many messages are worth receiving, as far as the last ones tell.
    private var receiveMax: Int
    private var faultsInARow = 0
    private var pauseEnd: Int64?
    private var isStopping = false

    package init(_ policy: WorkerPolicy) {
        self.policy = policy
        receiveMax = policy.filesMax
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

    /// Decides what is to be done next.
    ///
    /// - Parameters:
    ///   - event: How the last action went.
    ///   - now: The time, in nanoseconds since 1970 UTC.
    ///   - chance: A random number from 0 to 1.
    /// - Returns: The action, whose outcome is the next event.
    package mutating func handle(_ event: Event, now: Int64, chance: Double) -> Action {
        switch (event, activity) {
        case (.received(let messages), _): return take(messages, now: now)
        case (.takenIn(let findings), .takingIn(let batch)): return sort(batch, findings, now: now, chance: chance)
        case (.loaded(let settled), .loading(let batch)): return finish(batch, settled, now: now)
        case (.settled, .settling(.some(let batch))): return batch.isTakenIn ? load(batch) : takeIn(batch)
        case (.failed(let fault), _): return cope(with: fault, now: now, chance: chance)
        case (.waited, .gathering): return receive()
        default: return next(now: now)
        }
    }

    private mutating func receive() -> Action {
        activity = .receiving
        return .receive(limit: max(1, receiveMax - gathered.count))
    }

    /// Waits for companions of what was received, or makes batches of it.
    private mutating func take(_ messages: [ReceivedMessage], now: Int64) -> Action {
        gathered += messages
        guard let oldest = gathered.map(\.sent).min() else {
            if isStopping { return .stop }
            receiveMax = policy.filesMax
            activity = .idle
            return .wait(until: now + policy.idleMax, isEndedByArrival: true)
        }
        let deadline = oldest + policy.delay
        // A clock that was put back must not make it wait for long.
        if isStopping { return stopped() }
        if gathered.count < receiveMax, now < deadline, deadline - now <= policy.delay {
            activity = .gathering
            return .wait(until: deadline, isEndedByArrival: false)
        }
        return begin()
    }

    /// Makes a batch of what was received: of messages that are new, or of few that were tried as often.
    ///
    /// What was tried before may be what ended its process, so then nothing else is held that would be blamed, too.
    private mutating func begin() -> Action {
        let attempt = gathered[0].attempt
        let share = policy.companions(ofAttempt: attempt)
        let alike = gathered.filter { $0.attempt == attempt }
        let batch = Batch(messages: Array(alike.prefix(share)))
        let others = gathered.filter { $0.attempt != attempt } + alike.dropFirst(share)
        gathered = []
        receiveMax = share
        guard !others.isEmpty else { return takeIn(batch) }
        activity = .settling(then: batch)
        return .settle([], postpone(others, "another one is tried alone", after: 0))
    }

    private mutating func takeIn(_ batch: Batch) -> Action {
        activity = .takingIn(batch)
        return .takeIn(batch.messages)
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
        return load(batch)
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
        for var message in batch.messages {
            switch findings[message.receipt] ?? .busy("it was not looked at") {
            case .waiting(let version):
                message.version = version
                rest.messages.append(message)
            case .nothingNew: done.append(message.receipt)
            case .busy(let reason):
                failures.append(
                    MessageFailure(message.receipt, error: reason, fate: .postpone(after: policy.busyDelay))
                )
            case .failed(let error, let version):
                message.version = version
                failures.append(failure(message, error, chance: chance))
            }
        }
        let following = rest.messages.isEmpty ? nil : rest
        if done.isEmpty, failures.isEmpty { return following.map { load($0) } ?? next(now: now) }
        activity = .settling(then: following)
        return .settle(done, failures)
    }

    private mutating func finish(_ batch: Batch, _ settled: Set<MessageReceipt>, now: Int64) -> Action {
        faultsInARow = 0
        let left = batch.messages.filter { !settled.contains($0.receipt) }
        if !left.isEmpty { batches.append(Batch(messages: left, isTakenIn: true)) }
        return next(now: now)
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
        let isLast = message.attempt >= policy.attemptsMax
        let fate: MessageFailure.Fate =
            isLast ? .bury : .retry(after: policy.pause(after: message.attempt, chance: chance))
        return MessageFailure(message.receipt, error: error, fate: fate, version: message.version)
    }

    private func postpone(_ messages: [ReceivedMessage], _ reason: String, after delay: Int64) -> [MessageFailure] {
        messages.map { MessageFailure($0.receipt, error: reason, fate: .postpone(after: delay)) }
    }
}
