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
    /// Its last load committed nothing; its error says why. It is tried again by the next run.
    case failed
    /// A newer version of the same key took its place, and its rows are gone.
    case superseded
    /// Somebody took it out: its rows are gone, and it does not come back until its file changes or it is replayed.
    case undone

    /// The states that an object may move to from this one.
    public var successors: Set<ObjectState> {
        switch self {
        // What is to be loaded or taken out again is loaded as before when a newer version comes in between.
        case .seen, .failed: [.seen, .leased, .loaded, .quarantined, .superseded, .undone]
        case .leased: [.seen, .loaded, .quarantined, .failed, .superseded, .undone]
        case .loaded, .quarantined: [.seen, .superseded]
        case .superseded: [.seen, .loaded, .quarantined]
        case .undone: [.seen]
        }
    }

    /// Whether the object is loaded or quarantined, and waits for nothing.
    public var isLive: Bool {
        self == .loaded || self == .quarantined
    }

    /// Whether the object waits for a load.
    public var isWaiting: Bool {
        self == .seen || self == .failed
    }
}
