import IngotCore
import JSONTree
import StatesLanguage

/// Drives one execution, from where its journal ends to its own end.
///
/// The order makes it safe: inputs, and the start of every task, are in the journal before anything is done about them.
actor ExecutionRun {
    /// How many events are gathered before they are noted, so that a long run of states needs bounded memory.
    private static let eventsPerCommit = 5000
    private static let entriesPerPage = 500

    let driver: WorkflowDriver
    let stored: StoredExecution
    private let store: any ExecutionStore
    private let lease: ExecutionLease
    let execution: Execution
    let mailbox = ExecutionMailbox()
    var journal: ExecutionJournal
    /// Tasks that nobody has answered, and those of them that wait for their start, in order.
    var open: [String: TaskRequest] = [:]
    var unstarted: [String] = []
    var readings: [ItemRequest] = []
    /// What ends the tasks that run, by token.
    var running: [String: WorkCancellation] = [:]
    /// Files that an earlier process may not have written; nil once the execution goes on.
    private var unwritten: [ResultRequest]? = []
    /// Tasks that waited for executions of their own and were cancelled: those executions are to stop.
    private(set) var abandoned: [String] = []
    /// Tasks that an earlier process had started, and those of them that it had handed over.
    private var startedBefore: Set<String> = []
    private var submittedBefore: Set<String> = []
    private var messagesTaken: Set<Int64> = []
    /// Whether the execution outlives its driver.
    private let isKept: Bool
    /// Whether it may be left where it only waits and others want to be driven.
    private let mayRest: Bool
    /// How many readings of items are under way.
    private var readingCount = 0
    /// From how long a wait on the execution rests.
    private static let restMin: Int64 = 60_000
    private var deadline: Timestamp?
    private var timer: (number: Int, deadline: Timestamp, signal: WorkCancellation)?
    private var timerCount = 0

    typealias Work = ThrowingDiscardingTaskGroup<any Error>

    init(
        _ driver: WorkflowDriver,
        _ stored: StoredExecution,
        machine: StateMachine,
        store: any ExecutionStore,
        lease: ExecutionLease,
        mayRest: Bool
    ) {
        self.driver = driver
        self.mayRest = mayRest
        self.stored = stored
        execution = Execution(
            machine: machine,
            identity: ExecutionIdentity(name: stored.name, machineName: stored.workflow),
            options: ExecutionOptions(seed: stored.seed)
        )
        isKept = machine.kind == .standard
        journal = ExecutionJournal(notedEventCount: stored.eventCount)
        self.store = store
        self.lease = lease
    }

    var services: WorkflowServices {
        driver.services
    }

    /// Drives the execution to its end, or to where it can be left where the driver is to end.
    ///
    /// - Returns: How it is left.
    /// - Throws: What the store throws; `CancellationError`. The execution goes on from there another time.
    func run() async throws -> Departure {
        let interrupted = try await replay()
        // Who was to stop while nobody drove it stops, and does not fail for the tasks that were interrupted.
        take(.messages(try await store.messages(to: stored.id)))
        for token in interrupted { takeUp(token) }
        return try await withThrowingDiscardingTaskGroup { group in
            defer { group.cancelAll() }
            try await advance(&group)
            var signals = mailbox.signals.makeAsyncIterator()
            while execution.outcome == nil, !(isDraining && running.isEmpty) {
                if driver.isCrowded, let rest { return rest }
                guard await signals.next(isolation: self) != nil else { throw CancellationError() }
                for news in mailbox.takeAll() { take(news) }
                try await advance(&group)
            }
            return ended.map(Departure.ended) ?? .left
        }
    }

    /// How an execution is left by who drives it.
    enum Departure {
        /// It has ended.
        case ended(StoredExecution)
        /// The next process goes on with it.
        case left
        /// It need not be driven until a moment, in nanoseconds since 1970 UTC, or, without one, until a message comes.
        case resting(until: Int64?)
    }

    /// How long it can rest, if it only waits, and long.
    private var rest: Departure? {
        guard mayRest, running.isEmpty, unstarted.isEmpty, readings.isEmpty, readingCount == 0, mailbox.isEmpty else {
            return nil
        }
        guard let deadline else { return .resting(until: nil) }
        guard deadline.milliseconds - services.now.milliseconds >= Self.restMin else { return nil }
        return .resting(until: deadline.nanosecondsSinceEpoch)
    }

    /// Whether nothing new is to be begun; what is not kept has to be ended in any case.
    var isDraining: Bool {
        isKept && driver.isDraining
    }

    /// The execution with its end, if it has ended.
    private var ended: StoredExecution? {
        guard let outcome = execution.outcome else { return nil }
        var ended = stored
        ended.end(ExecutionProgress.Ending(outcome, at: services.now))
        return ended
    }

    // MARK: Coming back

    /// Brings the execution to where it stood when its journal ended.
    ///
    /// - Returns: The tasks that a process started and did not see the end of.
    private func replay() async throws -> [String] {
        var position: Int64 = 0
        while true {
            let page = try await store.journal(of: stored.id, after: position, limit: Self.entriesPerPage)
            guard let last = page.last else { break }
            for entry in page { try replay(entry) }
            position = last.position
            while true {
                let step = execution.step(eventCountMax: 1000)
                try await absorb(step)
                if step.isIdle { break }
            }
            // Files may be large: those whose writing was answered are not kept.
            unwritten?.removeAll { !execution.pendingTokens.contains($0.token) }
        }
        for request in unwritten ?? [] { await write(request) }
        unwritten = nil
        let pending = execution.pendingTokens
        open = open.filter { pending.contains($0.key) }
        readings.removeAll { !pending.contains($0.token) }
        let interrupted = unstarted.filter { startedBefore.contains($0) && pending.contains($0) }
        unstarted.removeAll { !pending.contains($0) || startedBefore.contains($0) }
        return interrupted
    }

    private func replay(_ entry: JournalEntry) throws {
        guard let input = (try? JSON(parsing: entry.input)).flatMap({ ExecutionInput($0) }) else {
            throw IngotError(
                .executionUnreadable,
                "entry \(entry.position) of the journal of \(stored.workflow):\(stored.name) cannot be read"
            )
        }
        journal.replayed(entry)
        if case .taskStarted(let token, _) = input { startedBefore.insert(token) }
        if case .taskSubmitted(let token, _) = input { submittedBefore.insert(token) }
        execution.send(input, at: Timestamp(nanosecondsSinceEpoch: entry.time))
    }

    /// Decides about a task that a process started and did not see the end of.
    private func takeUp(_ token: String) {
        guard let request = open[token] else { return }
        if request.resource.pattern == .waitForTaskToken {
            // Whoever has the token may still answer. A hand-over that may not have happened is made again with it.
            if !submittedBefore.contains(token) { unstarted.append(token) }
        } else if driver.handler(of: request)?.isResumable ?? false {
            unstarted.append(token)
        } else {
            send(
                .taskFailed(
                    token: token,
                    error: "States.TaskFailed",
                    cause: "The process that ran the task ended before the task did"
                )
            )
        }
    }

    // MARK: Going on

    func send(_ input: ExecutionInput) {
        let now = services.now
        journal.add(input, at: now)
        execution.send(input, at: now)
    }

    /// A task is answered, or nobody waits for its answer.
    private func settle(_ token: String) {
        if open.removeValue(forKey: token)?.resource.pattern == .waitForTaskToken { journal.settle(token) }
    }

    private func take(_ news: ExecutionNews) {
        switch news {
        case .answer(let input):
            if let token = input.token {
                settle(token)
                running[token] = nil
            }
            switch input {
            case .itemsRead, .itemsFailed: readingCount -= 1
            default: break
            }
            send(input)
        case .handedOver(let token, let output):
            running[token] = nil
            send(output)
        case .time(let number):
            guard number == timer?.number else { return }
            timer = nil
            deadline = nil
            send(.timePassed)
        case .messages(let messages):
            for message in messages where messagesTaken.insert(message.id).inserted {
                journal.take(message)
                guard let input = ExecutionInput(message: message) else { continue }
                if let token = input.token, input.isAnswer { settle(token) }
                send(input)
            }
        case .interrupted(let token): running[token] = nil
        case .slotFree, .draining, .crowded: break
        }
    }

    /// Goes on as far as possible, notes it, and then does what follows from it.
    private func advance(_ group: inout Work) async throws {
        var starting: [TaskRequest] = []
        while true {
            let step = execution.step(eventCountMax: 1000)
            try await absorb(step)
            if journal.waitingEventCount >= Self.eventsPerCommit { try await commit() }
            guard step.isIdle else { continue }
            let inputCount = journal.inputCount
            starting += chooseTasks()
            // What the choice sends has to be looked at before it is noted.
            if journal.inputCount == inputCount { break }
        }
        if let outcome = execution.outcome {
            journal.end(outcome, at: services.now)
            open = [:]
        }
        do {
            try await commit()
        } catch {
            for request in starting { giveUp(request) }
            throw error
        }
        // A task may have been cancelled by what came after its choice.
        for request in starting {
            if open[request.token] != nil { start(request, &group) } else { giveUp(request) }
        }
        guard execution.outcome == nil else { return }
        for reading in readings { read(reading, &group) }
        readingCount += readings.count
        readings = []
        setTimer(&group)
    }

    private func commit() async throws {
        guard let progress = journal.takeProgress() else { return }
        try await store.append(progress, lease: lease)
    }

    private func absorb(_ step: ExecutionStep) async throws {
        journal.add(step.events)
        for action in step.actions {
            switch action {
            case .scheduleTask(let request):
                open[request.token] = request
                unstarted.append(request.token)
            case .cancelTask(let token):
                if let request = open[token], driver.waitsForChild(request) {
                    journal.stopChildren(of: token)
                    abandoned.append(token)
                }
                settle(token)
                running.removeValue(forKey: token)?.cancel()
            case .setTimer(let time): deadline = time
            case .readItems(let request): readings.append(request)
            case .writeResults(let request):
                if unwritten == nil { await write(request) } else { unwritten?.append(request) }
            case .finished: break
            }
        }
    }

    // MARK: Time and messages

    private func setTimer(_ group: inout Work) {
        guard timer?.deadline != deadline else { return }
        timer?.signal.cancel()
        timer = nil
        guard let deadline else { return }
        timerCount += 1
        let (number, signal) = (timerCount, WorkCancellation())
        timer = (number, deadline, signal)
        group.addTask { [mailbox, services] in
            await signal.during {
                do {
                    try await services.sleep(deadline)
                    mailbox.post(.time(timer: number))
                } catch {
                    // The timer was replaced, or nobody waits any more.
                }
            }
        }
    }
}
