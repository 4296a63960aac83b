import IngotCore

/// A batch whose files are written and which waits for its commit.
struct StagedBatch: Sendable {
    /// The objects, with what became of their rows.
    var objects: [BatchObject]
    /// Objects of earlier batches whose rows moved between silver and quarantine, with their new counts.
    var others: [BatchObject]
    /// What changes in tables.
    var changes: [TableChange]
    /// The ledger's numbers of the older versions whose rows are removed.
    var superseded: [Int64]
    /// Changes that models must take in.
    var pending: [PendingChange]
}
