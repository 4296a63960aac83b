/// Where an object stands in the ledger.
public enum ObjectState: String, Sendable, CaseIterable {
    /// It exists and waits for a load.
    case seen
    /// A run holds it.
    case leased
    /// Its accepted rows are in silver and its rejected rows in quarantine.
    case loaded
    /// All of it is in quarantine.
    case quarantined
    /// Nothing of it is committed; its error says why. It is tried again by the next run.
    case failed
    /// A newer version of the same key took its place, and its rows are gone.
    case superseded

    /// The states that an object may move to from this one.
    public var successors: Set<ObjectState> {
        switch self {
        case .seen: [.leased, .superseded]
        case .leased: [.seen, .loaded, .quarantined, .failed, .superseded]
        case .loaded, .quarantined: [.leased, .superseded]
        case .failed: [.leased, .superseded]
        case .superseded: [.seen, .leased]
        }
    }

    /// Whether the object waits for a load.
    public var isWaiting: Bool {
        self == .seen || self == .failed
    }

    /// Whether the object's rows are in the tables.
    public var isLive: Bool {
        self == .loaded || self == .quarantined
    }
}
