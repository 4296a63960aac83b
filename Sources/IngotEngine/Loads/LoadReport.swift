public import IngotCore

/// What became of one load.
public struct LoadReport: Sendable {
    /// How a load ended.
    public enum Status: String, Sendable {
        /// The rows are in the database.
        case succeeded
        /// The version of the source was loaded before.
        case upToDate = "up_to_date"
        /// Nothing was changed.
        case failed
    }

    /// The load.
    public var load: String
    /// How it ended.
    public var status: Status
    /// The run; `nil` where there was nothing to do.
    public var runID: String?
    /// Names the load of this version of the source; `nil` where it failed before it had a name.
    public var loadID: String?
    /// How many rows were loaded.
    public var rows = 0
    /// How many rows of the source asked for a deletion.
    public var deletions = 0
    /// How long it took, in seconds.
    public var seconds = 0.0
    /// Why it failed.
    public var error: IngotError?

    init(load: String) {
        self.load = load
        status = .failed
    }
}
