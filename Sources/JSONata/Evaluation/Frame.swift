/// The variables of one scope, and the scope around it.
final class Frame {
    let parent: Frame?
    private var entries: [(name: String, value: Value)]
    /// Whether the evaluator already holds this frame until its end, because a function refers to it.
    var isCaptured = false

    init(parent: Frame?, reserving capacity: Int = 0) {
        self.parent = parent
        entries = []
        entries.reserveCapacity(capacity)
    }

    init(parent: Frame, tuple: Tuple) {
        self.parent = parent
        entries = tuple.bindings
    }

    func bind(_ name: String, _ value: Value) {
        for index in entries.indices where entries[index].name == name {
            entries[index].value = value
            return
        }
        entries.append((name, value))
    }

    /// The value of a variable here or further out; `nil` where no scope of the expression binds it.
    func lookup(_ name: String) -> Value? {
        var frame = self
        while true {
            for entry in frame.entries where entry.name == name {
                return entry.value
            }
            guard let parent = frame.parent else { return nil }
            frame = parent
        }
    }

    /// Lets go of the values, so that a function bound here that refers to this frame does not keep itself alive.
    func clear() {
        entries = []
    }
}
