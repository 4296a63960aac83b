import IngotCore
import IngotProject

@testable import IngotEngine

/// The query engine and the tables, in memory: a batch becomes a snapshot with one row for each object.
struct SimulatedLoader: BatchLoading {
    /// The namespaces of the tables: rows that have the place of their unique key, and rows that lost it.
    static let (silver, quarantine, table) = ("silver", "quarantine", "t")

    let process: SimulatedProcess
    let services: EngineServices

    private var state: any StateStore { services.state }
    private var world: SimulatedWorld { process.world }

    func load(
        _ lease: Lease,
        _ entries: [LedgerEntry],
        messages: [String: ReceivedMessage]
    ) async throws -> LoadedBatch {
        let run = Run(
            id: "run-\(lease.loadID)-\(lease.token)",
            loadID: lease.loadID,
            kind: .ingest,
            name: "p",
            started: world.now,
            inputs: entries.count
        )
        do {
            return try await stageAndCommit(lease, entries, run, messages)
        } catch {
            if process.isDead { throw SimulatedWorld.Crash() }
            let outcomes = entries.map {
                BatchCommit.Outcome(id: $0.id, state: .seen, counts: RowCounts(), error: "\(error)")
            }
            await services.leaseReturns.giveBack(lease, outcomes, to: state)
            throw error
        }
    }

    private func stageAndCommit(
        _ lease: Lease,
        _ entries: [LedgerEntry],
        _ run: Run,
        _ messages: [String: ReceivedMessage]
    ) async throws -> LoadedBatch {
        let versions = BatchVersions(entries, of: "p", in: state)
        for entry in versions.loaded where !world.isInBronze(entry.bronze) {
            world.violate("\(entry.object) is not in bronze")
        }
        for entry in versions.loaded {
            switch SimulatedWorld.nature(of: entry) {
            case .deadly:
                process.kill()
                throw SimulatedWorld.Crash()
            case .unloadable: throw IngotError(.runFailed, "\(entry.object.key) breaks its batch")
            case .good, .refused: break
            }
        }
        if world.bug == .acknowledgesBeforeCommit { try await state.acknowledge(messages.values.map(\.receipt)) }
        while true {
            // What is decided fits no other state of the tables.
            let pointers = [
                try await state.pointer(namespace: Self.silver, table: Self.table),
                try await state.pointer(namespace: Self.quarantine, table: Self.table),
            ]
            var (batch, displaced) = try await stage(versions)
            let before = SimulatedTables(silver: world.rows(at: pointers[0]), quarantine: world.rows(at: pointers[1]))
            let added = batch.objects.filter { $0.failure == nil }.map { SimulatedTables.Row($0.entry) }
            let after = before.changed(
                removing: Set(displaced.map(SimulatedTables.Row.init)),
                adding: added,
                lastWins: world.bug == .lastCommitWins
            )
            for index in batch.objects.indices where batch.objects[index].failure == nil {
                batch.objects[index].counts = after.counts(of: batch.objects[index].entry)
            }
            batch.others = try await moved(from: before, to: after, besides: Set(added))
            var commit = batch.commit(lease: lease, run: run)
            commit.pointers = zip([Self.silver, Self.quarantine], zip(pointers, [after.silver, after.quarantine])).map {
                PointerSwap(namespace: $0, table: Self.table, expected: $1.0, replacement: world.write($1.1))
            }
            commit.settle(messages, batch)
            do {
                try await state.commit(commit)
            } catch let error as IngotError where error.code == .tableChanged {
                continue
            }
            let refused = batch.objects.filter { $0.failure != nil }
            return LoadedBatch(
                run: run,
                objects: PipelineReport.ObjectCounts(
                    loaded: batch.objects.count - refused.count,
                    failed: refused.count
                ),
                refused: Dictionary(refused.map { ($0.entry.object.key, "refused") }, uniquingKeysWith: { $1 }),
                commitDuration: 0
            )
        }
    }

    /// The objects of earlier batches whose rows moved between the tables, with their new counts.
    private func moved(
        from before: SimulatedTables,
        to after: SimulatedTables,
        besides added: Set<SimulatedTables.Row>
    ) async throws -> [BatchObject] {
        let moved = Set(before.silver).intersection(after.quarantine)
            .union(Set(before.quarantine).intersection(after.silver)).subtracting(added)
        guard !moved.isEmpty else { return [] }
        let filter = LedgerFilter(source: "p", keys: moved.map(\.key).sorted(), isPublished: true)
        return try await state.entries(matching: filter).filter { moved.contains(SimulatedTables.Row($0)) }.map {
            var object = BatchObject(entry: $0, index: 0)
            object.counts = after.counts(of: $0)
            return object
        }
    }

    /// Judges the objects of a batch, and the versions that come back for those which it takes out.
    private func stage(_ versions: BatchVersions) async throws -> (batch: StagedBatch, displaced: [LedgerEntry]) {
        var returning: [LedgerEntry] = []
        var objects: [BatchObject] = []
        while true {
            objects = (versions.loaded + returning).enumerated().map { index, entry in
                var object = BatchObject(entry: entry, index: index)
                if SimulatedWorld.nature(of: entry) != .good { object.failure = "refused" }
                return object
            }
            let refused = Set(objects.filter { $0.failure != nil }.map(\.entry.id))
            let more = try await versions.returning(beside: objects, refused: refused)
            if more.isEmpty { break }
            returning += more
        }
        let displaced = try await versions.displaced(by: objects)
        let restored = Set(returning.map(\.id))
        let own = Set((versions.loaded + versions.undone).map(\.id))
        let batch = StagedBatch(
            objects: objects.filter { !restored.contains($0.entry.id) || $0.failure == nil },
            restored: restored,
            undone: versions.undone,
            others: [],
            changes: [],
            superseded: displaced.map(\.id).filter { !own.contains($0) },
            pending: []
        )
        return (batch, displaced)
    }
}
