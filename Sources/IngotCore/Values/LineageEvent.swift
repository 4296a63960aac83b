/// What others are told of a run's beginning or end: a line of JSON, made once and sent as often as it takes.
public struct LineageEvent: Sendable, Hashable {
    /// The store's number of it; later events have higher ones.
    public var id: Int64
    /// The event.
    public var text: String

    /// Makes an event.
    public init(id: Int64, text: String) {
        self.id = id
        self.text = text
    }
}

/// The beginning of a run of which others are told.
public struct LineageStart: Sendable, Hashable {
    /// The run.
    public var runID: String
    /// The process that does it: if that is gone before the run has ended, so is the run.
    public var owner: LeaseOwner
    /// The event that tells of the beginning.
    public var text: String

    /// Makes a beginning.
    public init(runID: String, owner: LeaseOwner, text: String) {
        self.runID = runID
        self.owner = owner
        self.text = text
    }
}
