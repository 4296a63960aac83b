import IngotCore

/// Which intervals of a model are recomputed, and how.
public struct BackfillRequest: Sendable, Hashable {
    /// The model.
    public var model: String
    /// The first instant, in microseconds since 1970 UTC; its interval is recomputed as a whole.
    public var start: Int64
    /// The first instant that does not belong to it.
    public var end: Int64
    /// How many intervals one commit takes in.
    public var sliceSize: Int
    /// Whether the newest slice is the first.
    public var isNewestFirst: Bool

    /// Asks for a backfill.
    public init(model: String, start: Int64, end: Int64, sliceSize: Int, isNewestFirst: Bool) {
        self.model = model
        self.start = start
        self.end = end
        self.sliceSize = sliceSize
        self.isNewestFirst = isNewestFirst
    }
}

/// The slices of a backfill, in their order.
public struct BackfillReport: Sendable {
    /// A stretch of intervals that one commit takes in.
    public struct Slice: Sendable, Hashable {
        /// The first instant, in microseconds since 1970 UTC.
        public var start: Int64
        /// The first instant that does not belong to it.
        public var end: Int64
        /// How many rows were computed; `nil` while it is to be done, or was done before.
        public var rows: Int?

        /// The stretch.
        var range: IntervalRange { IntervalRange(start: start, end: end) }
    }

    /// The slices.
    public var slices: [Slice]
    /// How many of the first ones were done by an earlier attempt.
    public var doneBefore = 0

    init(_ ranges: [IntervalRange]) {
        slices = ranges.map { Slice(start: $0.start, end: $0.end) }
    }

    /// How much is done, from 0 to 1.
    public var fraction: Double {
        let done = doneBefore + slices.count { $0.rows != nil }
        return slices.isEmpty ? 1 : Double(done) / Double(slices.count)
    }
}

extension Engine {
    /// Recomputes intervals of a model in slices, each with a commit of its own; one that was interrupted goes on.
    ///
    /// - Parameters:
    ///   - request: Which model and intervals, and how.
    ///   - isDryRun: Whether nothing is to be computed.
    ///   - tell: Is told of each slice that is committed.
    /// - Returns: The slices, with what became of them.
    /// - Throws: `IngotError` with `notBackfilled` where the model cannot be; what stops a slice.
    public func backfill(
        _ request: BackfillRequest,
        isDryRun: Bool = false,
        tell: @Sendable (BackfillReport) -> Void = { _ in }
    ) async throws -> BackfillReport {
        try await models.backfill(request, isDryRun: isDryRun, tell: tell)
    }
}
