import JSONTree

/// An execution of a state machine: takes in what happens, and answers what to do.
///
/// It does nothing by itself: no input or output, no clock, no randomness, no concurrency. The same machine, identity,
/// options, inputs and times give the same events and actions, so an execution is brought back by sending it the same
/// inputs again. Events are handed out and not kept.
///
/// ```swift
/// let execution = Execution(machine: machine, identity: identity)
/// execution.send(.start(input: ["count": 3]), at: now)
/// var step = execution.step(eventCountMax: 1000)
/// while !step.isIdle {
///     keep(step.events)
///     step.actions.forEach(perform)
///     step = execution.step(eventCountMax: 1000)
/// }
/// ```
public final class Execution {
    /// For how many events room is made at the beginning of a step.
    private static let eventsExpectedMax = 1024
    /// How long an execution of an Express workflow may take, as on the service.
    private static let expressSecondsMax = 300.0

    let machine: StateMachine
    let environment: ExecutionEnvironment
    /// Strands with something to do, in the order in which they do it.
    var ready = Queue<Strand>()
    /// Inputs that have not been looked at.
    private var inbox = Queue<(input: ExecutionInput, time: Timestamp)>()
    var timers = TimerQueue()
    private var timerSet: Timestamp?
    /// Strands that wait for an answer, by token.
    var waiting: [String: Strand] = [:]
    var events: [HistoryEvent] = []
    var actions: [ExecutionAction] = []
    private var rootLog: EventLog?
    private(set) var root: Strand?
    /// How many states were entered.
    public internal(set) var transitionCount = 0
    /// How many branches and iterations run.
    var liveCount = 0
    /// How the execution ended; nil while it runs.
    public private(set) var outcome: ExecutionOutcome?
    /// Notes what a state does to its data, for tests of single states.
    var inspection: StateInspection?

    /// Makes an execution that waits for its start.
    public init(machine: StateMachine, identity: ExecutionIdentity, options: ExecutionOptions = .init()) {
        self.machine = machine
        environment = ExecutionEnvironment(identity: identity, options: options, kind: machine.kind)
    }

    deinit {
        // Strands and their branches refer to each other.
        release()
    }

    /// The tokens of tasks, readings and writings that are not answered: after a replay, what still has to be done.
    public var pendingTokens: Set<String> {
        Set(waiting.keys)
    }

    /// Hands in what happened, and when; it is looked at by ``step(eventCountMax:)``.
    ///
    /// A time before that of an earlier input counts as that one.
    public func send(_ input: ExecutionInput, at time: Timestamp) {
        inbox.append((input, time))
    }

    /// Goes on until nothing is left to do, or until about this many events have happened or would have in children.
    ///
    /// Inputs are looked at only when all that followed from the earlier ones is done, so the size of the steps
    /// changes nothing in what happens.
    public func step(eventCountMax: Int = .max) -> ExecutionStep {
        var workCount = 0
        if !ready.isEmpty { events.reserveCapacity(min(eventCountMax, Self.eventsExpectedMax)) }
        while max(events.count, workCount) < eventCountMax {
            workCount += 1
            if let strand = ready.popFirst() {
                advance(strand)
            } else if let (input, time) = inbox.popFirst() {
                environment.now = max(environment.now, time)
                take(input)
            } else {
                break
            }
        }
        let isIdle = ready.isEmpty && inbox.isEmpty
        if isIdle, outcome == nil, let deadline = timers.nextDeadline(), deadline != timerSet {
            timerSet = deadline
            actions.append(.setTimer(at: deadline))
        }
        defer {
            events = []
            actions = []
        }
        return ExecutionStep(events: events, actions: actions, isIdle: isIdle)
    }

    private func take(_ input: ExecutionInput) {
        switch input {
        case .start(let input): start(input)
        case .timePassed: fireTimers()
        case .abort(let error, let cause): stop(.aborted(error: error, cause: cause))
        case .redrive: redrive()
        case .taskStarted(let token, let worker):
            if let strand = waiting[token] { taskStarted(strand, worker) }
        case .taskSubmitted(let token, let output):
            if let strand = waiting[token] { taskSubmitted(strand, output) }
        case .taskSucceeded(let token, let output):
            if let strand = waiting.removeValue(forKey: token) { taskSucceeded(strand, output) }
        case .taskFailed(let token, let error, let cause):
            if let strand = waiting.removeValue(forKey: token) { taskFailed(strand, error, cause) }
        case .taskHeartbeat(let token):
            if let strand = waiting[token] { renewHeartbeat(strand) }
        case .itemsRead(let token, let items, let continuation):
            if let strand = waiting.removeValue(forKey: token) { itemsRead(strand, items, continuation) }
        case .itemsFailed(let token, let error, let cause):
            if let strand = waiting.removeValue(forKey: token) {
                mapRunFailed(strand, StateError(name: error ?? "States.ItemReaderFailed", cause: cause))
            }
        case .resultsWritten(let token, let details):
            if let strand = waiting.removeValue(forKey: token) { resultsWritten(strand, token, details) }
        case .resultsFailed(let token, let error, let cause):
            if let strand = waiting.removeValue(forKey: token) {
                resultsFailed(strand, StateError(name: error ?? "States.ResultWriterFailed", cause: cause))
            }
        }
    }

    private func start(_ input: JSON) {
        guard rootLog == nil else { return }
        let log = EventLog(child: nil, input: input, startTime: environment.now)
        let strand = Strand(
            environment: environment,
            log: log,
            graph: machine.graph,
            fanout: nil,
            index: 0,
            variables: environment.variables,
            input: input,
            lastEvent: 0
        )
        (root, rootLog) = (strand, log)
        let role = environment.identity.roleARN
        emit("ExecutionStarted", .executionStarted(input: input, roleARN: role), log, after: 0)
        guard !input.isLarger(than: environment.options.dataSizeMax) else {
            let cause = "The input of the execution exceeds the maximum number of bytes service limit."
            return finish(.failed(error: StateError.dataLimitName, cause: cause), after: log.eventCount)
        }
        startTimeout(log)
        ready.append(strand)
    }

    /// A strand without states that stands for the whole execution among the timers.
    private func executionTimer(_ log: EventLog) -> Strand {
        Strand(
            environment: environment,
            log: log,
            graph: machine.graph,
            fanout: nil,
            index: -1,
            variables: VariableScope(outer: nil),
            input: .null,
            lastEvent: 0
        )
    }

    private func fireTimers() {
        timerSet = nil
        // Timers set while others fire are due in the future, or are looked at with the next input.
        var due: [TimerQueue.Timer] = []
        while let timer = timers.popDue(at: environment.now) { due.append(timer) }
        for timer in due where outcome == nil && !timer.isStale {
            if timer.strand.index < 0 {
                stop(.timedOut(error: StateError.timeoutName, cause: nil))
            } else {
                fire(timer)
            }
        }
    }

    /// Ends an execution from outside.
    private func stop(_ outcome: ExecutionOutcome) {
        guard self.outcome == nil else { return }
        if let root { cancel(root) }
        // What ends an execution from outside follows from none of its events.
        finish(outcome, after: 0)
    }

    /// Ends the execution.
    func finish(_ outcome: ExecutionOutcome, after event: Int) {
        guard self.outcome == nil else { return }
        if let log = rootLog {
            switch outcome {
            case .succeeded(let output):
                emit("ExecutionSucceeded", .executionSucceeded(output: output), log, after: event)
            case .failed(let error, let cause):
                emit("ExecutionFailed", .failure(error: error, cause: cause), log, after: event)
            case .timedOut(let error, let cause):
                emit("ExecutionTimedOut", .failure(error: error, cause: cause), log, after: event)
            case .aborted(let error, let cause):
                emit("ExecutionAborted", .failure(error: error, cause: cause), log, after: event)
            }
        }
        self.outcome = outcome
        actions.append(.finished(outcome))
        waiting = [:]
        ready = Queue()
        timers.removeAll()
        liveCount = 0
        // An execution that did not succeed can be driven on from where it stands.
        if case .succeeded = outcome { release() }
    }

    private func release() {
        if let root { dismantle(root) }
        root = nil
    }

    /// Goes on where an execution failed, timed out or was stopped.
    private func redrive() {
        guard let root, let log = rootLog, outcome != nil, machine.kind == .standard else { return }
        outcome = nil
        environment.redriveCount += 1
        environment.redriveTime = environment.now
        let event = emit("ExecutionRedriven", .redriven(count: environment.redriveCount), log, after: log.eventCount)
        startTimeout(log)
        resume(root, after: event)
    }

    private func startTimeout(_ log: EventLog) {
        let limit = machine.kind == .express && inspection == nil ? Self.expressSecondsMax : nil
        guard let seconds = [machine.timeoutSeconds, limit].compactMap(\.self).min() else { return }
        timers.set(at: environment.now.adding(seconds: seconds), for: executionTimer(log), .timeout)
    }

    /// Adds an event; children of a Map run only count theirs, unless they are asked for.
    @discardableResult
    func emit(_ type: String, _ detail: HistoryEvent.Detail, _ log: EventLog, after previous: Int) -> Int {
        let id = log.nextID()
        guard log.child == nil || environment.options.recordsChildren else { return id }
        events.append(
            HistoryEvent(
                id: id,
                previousID: previous,
                timestamp: environment.now,
                type: type,
                detail: detail,
                child: log.child
            )
        )
        return id
    }
}

/// What came of a step.
public struct ExecutionStep: Sendable {
    /// The events that happened, in order.
    public let events: [HistoryEvent]
    /// What to do, in order.
    public let actions: [ExecutionAction]
    /// Whether nothing more happens without another input.
    public let isIdle: Bool
}

/// An execution belongs to whoever drives it.
@available(*, unavailable)
extension Execution: Sendable {}

extension Execution {
    /// The version of what inputs lead to: a journal that was written under another one may lead elsewhere.
    public static let journalVersion = 3
}
