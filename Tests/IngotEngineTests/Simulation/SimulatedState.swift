import IngotCore

@testable import IngotEngine

/// The state as a process sees it: each call may fail, and the process may crash before and after it.
struct SimulatedState: StateStore {
    let process: SimulatedProcess

    private var world: SimulatedWorld { process.world }
    private var state: InMemoryState { world.state }

    // MARK: Ledger

    func lastLooks(source: String, keys: [String]) async throws -> [String: LastLook] {
        try await process.guarding { try await state.lastLooks(source: source, keys: keys) }
    }

    func register(_ arrivals: [Arrival]) async throws {
        try await process.guarding {
            try await state.register(arrivals)
            world.noteRecording(of: arrivals.map(\.object), by: process.owner.process)
        }
        for arrival in arrivals where !world.isInBronze(arrival.bronze) {
            world.violate("\(arrival.object) is registered before it is in bronze")
        }
    }

    func lease(
        source: String,
        keys: [String]?,
        owner: LeaseOwner,
        loadID: String,
        select: @Sendable ([LedgerEntry]) -> [LedgerEntry]
    ) async throws -> (lease: Lease, entries: [LedgerEntry])? {
        try await process.guarding {
            try await state.lease(source: source, keys: keys, owner: owner, loadID: loadID, select: select)
        }
    }

    func resume(
        source: String,
        owner: LeaseOwner,
        isAlive: @Sendable (LeaseOwner) -> Bool
    ) async throws -> (lease: Lease, entries: [LedgerEntry])? {
        try await process.guarding { try await state.resume(source: source, owner: owner, isAlive: isAlive) }
    }

    func release(_ lease: Lease, outcomes: [BatchCommit.Outcome]) async throws {
        try await process.guarding { try await state.release(lease, outcomes: outcomes) }
    }

    func reload(_ ids: [Int64]) async throws -> Set<Int64> {
        try await process.guarding {
            let waiting = try await state.reload(ids)
            world.noteReload(waiting)
            return waiting
        }
    }

    func undo(_ id: Int64) async throws -> Bool {
        try await process.guarding {
            let waits = try await state.undo(id)
            if waits { world.noteReload([id]) }
            return waits
        }
    }

    func entries(matching filter: LedgerFilter) async throws -> [LedgerEntry] {
        try await process.guarding { try await state.entries(matching: filter) }
    }

    func counts(source: String) async throws -> [ObjectState: Int] {
        try await state.counts(source: source)
    }

    // MARK: Commits

    func commit(_ commit: BatchCommit) async throws {
        try await process.guarding {
            do {
                try await state.commit(commit)
            } catch let error as IngotError
                where error.code == .leaseLost && world.bug == .commitsWithoutFence
            {
                try await commitUnfenced(commit)
            }
        }
    }

    /// The defect: a worker that lost its lease commits what it had staged.
    private func commitUnfenced(_ commit: BatchCommit) async throws {
        var commit = commit
        commit.lease = nil
        try await state.commit(commit)
    }

    // MARK: The queue

    func send(_ messages: [OutgoingMessage], to queue: String, now: Int64) async throws -> Int {
        let sent = world.bug == .sendsNoUndos ? messages.filter { $0.body != MessageWish.undo.rawValue } : messages
        return try await process.guarding { try await state.send(sent, to: queue, now: now) }
    }

    func receive(from queue: String, _ request: ReceiveRequest, now: Int64) async throws -> [ReceivedMessage] {
        try await process.guarding {
            let messages = try await state.receive(from: queue, request, now: now)
            world.note(messages)
            return messages
        }
    }

    func reclaim(from queue: String, now: Int64, isAlive: @Sendable (LeaseOwner) -> Bool) async throws -> Int {
        try await process.guarding { try await state.reclaim(from: queue, now: now, isAlive: isAlive) }
    }

    func extend(_ receipts: [MessageReceipt], visibility: Int64, now: Int64) async throws -> Set<MessageReceipt> {
        try await process.guarding { try await state.extend(receipts, visibility: visibility, now: now) }
    }

    func acknowledge(_ receipts: [MessageReceipt]) async throws {
        try await process.guarding {
            let good = try await state.extend(receipts, visibility: 1, now: world.now)
            for told in good.sorted(by: { $0.id < $1.id }).compactMap(world.told) { try await check(told) }
            try await state.acknowledge(receipts)
        }
    }

    /// A message ends when nothing is left to do for it, or in its own death.
    private func check(_ told: SimulatedWorld.ToldMessage) async throws {
        let (key, wish) = (told.message.group, told.message.wish)
        let filter = LedgerFilter(source: "p", keys: [key], states: [.seen, .leased])
        let died = try await state.lastDeaths(in: "p", groups: [key], saying: wish.rawValue)[key]
        // What was written after a message was sent has one of its own, and so has what was made to wait again after it
        // was received.
        for entry in try await state.entries(matching: filter) where wish.concerns(entry) {
            let isOwn = wish == .undo || entry.modified <= told.message.sent
            // Whoever held the message before may still record a version of a file that is gone; a listing finds that.
            let isOfOther = world.recording(of: entry.object).map {
                $0.order > told.order && $0.process != process.owner.process
            }
            guard isOwn, isOfOther != true, world.reloads(of: entry.id).map({ $0.order < told.order }) ?? true,
                died.map({ $0.time < max(told.message.sent, entry.seen) }) ?? true
            else { continue }
            world.violate("\(told) is acknowledged before \(entry) is done")
        }
    }

    func giveBack(_ failures: [MessageFailure], now: Int64) async throws {
        try await process.guarding { try await state.giveBack(failures, now: now) }
    }

    func depth(of queue: String, now: Int64) async throws -> QueueDepth {
        try await state.depth(of: queue, now: now)
    }

    func deadLetters(of queue: String, after id: Int64?, limit: Int) async throws -> [DeadLetter] {
        try await process.guarding { try await state.deadLetters(of: queue, after: id, limit: limit) }
    }

    func lastDeaths(in queue: String, groups: [String]?, saying body: String) async throws -> [String: Death] {
        try await process.guarding { try await state.lastDeaths(in: queue, groups: groups, saying: body) }
    }

    func redrive(_ ids: [Int64], of queue: String, now: Int64) async throws -> Int {
        try await process.guarding { try await state.redrive(ids, of: queue, now: now) }
    }

    func removeDeadLetters(of queue: String, before time: Int64) async throws -> Int {
        try await state.removeDeadLetters(of: queue, before: time)
    }
}

extension SimulatedState {
    func cleanings(source: String, due: Int64, retry: Int64, limit: Int) async throws -> [LedgerEntry] {
        try await state.cleanings(source: source, due: due, retry: retry, limit: limit)
    }
    func settle(_ cleanings: [Int64: Cleaning]) async throws { try await state.settle(cleanings) }
    func begin(_ run: Run, lineage: LineageStart?) async throws { try await state.begin(run, lineage: lineage) }
    func fail(_ run: Run, lineage: String?) async throws { try await state.fail(run, lineage: lineage) }
    func runs(name: String?, limit: Int) async throws -> [Run] { try await state.runs(name: name, limit: limit) }
    func runs(loadID: String) async throws -> [Run] { try await state.runs(loadID: loadID) }
    func run(id: String) async throws -> Run? { try await state.run(id: id) }
    func removeRuns(before time: Int64, limit: Int) async throws -> Int {
        try await state.removeRuns(before: time, limit: limit)
    }
    func modelStates() async throws -> [String: ModelState] { try await state.modelStates() }
    func pending(model: String) async throws -> [PendingChange] { try await state.pending(model: model) }
    func changedModels() async throws -> Set<String> { try await state.changedModels() }
    func backfill(model: String) async throws -> Backfill? { try await state.backfill(model: model) }
    func garbage(before now: Int64, limit: Int) async throws -> [Garbage] {
        try await state.garbage(before: now, limit: limit)
    }
    func forget(_ garbage: [Garbage]) async throws { try await state.forget(garbage) }
    func namespaces() async throws -> [String: [String: String]] { try await state.namespaces() }
    func properties(ofNamespace name: String) async throws -> [String: String]? {
        try await state.properties(ofNamespace: name)
    }
    func createNamespace(_ name: String, properties: [String: String]) async throws -> Bool {
        try await state.createNamespace(name, properties: properties)
    }
    func updateNamespace(_ name: String, setting: [String: String], removing: Set<String>) async throws -> Bool {
        try await state.updateNamespace(name, setting: setting, removing: removing)
    }
    func dropNamespace(_ name: String) async throws -> Bool { try await state.dropNamespace(name) }
    func tables(namespace: String, after name: String?, limit: Int) async throws -> [String] {
        try await state.tables(namespace: namespace, after: name, limit: limit)
    }
    func pointer(namespace: String, table: String) async throws -> String? {
        try await state.pointer(namespace: namespace, table: table)
    }
    func pointers() async throws -> [String: [String: String]] { try await state.pointers() }
    func swap(_ swaps: [PointerSwap], garbage: [Garbage]) async throws -> Bool {
        try await state.swap(swaps, garbage: garbage)
    }
}
