extension InMemoryState: Ledger {
    /// What files of a source looked like when their version was last determined, by key.
    public func lastLooks(source: String, keys: [String]) async throws -> [String: LastLook] {
        let looks = read { $0.looks[source] ?? [:] }
        return Set(keys).reduce(into: [:]) { found, key in found[key] = looks[key] }
    }

    /// Records objects that exist.
    public func register(_ arrivals: [Arrival]) async throws {
        write { content in
            for arrival in arrivals { content.register(arrival) }
        }
    }

    /// Takes waiting objects for a batch.
    public func lease(
        source: String,
        keys: [String]?,
        owner: LeaseOwner,
        loadID: String,
        select: @Sendable ([LedgerEntry]) -> [LedgerEntry]
    ) async throws -> (lease: Lease, entries: [LedgerEntry])? {
        write { content in
            let wanted = keys.map(Set.init)
            let chosen = select(content.waiting(source).filter { wanted?.contains($0.object.key) ?? true })
            guard !chosen.isEmpty else { return nil }
            let lease = content.insertLease(loadID, source: source, owner: owner)
            for entry in chosen { content.hold(entry.id, lease) }
            return (lease, chosen)
        }
    }

    /// Takes over a batch whose holder died, whole and under its own name.
    public func resume(
        source: String,
        owner: LeaseOwner,
        isAlive: @Sendable (LeaseOwner) -> Bool
    ) async throws -> (lease: Lease, entries: [LedgerEntry])? {
        write { content in
            for dead in content.leases where content.leasedSources[dead.token] == source && !isAlive(dead.owner) {
                content.removeLease(dead.token)
                let entries = content.objects.values
                    .filter { $0.loadID == dead.loadID && $0.state == .leased }.sorted { $0.id < $1.id }
                guard !entries.isEmpty else { continue }
                let lease = content.insertLease(dead.loadID, source: source, owner: owner)
                for entry in entries { content.hold(entry.id, lease) }
                return (lease, entries)
            }
            return nil
        }
    }

    /// Gives a batch's objects back.
    public func release(_ lease: Lease, outcomes: [BatchCommit.Outcome]) async throws {
        try write { content in
            try content.check(lease)
            try content.apply(outcomes, lease: lease, runID: nil)
            content.removeLease(lease.token)
        }
    }

    /// Lets objects be loaded again.
    public func reload(_ ids: [Int64]) async throws -> Set<Int64> {
        write { content in Set(ids.filter { content.reload($0) }) }
    }

    /// Lets an object be taken out.
    public func undo(_ id: Int64) async throws -> Bool {
        write { $0.undo(id) }
    }

    /// The entries that match, newest last.
    public func entries(matching filter: LedgerFilter) async throws -> [LedgerEntry] {
        let matching = read { content in
            content.objects.values.filter { entry in
                (filter.source.map { $0 == entry.object.source } ?? true)
                    && (filter.keys.map { $0.contains(entry.object.key) } ?? true)
                    && (filter.states.map { $0.contains(entry.state) } ?? true)
                    && (filter.loadID.map { $0 == entry.loadID } ?? true)
                    && (filter.seen.map { $0.contains(entry.seen) } ?? true)
                    && (!filter.isPublished || entry.published != nil)
            }
        }
        let cleanings = read(\.cleanings)
        let ordered = matching.sorted { $0.id < $1.id }.map { entry in
            var entry = entry
            entry.cleaning = cleanings[entry.id]
            return entry
        }
        return filter.limit.map { Array(ordered.suffix(max(0, $0))) } ?? ordered
    }

    /// How many objects of a source are in each state; a state that none is in is left out.
    public func counts(source: String) async throws -> [ObjectState: Int] {
        read { content in
            content.objects.values.filter { $0.object.source == source }.reduce(into: [:]) {
                $0[$1.state, default: 0] += 1
            }
        }
    }
}

extension InMemoryState.Content {
    fileprivate mutating func register(_ arrival: Arrival) {
        let object = arrival.object
        if let entityTag = arrival.entityTag {
            looks[object.source, default: [:]][object.key] = LastLook(entityTag: entityTag, version: object.version)
        } else if looks[object.source]?[object.key]?.version != object.version {
            looks[object.source]?[object.key] = nil
        }
        let others = objects.values.filter {
            $0.object.source == object.source && $0.object.key == object.key && $0.object.version != object.version
        }
        if let known = objects.values.first(where: { $0.object == object }) {
            // A version that was superseded and is back waits again; a live, held or waiting one stays as it is.
            let isBack = known.isUndone && others.contains { $0.arrival > known.arrival }
            if known.state == .superseded || isBack {
                waitAgain(known, arrival, after: others)
            } else if known.isUndone {
                return
            } else {
                stay(known, arrival, after: others)
            }
        } else {
            let id = Int64(objects.count + 1)
            objects[id] = LedgerEntry(
                id: id,
                object: object,
                state: .seen,
                bronze: arrival.bronze,
                size: arrival.size,
                modified: arrival.modified,
                seen: arrival.seen,
                arrival: (others.map(\.arrival).max() ?? 0) + 1
            )
        }
        for entry in others where entry.state.isWaiting && !entry.isUndone {
            objects[entry.id]?.state = entry.published ?? .superseded
        }
    }

    /// A live, held or waiting version that is back stays as it is, and its file goes again where it is loaded already.
    private mutating func stay(_ known: LedgerEntry, _ arrival: Arrival, after others: [LedgerEntry]) {
        // One that is back after others is the last one now.
        if let last = others.map(\.arrival).max(), known.arrival < last { objects[known.id]?.arrival = last + 1 }
        if known.state.isLive, let due = arrival.cleaningDue, cleanings[known.id]?.state != .waiting {
            cleanings[known.id] = Cleaning(due: due)
        }
    }

    private mutating func waitAgain(_ known: LedgerEntry, _ arrival: Arrival, after others: [LedgerEntry]) {
        var entry = known
        entry.isUndone = false
        entry.arrival = max(known.arrival, others.map(\.arrival).max() ?? 0) + 1
        if entry.state != .leased {
            entry.state = .seen
            entry.loadID = nil
        }
        entry.bronze = arrival.bronze
        entry.modified = arrival.modified
        entry.seen = arrival.seen
        entry.error = nil
        objects[entry.id] = entry
    }

    /// Makes an object wait to be loaded, and says whether it does.
    fileprivate mutating func reload(_ id: Int64) -> Bool {
        guard let entry = objects[id] else { return false }
        let versions = objects.values.filter {
            $0.object.source == entry.object.source && $0.object.key == entry.object.key
        }
        guard entry.obstacleToReload(among: versions) == nil else { return false }
        objects[id]?.state = .seen
        objects[id]?.isUndone = false
        return true
    }

    /// Makes an object wait to be taken out, and says whether it does.
    fileprivate mutating func undo(_ id: Int64) -> Bool {
        guard let entry = objects[id], entry.state != .superseded, entry.state != .undone else { return false }
        let isHeld = objects.values.contains {
            $0.object.source == entry.object.source && $0.object.key == entry.object.key && $0.state == .leased
        }
        guard !isHeld else { return false }
        objects[id]?.state = .seen
        objects[id]?.isUndone = true
        return true
    }

    fileprivate func waiting(_ source: String) -> [LedgerEntry] {
        let own = objects.values.filter { $0.object.source == source }
        let heldKeys = Set(own.filter { $0.state == .leased }.map(\.object.key))
        return own.filter { [.seen, .failed].contains($0.state) && !heldKeys.contains($0.object.key) }
            .sorted { $0.id < $1.id }
    }

    fileprivate mutating func insertLease(_ loadID: String, source: String, owner: LeaseOwner) -> Lease {
        tokens += 1
        let lease = Lease(loadID: loadID, owner: owner, token: tokens)
        leases.append(lease)
        leasedSources[tokens] = source
        return lease
    }

    fileprivate mutating func hold(_ id: Int64, _ lease: Lease) {
        objects[id]?.state = .leased
        objects[id]?.loadID = lease.loadID
        objects[id]?.attempts += 1
        holders[id] = lease.token
    }

    mutating func removeLease(_ token: Int64) {
        leases.removeAll { $0.token == token }
        leasedSources[token] = nil
    }

    func check(_ lease: Lease) throws {
        guard leases.contains(where: { $0.loadID == lease.loadID && $0.token == lease.token }) else {
            throw IngotError(.leaseLost, "the batch \(lease.loadID) was taken over by another process")
        }
    }

    /// Whether another version of an object's key waits, which was recorded after this one was taken.
    private func hasNewerWaiting(than entry: LedgerEntry) -> Bool {
        objects.values.contains { other in
            other.object.source == entry.object.source && other.object.key == entry.object.key && other.id != entry.id
                && other.state.isWaiting && !other.isUndone
        }
    }

    mutating func apply(_ outcomes: [BatchCommit.Outcome], lease: Lease, runID: String?) throws {
        for outcome in outcomes {
            guard var entry = objects[outcome.id], entry.state == .leased, holders[outcome.id] == lease.token else {
                throw IngotError(.leaseLost, "an object of the batch \(lease.loadID) is held by another process")
            }
            let isOutdated = outcome.state.isWaiting && !entry.isUndone && hasNewerWaiting(than: entry)
            // What is not committed leaves the rows of an earlier load where they are.
            if !outcome.state.isWaiting || entry.published == nil {
                entry.runID = runID
                entry.counts = outcome.counts
            }
            // What is taken out may have arrived again meanwhile.
            let isBack = outcome.state == .undone && !entry.isUndone
            entry.state = isOutdated ? entry.published ?? .superseded : isBack ? .seen : outcome.state
            if !outcome.state.isWaiting { entry.published = outcome.state == .undone ? nil : outcome.state }
            entry.error = outcome.error
            objects[outcome.id] = entry
            holders[outcome.id] = nil
            if outcome.state == .undone { dropCleaning(outcome.id) }
        }
    }
}
