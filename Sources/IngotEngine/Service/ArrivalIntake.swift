import IngotCore
import IngotProject

/// Puts what arrives under a pipeline's source into its queue: what events tell, and what listings find.
struct ArrivalIntake {
    /// How many messages are sent in one transaction.
    private static let chunkSize = 1_000

    let services: EngineServices
    let pipeline: Pipeline
    /// Rings when a listing is due.
    let listingDue: Alarm
    /// Is rung when something arrived.
    let arrival: Alarm
    let tell: @Sendable (ServiceEvent) -> Void

    private var queue: String { pipeline.name.value }
    private var state: any StateStore { services.state }
    private var interval: Int64 { services.project.environment.settings.backfillInterval.nanoseconds }

    /// Passes on what events tell, until the task is cancelled.
    func watch() async {
        guard let watcher = services.watcher else { return }
        let patterns = SourcePatterns(pipeline.source)
        while !Task.isCancelled {
            do {
                let root = try ObjectDiscovery(services: services, pipeline: pipeline).location()
                for try await changes in watcher.changes(under: root) {
                    try await passOn(changes, patterns)
                }
            } catch {
                if Task.isCancelled { return }
                tell(.failed(work: "watching the source of \(queue)", error: "\(error)"))
            }
            // Whatever happened meanwhile is found by listing.
            listingDue.ring()
            try? await Task.sleep(for: .seconds(5))
        }
    }

    /// Lists again and again, until the task is cancelled.
    func list() async {
        var passedOver: Set<String> = []
        while !Task.isCancelled {
            do {
                passedOver = try await listOnce(knowing: passedOver)
            } catch {
                if Task.isCancelled { return }
                tell(.failed(work: "listing the source of \(queue)", error: "\(error)"))
            }
            await listingDue.wait(atMost: interval)
        }
    }

    /// Passes on what an event tells.
    func passOn(_ changes: ArrivalChanges, _ patterns: SourcePatterns) async throws {
        switch changes {
        case .files(let keys): try await send(keys.filter(patterns.accepts).sorted(), isListed: false)
        case .unknown: listingDue.ring()
        }
    }

    /// Passes on all that is not loaded yet, or not taken out.
    ///
    /// - Parameter known: What was passed over before, of which is not told again.
    /// - Returns: What is passed over now.
    /// - Throws: `IngotError` if the source cannot be listed, or the state fails.
    @discardableResult
    func listOnce(knowing known: Set<String> = []) async throws -> Set<String> {
        let discovery = ObjectDiscovery(services: services, pipeline: pipeline)
        let findings = try await discovery.list()
        for problem in findings.problems { tell(.failed(work: "listing the source of \(queue)", error: "\(problem)")) }
        if let absence = findings.absence { tell(.failed(work: "listing the source of \(queue)", error: absence)) }
        let waiting = try await state.entries(matching: LedgerFilter(source: queue, states: [.seen]))
        // Of what events told meanwhile, some is taken in by now.
        try await send(try await unsent(try await discovery.changed(findings.new), waiting), isListed: true)
        try await passOnUndos(waiting)
        let passedOver = Set(findings.passedOver.map(\.description))
        for reason in passedOver.subtracting(known).sorted() { tell(.passedOver(pipeline: queue, reason: reason)) }
        return passedOver
    }

    /// The keys that have something to load, of files that are new, and of objects that wait.
    private func unsent(_ new: [SourceFile], _ waiting: [LedgerEntry]) async throws -> [String] {
        // What died comes back by a redrive, or when the file changes.
        let died = try await state.lastDeaths(in: queue, groups: nil, saying: MessageWish.load.rawValue)
        var keys = new.filter { file in
            !(died[file.key]?.concerns(entityTag: file.entityTag, modified: file.modified) ?? false)
        }.map(\.key)
        // Objects that somebody recorded and did not load.
        keys += waiting.filter { entry in
            guard MessageWish.load.concerns(entry) else { return false }
            return entry.attempts == 0 || died[entry.object.key].map { $0.time < entry.seen } ?? true
        }.map(\.object.key)
        return Set(keys).sorted()
    }

    /// Passes on what somebody asked to be taken out and did not take out himself; what died comes back by a redrive.
    private func passOnUndos(_ waiting: [LedgerEntry]) async throws {
        let keys = Set(waiting.filter(MessageWish.undo.concerns).map(\.object.key)).sorted()
        guard !keys.isEmpty else { return }
        let died = try await state.lastDeaths(in: queue, groups: keys, saying: MessageWish.undo.rawValue)
        let messages = keys.filter { died[$0] == nil }.map { OutgoingMessage(.undo, for: $0) }
        guard !messages.isEmpty else { return }
        try await state.send(messages, to: queue, now: services.clock.now())
        arrival.ring()
    }

    private func send(_ keys: [String], isListed: Bool) async throws {
        var (start, added) = (0, 0)
        while start < keys.count {
            try Task.checkCancellation()
            let chunk = keys[start..<min(keys.count, start + Self.chunkSize)]
            start += chunk.count
            let messages = chunk.map { OutgoingMessage(.load, for: $0) }
            added += try await state.send(messages, to: queue, now: services.clock.now())
            arrival.ring()
        }
        if added > 0 { tell(.arrived(pipeline: queue, count: added, isListed: isListed)) }
    }
}
