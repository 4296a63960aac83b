import IngotCore
import IngotProject

/// Does what a ``WorkerMachine`` decides, for one pipeline.
struct PipelineWorker {
    let services: EngineServices
    let pipeline: Pipeline
    let loader: any BatchLoading
    let policy: WorkerPolicy
    /// Rings when something arrived, or the service is to end.
    let arrival: Alarm
    let stop: StopSignal
    /// Rings when models may have something to do.
    let modelsDue: Alarm
    let tell: @Sendable (ServiceEvent) -> Void

    private var queue: String { pipeline.name.value }
    private var state: any StateStore { services.state }

    /// Works until the stop signal is set; what is under way is ended first.
    func run() async {
        var machine = WorkerMachine(policy)
        var event = WorkerMachine.Event.started
        while true {
            if stop.isSet { machine.stop() }
            let chance = Double(services.clock.random() >> 11) / Double(1 << 53)
            let action = machine.handle(event, now: services.clock.now(), chance: chance)
            switch action {
            case .stop:
                return
            case .wait(let end, let isEndedByArrival):
                await wait(until: end, isEndedByArrival: isEndedByArrival)
                event = .waited
            default:
                event = await withHeartbeat(machine.held) { await perform(action) }
            }
        }
    }

    private func wait(until end: Int64, isEndedByArrival: Bool) async {
        let limit = end - services.clock.now()
        // A pause is not longer for a clock that was put back, and ends early for the stop signal only.
        let longest = max(policy.retryDelayMax, policy.idleMax)
        if isEndedByArrival {
            await arrival.wait(atMost: min(limit, longest))
            return
        }
        var rest = min(limit, longest)
        let step: Int64 = 100_000_000
        while rest > 0, !stop.isSet {
            try? await Task.sleep(for: .nanoseconds(min(rest, step)))
            rest -= step
        }
    }

    /// Does one action.
    func perform(_ action: WorkerMachine.Action) async -> WorkerMachine.Event {
        do {
            switch action {
            case .receive(let limit):
                let request = ReceiveRequest(
                    limit: limit,
                    visibility: policy.visibility,
                    receivesMax: policy.attemptsMax,
                    receiver: services.owner,
                    delayMax: max(policy.visibility, policy.retryDelayMax)
                )
                return .received(try await state.receive(from: queue, request, now: services.clock.now()))
            case .takeIn(let messages):
                return .takenIn(try await takeIn(messages))
            case .load(let messages):
                return .loaded(try await load(messages))
            case .settle(let done, let failures):
                if !done.isEmpty { try await state.acknowledge(done) }
                if !failures.isEmpty { try await giveBack(failures) }
                return .settled
            case .wait, .stop:
                return .waited
            }
        } catch let fault as WorkerMachine.Fault {
            return .failed(fault)
        } catch {
            let reason = IngotError(stopping: "the pipeline \(pipeline.name)", error)
            let isLoading = if case .load = action { true } else { false }
            let fault = Self.fault(reason, isLoading: isLoading)
            if fault.blame == .machine { tell(.paused(pipeline: queue, error: "\(reason)")) }
            return .failed(fault)
        }
    }

    private static func fault(_ error: IngotError, isLoading: Bool) -> WorkerMachine.Fault {
        if error.code == .leaseLost || error.code == .tableChanged {
            return WorkerMachine.Fault(.nobody, "\(error)")
        }
        return WorkerMachine.Fault(isLoading && !error.isOfMachine ? .batch : .machine, "\(error)")
    }

    private func giveBack(_ failures: [MessageFailure]) async throws {
        try await state.giveBack(failures, now: services.clock.now())
    }

    // MARK: Taking in

    /// Looks at files, keeps those that are new, and says which have something to load.
    private func takeIn(_ messages: [ReceivedMessage]) async throws -> [MessageReceipt: WorkerMachine.Finding] {
        let keys = messages.filter { $0.wish == .load }.map(\.group)
        let discovery = ObjectDiscovery(services: services, pipeline: pipeline)
        let looks = try await services.arrivals.looks(at: keys, under: discovery.location())
        let known = try await state.lastLooks(source: queue, keys: keys)
        let files = keys.compactMap { key -> SourceFile? in
            guard case .file(let file) = looks[key], known[key]?.entityTag != file.entityTag else { return nil }
            return file
        }
        let versions = looks.compactMapValues { if case .file(let file) = $0 { file.entityTag } else { nil } }
        var (failures, changing): ([String: String], [String: String]) = ([:], [:])
        for (file, error) in try await discovery.keep(files) {
            switch error.code {
            // It went meanwhile; an earlier version may still wait.
            case .objectNotFound: break
            case .objectChangedWhileRead: changing[file.key] = "\(error)"
            case .objectNoSpace: throw error
            default: failures[file.key] = "\(error)"
            }
        }
        let open = try await openObjects(of: messages)
        // An arrival that was told twice does not die twice.
        let died = try await deaths(of: messages.filter { open[$0.receipt] != nil })
        let findings = messages.map { message -> (MessageReceipt, WorkerMachine.Finding) in
            let key = message.group
            let version = versions[key] ?? known[key]?.entityTag
            if let error = failures[key] { return (message.receipt, .failed(error, version: version)) }
            if let reason = changing[key] { return (message.receipt, .busy(reason)) }
            switch looks[key] {
            case .unfinished: return (message.receipt, .busy("it is still being written"))
            case .unreadable(let error): return (message.receipt, .failed("\(error)", version: nil))
            case .file, .gone, nil: break
            }
            guard let entry = open[message.receipt] else { return (message.receipt, .nothingNew) }
            if entry.state == .leased { return (message.receipt, .busy("another run holds it")) }
            // A version that was never taken has not died, whatever the clock was put to since.
            let end = died[message.receipt]?.time
            let hasDied = entry.attempts > 0 && end.map { $0 >= max(message.sent, entry.seen) } ?? false
            return (message.receipt, hasDied ? .nothingNew : .waiting(version: version))
        }
        for (message, (_, finding)) in zip(messages, findings) {
            guard case .failed(let error, _) = finding else { continue }
            refuse(message.group, error, isDead: message.attempt >= policy.attemptsMax)
        }
        return Dictionary(findings, uniquingKeysWith: { first, _ in first })
    }

    /// The objects that messages ask something for and that wait for it, or that somebody holds.
    private func openObjects(of messages: [ReceivedMessage]) async throws -> [MessageReceipt: LedgerEntry] {
        let keys = messages.map(\.group)
        let filter = LedgerFilter(source: queue, keys: keys, states: [.seen, .failed, .leased])
        let entries = Dictionary(grouping: try await state.entries(matching: filter), by: \.object.key)
        let open = messages.compactMap { message -> (MessageReceipt, LedgerEntry)? in
            let own = entries[message.group] ?? []
            let entry = own.first { $0.state == .leased } ?? own.last(where: message.wish.concerns)
            return entry.map { (message.receipt, $0) }
        }
        return Dictionary(open) { $1 }
    }

    /// How the last message of each one's key died that asked for the same.
    private func deaths(of messages: [ReceivedMessage]) async throws -> [MessageReceipt: Death] {
        var deaths: [MessageReceipt: Death] = [:]
        for wish in MessageWish.allCases {
            let own = messages.filter { $0.wish == wish }
            guard !own.isEmpty else { continue }
            let died = try await state.lastDeaths(in: queue, groups: own.map(\.group), saying: wish.rawValue)
            for message in own { deaths[message.receipt] = died[message.group] }
        }
        return deaths
    }

    // MARK: Loading

    /// Loads a batch, and says which messages were dealt with.
    private func load(_ messages: [ReceivedMessage]) async throws -> Set<MessageReceipt> {
        let settings = services.project.environment.settings
        let limits = BatchLimits(files: settings.maxFilesPerTrigger, bytes: Int64(settings.maxBatchBytes.bytes))
        let wishes = Dictionary(messages.map { ($0.group, $0.wish) }) { first, _ in first }
        let batch = try await state.lease(
            source: queue,
            keys: messages.map(\.group),
            owner: services.owner,
            loadID: Identifiers(clock: services.clock).loadID(of: queue)
        ) { waiting in
            limits.select(waiting.filter { wishes[$0.object.key]?.concerns($0) ?? false })
        }
        guard let batch else { throw WorkerMachine.Fault(.nobody, "another run has its object") }
        let taken = Set(batch.entries.map(\.object.key))
        let told = Dictionary(
            messages.filter { taken.contains($0.group) }.map { ($0.group, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let outcome: LoadedBatch
        do {
            outcome = try await loader.load(batch.lease, batch.entries, messages: told)
        } catch let error as IngotError {
            if messages.count == 1, Self.fault(error, isLoading: true).blame == .batch {
                refuse(messages[0].group, "\(error)", isDead: messages[0].attempt >= policy.attemptsMax)
            }
            throw error
        }
        tell(
            .committed(
                ServiceEvent.Batch(
                    pipeline: queue,
                    run: outcome.run,
                    objects: outcome.objects,
                    oldest: messages.filter { taken.contains($0.group) }.map(\.sent).min() ?? outcome.run.started,
                    committed: services.clock.now(),
                    commitDuration: outcome.commitDuration
                )
            )
        )
        modelsDue.ring()
        for (key, error) in outcome.refused.sorted(by: { $0.key < $1.key }) {
            refuse(key, error, isDead: true, runID: outcome.run.id)
        }
        return Set(told.values.map(\.receipt))
    }

    private func refuse(_ key: String, _ error: String, isDead: Bool, runID: String? = nil) {
        tell(.refused(pipeline: queue, key: key, error: error, runID: runID, isDead: isDead))
    }

    /// Does something, and says meanwhile that the messages are still being worked on.
    private func withHeartbeat<R: Sendable>(_ receipts: [MessageReceipt], _ body: () async -> R) async -> R {
        guard !receipts.isEmpty else { return await body() }
        return await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while (try? await Task.sleep(for: .nanoseconds(policy.visibility / 3))) != nil { await beat(receipts) }
            }
            let result = await body()
            group.cancelAll()
            return result
        }
    }

    /// Says that messages are still being worked on.
    func beat(_ receipts: [MessageReceipt]) async {
        // What fails here only brings the messages back too early, and then they are found to be done.
        _ = try? await state.extend(receipts, visibility: policy.visibility, now: services.clock.now())
    }
}

extension WorkerMachine.Fault: Error {}
