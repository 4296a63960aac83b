/// Where events that tell of runs go.
public protocol LineageDestination: Sendable {
    /// The right to send events there; `nil` while somebody else has it.
    ///
    /// It ends when the channel is let go, or the process dies.
    /// - Throws: `IngotError` if the destination cannot be used.
    func open() async throws -> (any LineageChannel)?
}

/// The right to send events.
public protocol LineageChannel: Sendable {
    /// Sends events in their order, as far as that goes; what the time does not suffice for stays, and is no error.
    ///
    /// - Parameters:
    ///   - events: What waits.
    ///   - deadline: When it has to be over.
    ///   - goesOn: Whether another event may be begun.
    /// - Returns: What became of the events.
    func send(
        _ events: [LineageEvent],
        until deadline: ContinuousClock.Instant,
        while goesOn: @Sendable () -> Bool
    ) async -> LineageReceipt
}

/// What became of events that were sent.
public struct LineageReceipt: Sendable {
    /// Those that have arrived, to stay.
    public var taken: [Int64]
    /// Those that are never taken, with the reasons.
    public var refused: [(id: Int64, reason: String)]
    /// Why the others could not be sent just now.
    public var error: IngotError?

    /// Makes a receipt.
    public init(taken: [Int64] = [], refused: [(id: Int64, reason: String)] = [], error: IngotError? = nil) {
        self.taken = taken
        self.refused = refused
        self.error = error
    }
}
