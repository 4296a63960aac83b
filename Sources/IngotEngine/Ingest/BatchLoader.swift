import DuckDB
import IngotCore
import IngotProject

/// Stages, audits and commits batches of one pipeline.
struct BatchLoader {
    /// How often a batch is staged anew because its tables changed underneath.
    private static let stagingsMax = 20

    let services: EngineServices
    let lake: Lake
    let pipeline: Pipeline
    /// The models that must hear of changes.
    let consumers: ChangeConsumers

    private var state: any StateStore { services.state }
    private var lineage: RunLineage? { RunLineage(of: pipeline, services) }

    /// Stages and commits one batch; if that fails, its objects are given back.
    ///
    /// - Parameters:
    ///   - lease: The right to the objects.
    ///   - entries: The objects.
    ///   - connection: What the engine works on.
    ///   - messages: The messages that the commit deals with, by key.
    ///   - whenBegun: Is given the run before anything is done.
    /// - Returns: The run as it was committed, the batch, and how many nanoseconds the commit took.
    /// - Throws: `IngotError`.
    func load(
        _ lease: Lease,
        _ entries: [LedgerEntry],
        _ connection: SQLConnection,
        messages: [String: ReceivedMessage] = [:],
        whenBegun: (Run) -> Void = { _ in }
    ) async throws -> (run: Run, batch: StagedBatch, commitDuration: Int64) {
        var run = Run(
            id: Identifiers(clock: services.clock).runID(),
            loadID: lease.loadID,
            kind: .ingest,
            name: pipeline.name.value,
            started: services.clock.now(),
            inputs: entries.count,
            owner: services.owner
        )
        whenBegun(run)
        do {
            try await state.begin(run, lineage: lineage?.start(run))
            let batch = try await stageAndCommit(lease, entries, run, connection, messages)
            // The batch counts already; a folder that stays is removed by a later start.
            try? await lake.storage.removeStagingFolder(lease.loadID)
            return batch
        } catch {
            let own = [lake.storage.root, services.scratch]
            let reason = IngotError(stopping: "the pipeline \(pipeline.name)", error, owning: own)
            run.status = .failed
            run.ended = services.clock.now()
            run.error = "\(reason)"
            await giveBack(lease, entries, run, reason)
            throw reason
        }
    }

    /// Gives the objects of a batch that failed back.
    ///
    /// What fails here too, as the state does on a full disk, must not hide why the batch failed.
    private func giveBack(_ lease: Lease, _ entries: [LedgerEntry], _ run: Run, _ reason: IngotError) async {
        // First, because the staged files may be what the disk has no room beside.
        try? await lake.storage.removeStagingFolder(lease.loadID)
        try? await state.fail(run, lineage: lineage?.failed(run))
        // A defect of the machine leaves the objects waiting; one of the project or the objects marks them.
        let isOfMachine = reason.isOfMachine || reason.isRetryable || reason.code == .runFailed
        let outcomes = entries.map { entry in
            BatchCommit.Outcome(
                id: entry.id,
                state: isOfMachine || entry.isUndone ? .seen : .failed,
                counts: RowCounts(),
                error: "\(reason)"
            )
        }
        await services.leaseReturns.giveBack(lease, outcomes, to: state)
    }

    private func stageAndCommit(
        _ lease: Lease,
        _ entries: [LedgerEntry],
        _ run: Run,
        _ connection: SQLConnection,
        _ messages: [String: ReceivedMessage]
    ) async throws -> (run: Run, batch: StagedBatch, commitDuration: Int64) {
        var staging = 0
        while true {
            staging += 1
            do {
                let stager = BatchStager(
                    services: services,
                    lake: lake,
                    pipeline: pipeline,
                    connection: connection,
                    consumers: consumers,
                    run: run
                )
                let batch = try await stager.stage(entries)
                let settings = services.project.environment.settings
                let committer = BatchCommitter(
                    lake: lake,
                    state: state,
                    settings: settings,
                    clock: services.clock,
                    lineage: lineage?.having(read: batch)
                )
                var commit = batch.commit(lease: lease, run: run)
                commit.settle(messages, batch)
                let begun = services.clock.now()
                if let due = pipeline.source.cleaningDue(committed: begun) {
                    // Where one came back, the file that is there is of the version that was taken out.
                    let taken = batch.objects.filter { $0.failure == nil && !batch.restored.contains($0.entry.id) }
                    commit.cleanings = Dictionary(taken.map { ($0.entry.id, due) }) { $1 }
                }
                try await committer.commit(batch.changes, commit)
                return (commit.run, batch, services.clock.now() - begun)
            } catch let error as IngotError where error.code == .tableChanged && staging < Self.stagingsMax {
                continue
            }
        }
    }
}

extension BatchCommit {
    /// Acknowledges the messages of objects that are committed, and makes dead letters of the others.
    mutating func settle(_ messages: [String: ReceivedMessage], _ batch: StagedBatch) {
        let objects = batch.objects.filter { !batch.restored.contains($0.entry.id) }
        let loaded = Set(objects.map(\.entry.object.key))
        acknowledged += Set(batch.undone.map(\.object.key)).subtracting(loaded).compactMap { messages[$0]?.receipt }
        for object in objects {
            guard let message = messages[object.entry.object.key] else { continue }
            if let failure = object.failure {
                let version = message.version
                givenBack.append(MessageFailure(message.receipt, error: failure, fate: .bury, version: version))
            } else {
                acknowledged.append(message.receipt)
            }
        }
    }
}

extension IngotError {
    /// Whether the disk, the state or a permission is to blame, and no object.
    var isOfMachine: Bool {
        [.objectNoSpace, .objectPermissionDenied, .objectStoreUnavailable, .stateUnusable, .stateNewer].contains(code)
    }
}
