public import IngotCore

/// What a run did for one model.
public struct ModelReport: Sendable {
    /// How a model fared.
    public enum Status: String, Sendable, Hashable {
        /// Its table or view is as its inputs are.
        case succeeded
        /// There was nothing to do.
        case upToDate = "up_to_date"
        /// Nothing of it was committed.
        case failed
        /// It reads what a failed model makes.
        case skipped
    }

    /// The model.
    public var model: String
    /// How it fared.
    public var status: Status
    /// The attempt; empty if there was none.
    public var runID = ""
    /// Why it was computed, in a few words each.
    public var reasons: [String] = []
    /// How many intervals were computed; zero where the whole table was, or rows by key.
    public var intervals = 0
    /// How many rows were computed.
    public var rows = 0
    /// How many data files of its inputs were read.
    public var files = 0
    /// Whether the table changed: the computed rows can be the same as before.
    public var isChanged = false
    /// How long it took.
    public var seconds = 0.0
    /// Why it failed or was skipped.
    public var error: IngotError?

    /// Makes a report.
    public init(model: String, status: Status, error: IngotError? = nil) {
        self.model = model
        self.status = status
        self.error = error
    }
}

/// What a run would do for one model.
public struct ModelPlanReport: Sendable {
    /// How much would be computed.
    public enum Action: String, Sendable, Hashable {
        /// Nothing.
        case upToDate = "up_to_date"
        /// A view is checked.
        case view
        /// The whole table.
        case everything
        /// Single intervals.
        case intervals
        /// Rows by key.
        case keys
        /// Rows of new loads.
        case loads
    }

    /// A stretch of time, in microseconds since 1970 UTC, its end not in it.
    public struct Interval: Sendable, Hashable {
        /// The first instant.
        public var start: Int64
        /// The first instant after it.
        public var end: Int64
    }

    /// The model.
    public var model: String
    /// How much would be computed.
    public var action: Action
    /// Why, in a few words each.
    public var reasons: [String]
    /// The stretches of intervals.
    public var intervals: [Interval]
    /// How many intervals, keys or loads.
    public var count: Int
    /// Why the model cannot be planned.
    public var error: IngotError?
}
