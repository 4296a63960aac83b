/// Keeps messages until somebody has dealt with them.
///
/// What every adapter keeps, and `MessageQueueCompatTest` tries to break:
/// - **At least once.** A message that was received is received again unless it was acknowledged, or given back as dead,
///   before its visibility timeout.
/// - **One holder.** Until then nobody else receives it; a receipt is good until the message is received again.
/// - **Order in a group.** Of a group's messages the oldest is received first, and no other one before it is gone.
/// - **No copies in wait.** A message that waits already, in the same group and with the same body, is not added again.
/// - **An end.** A message that was received as often as is allowed, postponements not counted, becomes a dead letter.
///
/// Every call is one transaction, and durable when it returns. Texts hold no NUL. All times are nanoseconds; `now` is
/// since 1970 UTC.
public protocol MessageQueue: Sendable {
    /// Adds messages. Returns how many of them say what no other one does, neither one that waits nor one that is held.
    @discardableResult
    func send(_ messages: [OutgoingMessage], to queue: String, now: Int64) async throws -> Int

    /// Receives messages, the oldest first.
    ///
    /// - Parameters:
    ///   - queue: The queue.
    ///   - request: How many, and for how long they are held.
    ///   - now: The time.
    /// - Returns: The messages; none where none can be received.
    /// - Throws: `IngotError` if the store fails.
    func receive(from queue: String, _ request: ReceiveRequest, now: Int64) async throws -> [ReceivedMessage]

    /// Takes messages back from receivers that are gone, so that they need not wait for their visibility timeout.
    ///
    /// - Returns: How many; none where the queue cannot know.
    func reclaim(from queue: String, now: Int64, isAlive: @Sendable (LeaseOwner) -> Bool) async throws -> Int

    /// Holds messages longer: until so long after now. Returns the receipts that are still good.
    func extend(_ receipts: [MessageReceipt], visibility: Int64, now: Int64) async throws -> Set<MessageReceipt>

    /// Removes messages that were dealt with; a receipt that is no longer good does nothing.
    func acknowledge(_ receipts: [MessageReceipt]) async throws

    /// Gives messages back that could not be dealt with; a receipt that is no longer good does nothing.
    func giveBack(_ failures: [MessageFailure], now: Int64) async throws

    /// How full a queue is.
    func depth(of queue: String, now: Int64) async throws -> QueueDepth

    /// Dead letters, the oldest first, of numbers beyond the given one.
    func deadLetters(of queue: String, after id: Int64?, limit: Int) async throws -> [DeadLetter]

    /// How the last dead letter of each group died, of those that say the body; of all groups for `nil`.
    func lastDeaths(in queue: String, groups: [String]?, saying body: String) async throws -> [String: Death]

    /// Makes dead letters wait again, as new messages with the history of the old ones. Returns how many did.
    func redrive(_ ids: [Int64], of queue: String, now: Int64) async throws -> Int

    /// Forgets dead letters that died before a time. Returns how many.
    func removeDeadLetters(of queue: String, before time: Int64) async throws -> Int
}

/// What a receiver asks for.
public struct ReceiveRequest: Sendable, Hashable {
    /// At most so many messages.
    public var limit: Int
    /// For how long they are held, in nanoseconds.
    public var visibility: Int64
    /// How often a message is received before it becomes a dead letter.
    public var receivesMax: Int
    /// Who asks.
    public var receiver: LeaseOwner
    /// For how long a message is held or put off at most, in nanoseconds: what seems to be so for longer was by a clock
    /// that has been put back since, and is received at once.
    public var delayMax: Int64

    /// Makes a request.
    public init(
        limit: Int,
        visibility: Int64,
        receivesMax: Int,
        receiver: LeaseOwner,
        delayMax: Int64 = .max
    ) {
        self.limit = limit
        self.visibility = visibility
        self.receivesMax = receivesMax
        self.receiver = receiver
        self.delayMax = delayMax
    }

    /// Whether a message is neither held nor put off any more.
    ///
    /// - Parameters:
    ///   - visible: Until when it was to be, in nanoseconds since 1970 UTC.
    ///   - now: The time.
    /// - Returns: Whether it can be received.
    public func isDue(_ visible: Int64, now: Int64) -> Bool {
        visible <= now || visible > latest(now: now)
    }

    /// Until when a message can be held or put off, in nanoseconds since 1970 UTC.
    public func latest(now: Int64) -> Int64 {
        let (time, overflow) = now.addingReportingOverflow(delayMax)
        return overflow ? .max : time
    }
}
