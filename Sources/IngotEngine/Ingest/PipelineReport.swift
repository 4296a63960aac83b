public import IngotCore

/// What a run did for one pipeline.
public struct PipelineReport: Sendable {
    /// How the objects of a pipeline fared.
    public struct ObjectCounts: Sendable, Hashable {
        /// Their rows are in silver and quarantine.
        public var loaded = 0
        /// All of their rows are in quarantine.
        public var quarantined = 0
        /// Nothing of them is committed.
        public var failed = 0
        /// They had been loaded before, or another run holds them.
        public var skipped = 0
        /// They were taken out.
        public var undone = 0

        /// Makes counts.
        public init(loaded: Int = 0, quarantined: Int = 0, failed: Int = 0, skipped: Int = 0, undone: Int = 0) {
            self.loaded = loaded
            self.quarantined = quarantined
            self.failed = failed
            self.skipped = skipped
            self.undone = undone
        }
    }

    /// The pipeline.
    public var pipeline: String
    /// The attempt; one for each batch, the last one's here.
    public var runID: String
    /// How the objects fared.
    public var objects = ObjectCounts()
    /// What became of the rows.
    public var rows = RowCounts()
    /// How long it took.
    public var seconds = 0.0
    /// What is worth saying of single objects: quarantined whole, failed, warned of.
    public var notices: [Notice] = []
    /// What could not be listed or copied.
    public var problems: [IngotError] = []
    /// What is in the source and can be no object, each with what to do; the others were taken in.
    public var passedOver: [IngotError] = []
    /// Why the pipeline stopped, if it did.
    public var error: IngotError?

    /// A word about one object.
    public struct Notice: Sendable, Hashable {
        /// The object's key.
        public var key: String
        /// What became of it.
        public var state: ObjectState
        /// Why.
        public var message: String
    }

    /// `succeeded`, `failed`, or `up_to_date` where there was nothing to do.
    public var status: String {
        if error != nil || objects.failed > 0 || !problems.isEmpty { return "failed" }
        return objects.loaded + objects.quarantined + objects.undone > 0 ? "succeeded" : "up_to_date"
    }
}
