import IngotCore
import StatesLanguage
import Synchronization

extension WorkflowDriver {
    /// How long an execution that could not be driven on is left alone.
    private static let failurePause = Duration.seconds(10)
    /// How often executions of processes that died are looked for, though nobody has committed anything.
    private static let recoveryInterval = Duration.seconds(2)

    /// How a driver stands that drives whatever runs.
    struct Standing {
        /// Whether it looks for messages to all the executions that it drives.
        var deliversMessages = false
        /// Whether nothing new is to be begun.
        var isDraining = false
        /// Whether others wait to be driven for which there is no room.
        var isCrowded = false
        /// Executions that are being driven.
        var driven: Set<Int64> = []
        /// Executions that could not be driven on, and until when they are left alone.
        var resting: [Int64: ContinuousClock.Instant] = [:]
    }

    /// How the store looked the last time.
    private struct Look {
        var mark: Int64?
        var lastMessage: Int64 = 0
        var nextRecovery = ContinuousClock.now
    }

    /// Whether nothing new is to be begun.
    var isDraining: Bool { standing.withLock { $0.isDraining } }

    /// Whether it looks for messages to all the executions that it drives.
    var deliversMessages: Bool { standing.withLock { $0.deliversMessages } }

    /// Whether others wait to be driven for which there is no room.
    var isCrowded: Bool { standing.withLock { $0.isCrowded } }

    /// Drives executions that run and that nobody drives, until the stop signal is set.
    ///
    /// Tasks that run then are waited for and their answers noted; nothing new is begun, and timers are left to the next
    /// process. The task itself must not be cancelled, since the tasks of the executions would be, too.
    public func run(until stop: StopSignal) async {
        let ended = Alarm()
        for alarm in [work, ended] { stop.add(alarm) }
        standing.withLock { $0.deliversMessages = true }
        await withDiscardingTaskGroup { group in
            var look = Look()
            while !stop.isSet {
                do {
                    for execution in try await newcomers(&look) {
                        group.addTask { [self] in await drive(execution, failurePause: Self.failurePause) }
                    }
                    await work.wait(atMost: services.pollInterval.nanoseconds)
                } catch {
                    services.tell(.failed(work: "looking for executions", error: "\(error)"))
                    await ended.wait(atMost: Self.failurePause.nanoseconds)
                }
            }
            standing.withLock { $0.isDraining = true }
            tellAll(.draining)
            ends.ringAll()
        }
        standing.withLock { $0 = Standing() }
    }

    /// Drives executions that run, until all have ended or could not be driven on.
    ///
    /// - Throws: `IngotError` if the store cannot be read; `CancellationError`.
    public func runUntilIdle() async throws {
        standing.withLock { $0.deliversMessages = true }
        defer { standing.withLock { $0 = Standing() } }
        try await withThrowingDiscardingTaskGroup { group in
            var look = Look()
            while true {
                for execution in try await newcomers(&look) {
                    group.addTask { [self] in await drive(execution, failurePause: .seconds(1 << 40)) }
                }
                if try await isIdle() { break }
                try await Task.sleep(for: services.pollInterval)
            }
        }
    }

    /// Whether nothing runs but what could not be driven on.
    private func isIdle() async throws -> Bool {
        let resting = standing.withLock { $0.resting }
        let filter = ExecutionFilter(statuses: [.running], limit: resting.count + 1)
        return try await services.store.executions(matching: filter).allSatisfy { resting[$0.id] != nil }
    }

    /// Executions that nobody drives, as many as there is room for; messages are passed on on the way.
    ///
    /// The store is read only when somebody has committed something, or a process may have died meanwhile.
    private func newcomers(_ look: inout Look) async throws -> [StoredExecution] {
        let mark = try await services.store.changeMark()
        let now = ContinuousClock.now
        guard mark != look.mark || now >= look.nextRecovery else { return [] }
        try await deliverMessages(&look)
        let excluded = standing.withLock { standing in
            standing.driven.union(standing.resting.filter { $0.value > now }.keys)
        }
        let room = max(0, services.executionCountMax - standing.withLock { $0.driven.count })
        let found = try await services.store.undrivenExecutions(
            limit: room + 1,
            excluding: excluded,
            at: services.now.nanosecondsSinceEpoch,
            isAlive: services.isAlive
        )
        tellWhetherCrowded(found.count > room)
        look.mark = mark
        look.nextRecovery = now + Self.recoveryInterval
        return found.prefix(room).filter { execution in standing.withLock { $0.driven.insert(execution.id).inserted } }
    }

    /// Those that only wait make room for others once there is too little.
    private func tellWhetherCrowded(_ isCrowded: Bool) {
        let wasCrowded = standing.withLock { standing in
            defer { standing.isCrowded = isCrowded }
            return standing.isCrowded
        }
        if isCrowded, !wasCrowded { tellAll(.crowded) }
    }

    private func tellAll(_ news: ExecutionNews) {
        for mailbox in mailboxes.withLock({ $0.values.map(\.self) }) { mailbox.post(news) }
    }

    /// Passes messages on to the executions that are driven, until it is cancelled.
    func deliverMessages() async throws {
        var look = Look()
        while true {
            let mark = try await services.store.changeMark()
            if mark != look.mark { try await deliverMessages(&look) }
            look.mark = mark
            try await Task.sleep(for: services.pollInterval)
        }
    }

    private func deliverMessages(_ look: inout Look) async throws {
        for (id, messages) in try await services.store.messages(after: look.lastMessage) {
            look.lastMessage = max(look.lastMessage, messages.map(\.id).max() ?? 0)
            mailboxes.withLock { $0[id] }?.post(.messages(messages))
        }
    }

    private func drive(_ execution: StoredExecution, failurePause: Duration) async {
        defer {
            standing.withLock { _ = $0.driven.remove(execution.id) }
            work.ring()
        }
        do {
            try await drive(execution.id, in: services.store, kind: .standard, mayRest: true)
        } catch {
            guard !Task.isCancelled else { return }
            standing.withLock { $0.resting[execution.id] = .now + failurePause }
            services.tell(.failed(work: "driving \(execution.workflow):\(execution.name)", error: "\(error)"))
        }
    }
}
