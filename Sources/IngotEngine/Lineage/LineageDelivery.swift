public import IngotCore
import JSONTree

/// Sends the events that tell of runs, after what they tell of is committed.
///
/// An event is forgotten once its destination has it, so each arrives at least once, whoever dies. Those of one run
/// arrive in their order.
public struct LineageDelivery: Sendable {
    /// What became of events.
    public struct Outcome: Sendable {
        /// How many were sent.
        public var sent = 0
        /// What was refused for good.
        public var refused: [Refusal] = []
        /// How many were too many to be kept, and are lost.
        public var dropped = 0
        /// Why others could not be sent just now.
        public var error: IngotError?
        /// Whether somebody else is sending.
        public var isBusy = false
    }

    /// Events that are never taken, for one reason.
    public struct Refusal: Sendable {
        /// What the receiver said.
        public var reason: String
        /// The first of them, with its run and job.
        public var first: String
        /// How many there are.
        public var count = 1
    }

    /// How many events wait at most; the oldest make room.
    public static let waitingMax = 100_000
    /// How many are sent before they are forgotten together.
    private static let batchSize = 100
    /// How often a service looks for events.
    private static let period: Int64 = 1_000_000_000
    private static let pauseMax: Int64 = 300_000_000_000
    /// How long a service sends before it looks whether it is to end.
    private static let turn = Duration.seconds(5)
    /// How long work that has ended waits for somebody else who is sending.
    private static let patience = Duration.seconds(2)

    private let store: any LineageStore
    private let destination: any LineageDestination
    private let isAlive: @Sendable (LeaseOwner) -> Bool
    private let clock: IngotClock

    /// A delivery.
    ///
    /// - Parameters:
    ///   - store: Where events wait.
    ///   - destination: Where they go.
    ///   - isAlive: Whether a process still lives.
    ///   - clock: Time and randomness.
    public init(
        from store: any LineageStore,
        to destination: any LineageDestination,
        isAlive: @escaping @Sendable (LeaseOwner) -> Bool,
        clock: IngotClock = .system
    ) {
        self.store = store
        self.destination = destination
        self.isAlive = isAlive
        self.clock = clock
    }

    /// Sends what waits, until a deadline, and as long as another event may be begun.
    private func deliver(
        until deadline: ContinuousClock.Instant,
        while goesOn: @Sendable () -> Bool = { true }
    ) async -> Outcome {
        var outcome = Outcome()
        do {
            try await endAbandoned()
            outcome.dropped = try await store.trimLineageEvents(to: Self.waitingMax)
            guard try await !store.lineageEvents(limit: 1).isEmpty else { return outcome }
            guard let channel = try await destination.open() else {
                outcome.isBusy = true
                return outcome
            }
            while ContinuousClock.now < deadline, goesOn(), !Task.isCancelled {
                let events = try await store.lineageEvents(limit: Self.batchSize)
                guard !events.isEmpty else { break }
                let receipt = await channel.send(events, until: deadline, while: goesOn)
                try await store.removeLineageEvents(receipt.taken + receipt.refused.map(\.id))
                outcome.sent += receipt.taken.count
                outcome.add(receipt.refused, of: events)
                outcome.error = receipt.error
                // Whoever takes some may take the rest.
                guard receipt.error == nil || !receipt.taken.isEmpty else { break }
            }
        } catch {
            outcome.error = IngotError(stopping: "the delivery of lineage", error)
        }
        return outcome
    }

    /// Sends what waits at the end of some work, also where somebody else is about to end the same.
    ///
    /// - Parameter limit: How long it may take; what is left is sent the next time.
    /// - Returns: What became of it; nothing that happens to events is thrown.
    public func deliverAtEnd(atMost limit: Duration) async -> Outcome {
        await deliverAtEnd(until: .now + limit)
    }

    private func deliverAtEnd(until deadline: ContinuousClock.Instant) async -> Outcome {
        let patience = ContinuousClock.now + Self.patience
        while true {
            let outcome = await deliver(until: deadline)
            guard outcome.isBusy, ContinuousClock.now < min(deadline, patience) else { return outcome }
            guard (try? await Task.sleep(for: .milliseconds(50))) != nil else { return outcome }
        }
    }

    /// Sends events as they come until the stop signal is set; what cannot be sent is tried again, ever later.
    ///
    /// - Parameters:
    ///   - stop: Ends it.
    ///   - limit: How long it goes on after the stop signal at most.
    ///   - tell: Is told of what goes wrong.
    public func run(until stop: StopSignal, endingWithin limit: Duration, _ tell: (ServiceEvent) -> Void) async {
        let ended = Alarm()
        stop.add(ended)
        var failures = 0
        while !stop.isSet {
            let turnEnd = ContinuousClock.now + Self.turn
            // An event that is on its way is not broken off: it would be sent again.
            var outcome = await deliver(until: turnEnd + limit) { !stop.isSet && ContinuousClock.now < turnEnd }
            failures = outcome.error == nil ? 0 : failures + 1
            // A destination that is gone is told of once.
            if failures > 1 { outcome.error = nil }
            Self.report(outcome, tell)
            await ended.wait(atMost: pause(after: failures))
        }
        Self.report(await deliverAtEnd(until: (stop.instant ?? .now) + limit), tell)
    }

    /// A second, and after failures up to five minutes, somewhat more or less, so that processes spread out.
    private func pause(after failures: Int) -> Int64 {
        guard failures > 0 else { return Self.period }
        let pause = min(Self.pauseMax, Self.period << Int64(min(failures - 1, 16)))
        return pause / 2 + Int64(clock.random() % UInt64(pause))
    }

    private static func report(_ outcome: Outcome, _ tell: (ServiceEvent) -> Void) {
        for problem in outcome.problems { tell(.failed(work: "telling others of runs", error: problem)) }
    }

    /// Ends the runs of processes that are gone.
    private func endAbandoned() async throws {
        for start in try await store.openLineage() where !isAlive(start.owner) {
            try await store.endLineage(of: start.runID, with: RunLineage.aborted(start, at: clock.now()))
        }
    }
}

extension LineageDelivery.Outcome {
    /// Notes refusals, the same reason once.
    fileprivate mutating func add(_ refusals: [(id: Int64, reason: String)], of events: [LineageEvent]) {
        for (id, reason) in refusals {
            if let place = refused.firstIndex(where: { $0.reason == reason }) {
                refused[place].count += 1
            } else {
                let first = events.first { $0.id == id }.map(Self.name) ?? ""
                refused.append(LineageDelivery.Refusal(reason: reason, first: first))
            }
        }
    }

    private static func name(_ event: LineageEvent) -> String {
        let said = (try? JSON(parsing: event.text)) ?? .null
        let words = [said["eventType"], said["run"]?["runId"], said["job"]?["name"]].map { $0?.stringValue ?? "?" }
        return "\(words[0]) of the run \(words[1]) of \(words[2])"
    }

    /// What is worth telling, in words for the user.
    public var problems: [String] {
        var problems = refused.map { refusal in
            let others = refusal.count == 1 ? "" : " and \(refusal.count - 1) more"
            return "refused for good: \(refusal.first)\(others): \(refusal.reason)"
        }
        if dropped > 0 { problems.append("\(dropped) events that waited too long were dropped") }
        if let error { problems.append("\(error)") }
        return problems
    }
}
