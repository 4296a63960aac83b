extension InMemoryState: CommitStore {
    /// Commits everything of a batch at once.
    public func commit(_ commit: BatchCommit) async throws {
        try write { content in
            try content.swap(commit.pointers)
            if let lease = commit.lease {
                try content.check(lease)
                content.supersede(commit.superseded, runID: commit.run.id)
                try content.restore(commit.restored, lease: lease, runID: commit.run.id)
                try content.recount(commit.recounted)
                try content.apply(commit.outcomes, lease: lease, runID: commit.run.id)
                content.removeLease(lease.token)
            }
            for (id, due) in commit.cleanings {
                content.cleanings[id] = Cleaning(due: due, destination: content.cleanings[id]?.destination)
            }
            content.write(commit.run)
            content.record(commit.pending)
            if let model = commit.model {
                content.clear(model.cleared)
                content.models[model.state.model] = model.state
            }
            if let backfill = commit.backfill { content.backfills[backfill.model] = backfill }
            content.collect(commit.garbage)
            content.acknowledge(commit.acknowledged)
            content.forget(commit.voidLetters)
            content.giveBack(commit.givenBack, now: commit.run.ended ?? commit.run.started)
            if let text = commit.lineage { content.endLineage(of: commit.run.id, with: text) }
        }
    }
}

extension InMemoryState: RunLog {
    /// Records that a run begins.
    public func begin(_ run: Run, lineage: LineageStart?) async throws {
        write { content in
            content.write(run)
            if let lineage { content.beginLineage(lineage) }
        }
    }

    /// Records that a run ended without a commit.
    public func fail(_ run: Run, lineage: String?) async throws {
        write { content in
            content.write(run)
            if let lineage { content.endLineage(of: run.id, with: lineage) }
        }
    }

    /// The newest runs first.
    public func runs(name: String?, limit: Int) async throws -> [Run] {
        let runs = read { content in content.runs.filter { run in name.map { $0 == run.name } ?? true } }
        return Array(runs.sorted { ($0.started, $0.id) > ($1.started, $1.id) }.prefix(max(0, limit)))
    }

    /// All attempts of one batch, the newest first.
    public func runs(loadID: String) async throws -> [Run] {
        let runs = read { content in content.runs.filter { $0.loadID == loadID } }
        return runs.sorted { ($0.started, $0.id) > ($1.started, $1.id) }
    }

    /// One run, by its id or by a beginning of it that names only one.
    public func run(id: String) async throws -> Run? {
        let runs = read { content in content.runs.filter { $0.id.hasPrefix(id) } }
        return runs.first { $0.id == id } ?? (runs.count == 1 ? runs[0] : nil)
    }

    /// Forgets runs that ended before a time.
    public func removeRuns(before time: Int64, limit: Int) async throws -> Int {
        write { content in
            let old = content.runs.filter { $0.ended.map { $0 < time } ?? false }.sorted { $0.started < $1.started }
            let removed = Set(old.prefix(max(0, limit)).map(\.id))
            content.runs.removeAll { removed.contains($0.id) }
            return removed.count
        }
    }
}

extension InMemoryState: ModelStore {
    /// The state of every model that was computed, by name.
    public func modelStates() async throws -> [String: ModelState] {
        read { $0.models }
    }

    /// How far the last backfill of a model has come, if there was one.
    public func backfill(model: String) async throws -> Backfill? {
        read { $0.backfills[model] }
    }

    /// What a model has not taken in yet.
    public func pending(model: String) async throws -> [PendingChange] {
        read { content in
            content.pending.filter { $0.key.model == model }.map { key, generation in
                PendingChange(model: key.model, input: key.input, extent: key.extent, generation: generation)
            }
        }
    }

    /// The models that have not taken in everything yet.
    public func changedModels() async throws -> Set<String> {
        read { Set($0.pending.keys.map(\.model)) }
    }
}

extension InMemoryState.Content {
    fileprivate mutating func supersede(_ ids: [Int64], runID: String) {
        for id in ids {
            guard var entry = objects[id], entry.state != .leased else { continue }
            entry.state = entry.isUndone ? .undone : .superseded
            entry.published = nil
            entry.runID = runID
            objects[id] = entry
            dropCleaning(id)
        }
    }

    fileprivate mutating func restore(_ outcomes: [BatchCommit.Outcome], lease: Lease, runID: String) throws {
        for outcome in outcomes {
            guard var entry = objects[outcome.id], entry.state == .superseded else {
                throw IngotError(.tableChanged, "an object that comes back is not as it was", isRetryable: true)
            }
            (entry.state, entry.published) = (outcome.state, outcome.state)
            (entry.counts, entry.error) = (outcome.counts, outcome.error)
            (entry.loadID, entry.runID) = (lease.loadID, runID)
            objects[outcome.id] = entry
        }
    }

    fileprivate mutating func recount(_ outcomes: [BatchCommit.Outcome]) throws {
        for outcome in outcomes {
            guard var entry = objects[outcome.id], entry.published != nil else {
                throw IngotError(.tableChanged, "an object whose rows move is not as it was", isRetryable: true)
            }
            entry.counts.silver = outcome.counts.silver
            entry.counts.quarantined = outcome.counts.quarantined
            objects[outcome.id] = entry
        }
    }

    /// What was written of a run at its beginning stays; only its end is added.
    fileprivate mutating func write(_ run: Run) {
        guard let index = runs.firstIndex(where: { $0.id == run.id }) else {
            runs.append(run)
            return
        }
        var known = runs[index]
        (known.status, known.ended, known.inputs) = (run.status, run.ended, run.inputs)
        (known.counts, known.error) = (run.counts, run.error)
        known.sources = run.sources + known.sources.dropFirst(run.sources.count)
        known.targets = run.targets + known.targets.dropFirst(run.targets.count)
        runs[index] = known
    }

    fileprivate mutating func record(_ changes: [PendingChange]) {
        for change in changes {
            let key = InMemoryState.PendingKey(model: change.model, input: change.input, extent: change.extent)
            pending[key, default: 0] += 1
        }
    }

    fileprivate mutating func clear(_ changes: [PendingChange]) {
        for change in changes {
            let key = InMemoryState.PendingKey(model: change.model, input: change.input, extent: change.extent)
            if pending[key] == change.generation { pending[key] = nil }
        }
    }
}
