public import IngotCore

/// What a message asks a worker to do for its group, which is an object's key; it is the message's body.
///
/// Each has messages of its own, so that one that cannot be done does not hold up the other.
enum MessageWish: String, Sendable, CaseIterable {
    /// Load what arrived.
    case load = ""
    /// Take out what somebody asked to be taken out.
    case undo

    /// Whether it is about an object.
    func concerns(_ entry: LedgerEntry) -> Bool {
        entry.isUndone == (self == .undo)
    }
}

extension OutgoingMessage {
    init(_ wish: MessageWish, for key: String) {
        self.init(group: key, body: wish.rawValue)
    }
}

extension DeadLetter {
    /// Whether an object was to be taken out, rather than loaded.
    public var isOfUndo: Bool { body == MessageWish.undo.rawValue }
}

extension VoidLetters {
    init(_ wish: MessageWish, of queue: String, for keys: [String]) {
        self.init(queue: queue, groups: keys, body: wish.rawValue)
    }
}

extension ReceivedMessage {
    var wish: MessageWish { MessageWish(rawValue: body) ?? .load }
}
