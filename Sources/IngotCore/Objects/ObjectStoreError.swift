/// Why a store could not do what was asked, naming the object.
public struct ObjectStoreError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure that callers tell apart; more may be added.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        /// The kind's name.
        public let description: String

        /// There is no such object.
        public static let notFound = Kind(description: "not found")
        /// A condition did not hold: the object exists already, or is not the one that was named.
        public static let preconditionFailed = Kind(description: "precondition failed")
        /// The store forbids it.
        public static let permissionDenied = Kind(description: "permission denied")
        /// The device or the quota is full.
        public static let noSpace = Kind(description: "no space")
        /// The text is no key, or the store cannot hold an object of this name.
        public static let invalidKey = Kind(description: "invalid key")
        /// The range lies outside the object.
        public static let invalidRange = Kind(description: "invalid range")
        /// The object changed while it was read, so what was read is of no state that it ever had.
        public static let changedWhileRead = Kind(description: "changed while read")
        /// It is no object that can be read: a device, a socket, a link that leaves the store.
        public static let notAnObject = Kind(description: "not an object")
        /// The two places of a move are on different devices.
        public static let otherDevice = Kind(description: "other device")
        /// The store could not be reached, or its device failed.
        public static let unavailable = Kind(description: "unavailable")
    }

    /// What kind of failure it is.
    public var kind: Kind
    /// The key, path or URL that it is about, safe to print.
    public var place: String
    /// What happened, as a clause.
    public var message: String
    /// What the system said, in its own words.
    public var cause: String?
    /// Whether the same call may succeed later.
    public var isRetryable: Bool

    /// Makes an error; retryable unless said otherwise are ``Kind/unavailable`` and ``Kind/changedWhileRead``.
    public init(
        _ kind: Kind,
        at place: String,
        _ message: String,
        cause: String? = nil,
        isRetryable: Bool? = nil
    ) {
        self.kind = kind
        self.place = place
        self.message = message
        self.cause = cause
        self.isRetryable = isRetryable ?? (kind == .unavailable || kind == .changedWhileRead)
    }

    /// One line: what, where, why.
    public var description: String {
        "\(message): \(place)" + (cause.map { " (\($0))" } ?? "")
    }

    /// The error as users read it, with its number.
    public var ingotError: IngotError {
        IngotError(code, "\(message): \(place)", hint: hint, isRetryable: isRetryable, cause: cause)
    }

    /// What helps, where the kind alone tells it.
    private var hint: String? {
        switch kind {
        case .noSpace: "make room on that disk, and run again: nothing is lost"
        case .permissionDenied: "let the user who runs Ingot at it; a folder needs r and x"
        case .changedWhileRead: "nothing; the next run takes the file when it is complete"
        default: nil
        }
    }

    private var code: ErrorCode {
        switch kind {
        case .notFound: .objectNotFound
        case .preconditionFailed: .objectPreconditionFailed
        case .permissionDenied: .objectPermissionDenied
        case .noSpace: .objectNoSpace
        case .invalidKey, .invalidRange, .notAnObject: .objectNotReadable
        case .changedWhileRead: .objectChangedWhileRead
        default: .objectStoreUnavailable
        }
    }
}
