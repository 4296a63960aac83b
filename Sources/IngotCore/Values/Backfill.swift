/// A recomputation of a model's intervals in slices, and how far it has come.
public struct Backfill: Sendable, Hashable {
    /// The model.
    public var model: String
    /// A hash of all that decides what the model's SELECT gives besides its input.
    public var fingerprint: String
    /// The first instant, in microseconds since 1970 UTC.
    public var start: Int64
    /// The first instant after it.
    public var end: Int64
    /// How many intervals a slice holds.
    public var sliceSize: Int
    /// Whether the newest slice is the first.
    public var isNewestFirst: Bool
    /// How many slices are committed.
    public var done: Int

    /// Describes a backfill.
    public init(
        model: String,
        fingerprint: String,
        start: Int64,
        end: Int64,
        sliceSize: Int,
        isNewestFirst: Bool,
        done: Int = 0
    ) {
        self.model = model
        self.fingerprint = fingerprint
        self.start = start
        self.end = end
        self.sliceSize = sliceSize
        self.isNewestFirst = isNewestFirst
        self.done = done
    }

    /// Whether another one is the same work, however far it has come.
    public func isSameWork(as other: Backfill) -> Bool {
        var other = other
        other.done = done
        return self == other
    }
}
