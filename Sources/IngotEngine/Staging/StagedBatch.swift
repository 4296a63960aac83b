import IngotCore
import IngotProject

/// A batch whose files are written and which waits for its commit.
struct StagedBatch: Sendable {
    /// How many sources a run's lineage names.
    private static let sourcesMax = 1_000

    /// The objects, with what became of their rows.
    var objects: [BatchObject]
    /// The ledger's numbers of those objects that come back in the place of one that is taken out.
    var restored: Set<Int64>
    /// The objects that are taken out.
    var undone: [LedgerEntry]
    /// Objects of earlier batches whose rows moved between silver and quarantine, with their new counts.
    var others: [BatchObject]
    /// What changes in tables.
    var changes: [TableChange]
    /// The ledger's numbers of the older versions whose rows are removed.
    var superseded: [Int64]
    /// Changes that models must take in.
    var pending: [PendingChange]

    /// The commit of the batch, without pointers.
    func commit(lease: Lease, run: Run) -> BatchCommit {
        var run = run
        let failed = objects.filter { $0.failure != nil }
        run.status = !failed.isEmpty && failed.count == objects.count && undone.isEmpty ? .failed : .succeeded
        run.error = failed.first.map { object in
            "\(object.entry.object.key): \(object.failure ?? "")"
                + (failed.count > 1 ? "; and \(failed.count - 1) more" : "")
        }
        for object in objects where object.failure == nil { run.counts += object.counts }
        run.sources = objects.prefix(Self.sourcesMax).map { "\($0.entry.object.key)@\($0.entry.object.version)" }
        run.targets = changes.filter { !$0.isEmpty }.map { $0.shape.definition.name.description }
        return BatchCommit(
            pointers: [],
            lease: lease,
            outcomes: objects.filter { !restored.contains($0.entry.id) }.map(\.outcome)
                + undone.map { BatchCommit.Outcome(id: $0.id, state: .undone, counts: RowCounts()) },
            superseded: superseded,
            restored: objects.filter { restored.contains($0.entry.id) && $0.failure == nil }.map(\.outcome),
            recounted: others.map {
                BatchCommit.Outcome(id: $0.entry.id, state: $0.entry.state, counts: $0.counts, error: $0.entry.error)
            },
            run: run,
            pending: pending,
            voidLetters: voidLetters(of: run.name)
        )
    }

    /// The dead letters of what is done by this commit, whoever does it.
    ///
    /// What is loaded takes the place of an older version that was to be taken out, too.
    private func voidLetters(of queue: String) -> [VoidLetters] {
        let loaded = objects.filter { $0.failure == nil && !restored.contains($0.entry.id) }.map(\.entry.object.key)
        return [
            VoidLetters(.load, of: queue, for: loaded),
            VoidLetters(.undo, of: queue, for: loaded + undone.map(\.object.key)),
        ]
    }
}

extension BatchObject {
    /// Where the object will stand in the ledger.
    var state: ObjectState {
        if failure != nil { return .failed }
        return fault == nil ? .loaded : .quarantined
    }

    /// What the ledger keeps as the reason of that state.
    var complaint: String? {
        failure ?? fault.map { "\($0.rule.rawValue): \($0.message)" }
    }

    /// What the ledger is told of the object.
    fileprivate var outcome: BatchCommit.Outcome {
        BatchCommit.Outcome(
            id: entry.id,
            state: state,
            counts: failure == nil ? counts : RowCounts(),
            error: complaint
        )
    }
}
