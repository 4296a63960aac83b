public import IngotCore

/// All that is remembered of a project, in one place: what makes a commit one transaction.
public typealias StateStore = Ledger & CommitStore & RunLog & ModelStore & GarbageStore & TablePointerStore
    & MessageQueue & CleaningStore
