/// What becomes of the file of an object in its source, once the object's rows are committed.
public struct Cleaning: Sendable, Hashable {
    /// How it stands.
    public enum State: String, Sendable, CaseIterable {
        /// The file is to be taken away.
        case waiting
        /// It was deleted.
        case deleted
        /// It was moved.
        case moved
        /// It was gone already.
        case gone
        /// It was left where it is, because it is not the file that was loaded.
        case kept
    }

    /// How it stands.
    public var state: State
    /// The earliest time to take the file away, in nanoseconds since 1970 UTC.
    public var due: Int64
    /// When it may be tried again after it failed, in nanoseconds since 1970 UTC.
    public var retry: Int64
    /// How often it was tried.
    public var attempts: Int
    /// When it was last tried, in nanoseconds since 1970 UTC.
    public var tried: Int64?
    /// Where the file was moved to, after this load of its object or an earlier one.
    public var destination: String?
    /// Why the last try failed, or why the file was left where it is.
    public var error: String?

    /// Describes a cleaning; one that waits and was not tried yet unless told otherwise.
    public init(
        state: State = .waiting,
        due: Int64,
        retry: Int64 = 0,
        attempts: Int = 0,
        tried: Int64? = nil,
        destination: String? = nil,
        error: String? = nil
    ) {
        self.state = state
        self.due = due
        self.retry = retry
        self.attempts = attempts
        self.tried = tried
        self.destination = destination
        self.error = error
    }
}
