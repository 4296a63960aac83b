/// A message to be put into a queue.
public struct OutgoingMessage: Sendable, Hashable {
    /// Messages of one group are dealt with one after the other, in the order in which they were sent.
    public var group: String
    /// What it says.
    public var body: String
    /// How long it cannot be received yet, in nanoseconds.
    public var delay: Int64

    /// Makes a message.
    public init(group: String, body: String, delay: Int64 = 0) {
        self.group = group
        self.body = body
        self.delay = delay
    }
}

/// A message that somebody received, and holds until its visibility timeout.
public struct ReceivedMessage: Sendable, Hashable {
    /// The right to acknowledge it or to give it back.
    public var receipt: MessageReceipt
    /// Its group.
    public var group: String
    /// What it says.
    public var body: String
    /// When it was sent, in nanoseconds since 1970 UTC.
    public var sent: Int64
    /// Which try this is, from 1: how often it was received, without the times that were not its own fault.
    public var attempt: Int
    /// The version of what it tells of, as its receiver has seen it; nobody has yet when it is received.
    public var version: String?

    /// Describes a message.
    public init(receipt: MessageReceipt, group: String, body: String, sent: Int64, attempt: Int) {
        self.receipt = receipt
        self.group = group
        self.body = body
        self.sent = sent
        self.attempt = attempt
    }
}

/// The right of one receiver to a message; it ends when the message is received again.
public struct MessageReceipt: Sendable, Hashable {
    /// The queue's number of the message.
    public var id: Int64
    /// How often it was received, this time included: a receipt with a lower number is no longer good.
    public var receives: Int

    /// Makes a receipt.
    public init(id: Int64, receives: Int) {
        self.id = id
        self.receives = receives
    }
}

/// What becomes of a message that could not be dealt with.
public struct MessageFailure: Sendable, Hashable {
    /// What is done with the message.
    public enum Fate: Sendable, Hashable {
        /// It can be received again after so many nanoseconds.
        case retry(after: Int64)
        /// It can be received again after so many nanoseconds, and this time does not count: it is not to blame.
        case postpone(after: Int64)
        /// It becomes a dead letter at once.
        case bury
    }

    /// The message.
    public var receipt: MessageReceipt
    /// Why it could not be dealt with.
    public var error: String
    /// What is done with it.
    public var fate: Fate
    /// The version of what the message tells of, if that was seen; a dead letter names the last one.
    public var version: String?

    /// Describes a failure.
    public init(_ receipt: MessageReceipt, error: String, fate: Fate, version: String? = nil) {
        self.receipt = receipt
        self.error = error
        self.fate = fate
        self.version = version
    }
}

/// One try to deal with a message, that failed.
public struct MessageAttempt: Sendable, Hashable {
    /// When it was known to have failed, in nanoseconds since 1970 UTC.
    public var ended: Int64
    /// Why.
    public var error: String

    /// Describes a try.
    public init(ended: Int64, error: String) {
        self.ended = ended
        self.error = error
    }

    /// What is recorded of a receiver that is gone.
    public static let goneError = "the receiver ended before it answered"

    /// What is recorded of a receiver that did not answer before the visibility timeout.
    public static let timeoutError = "the receiver did not answer in time"
}

/// A message that nobody could deal with.
public struct DeadLetter: Sendable, Hashable {
    /// The queue's number of the message.
    public var id: Int64
    /// Its group.
    public var group: String
    /// What it says.
    public var body: String
    /// When it was sent, in nanoseconds since 1970 UTC.
    public var sent: Int64
    /// When it became a dead letter, in nanoseconds since 1970 UTC.
    public var died: Int64
    /// How it was tried, the first first; at most the last ``attemptsMax``.
    public var attempts: [MessageAttempt]
    /// The version of what it tells of, if somebody lived to say which one he saw.
    public var version: String?

    /// How many tries of a message are remembered.
    public static let attemptsMax = 20

    /// Describes a dead letter.
    public init(
        id: Int64,
        group: String,
        body: String,
        sent: Int64,
        died: Int64,
        attempts: [MessageAttempt],
        version: String? = nil
    ) {
        self.id = id
        self.group = group
        self.body = body
        self.sent = sent
        self.died = died
        self.attempts = attempts
        self.version = version
    }
}

/// Dead letters of which nothing is left to do, since what they ask for was done otherwise.
public struct VoidLetters: Sendable, Hashable {
    /// Their queue.
    public var queue: String
    /// Their groups.
    public var groups: [String]
    /// What they say.
    public var body: String

    /// Names dead letters.
    public init(queue: String, groups: [String], body: String) {
        self.queue = queue
        self.groups = groups
        self.body = body
    }
}

/// The end of a message that nobody could deal with.
public struct Death: Sendable, Hashable {
    /// When it became a dead letter, in nanoseconds since 1970 UTC.
    public var time: Int64
    /// The version of what it tells of, if that is known.
    public var version: String?

    /// Describes a death.
    public init(time: Int64, version: String? = nil) {
        self.time = time
        self.version = version
    }

    /// Whether the message died for a file as it is.
    ///
    /// - Parameters:
    ///   - entityTag: What marks the file's present version.
    ///   - modified: When it was last modified; what counts where the version is not known.
    /// - Returns: Whether it was this one.
    public func concerns(entityTag: String, modified: Int64) -> Bool {
        version.map { $0 == entityTag } ?? (time >= modified)
    }
}

/// How full a queue is.
public struct QueueDepth: Sendable, Hashable {
    /// Messages that nobody holds, those that cannot be received yet among them.
    public var waiting: Int
    /// Messages that somebody holds.
    public var held: Int
    /// Dead letters.
    public var dead: Int
    /// When the oldest message that is not dead was sent, in nanoseconds since 1970 UTC.
    public var oldest: Int64?

    /// Describes a queue; an empty one without arguments.
    public init(waiting: Int = 0, held: Int = 0, dead: Int = 0, oldest: Int64? = nil) {
        self.waiting = waiting
        self.held = held
        self.dead = dead
        self.oldest = oldest
    }
}
