/// When a service computes which models.
///
/// Those that a commit of its own concerns at once; those that something else changed, a command or a process that died
/// before it computed them, once they have waited from one look to the next; those that failed ever later; and all now
/// and then, since another program may have written to the tables.
struct ModelTurns {
    private typealias Instant = ContinuousClock.Instant

    private static let checkInterval = Duration.seconds(60)
    private static let pauseMin = Duration.seconds(1)
    private static let pauseMax = Duration.seconds(300)

    private let models: Set<String>
    /// Whether nothing is committed here, so that nobody else computes what changes.
    private let isAlone: Bool
    private var changedBefore: Set<String> = []
    private var checked: Instant?
    private var pauses: [String: (length: Duration, end: Instant)] = [:]

    init(_ models: Set<String>, isAlone: Bool) {
        self.models = models
        self.isAlone = isAlone
    }

    /// The models to compute now.
    ///
    /// - Parameters:
    ///   - changed: Those that have not taken in everything.
    ///   - hasCommitted: Whether something was committed here.
    ///   - now: The time.
    /// - Returns: Their names.
    mutating func take(changed: Set<String>, hasCommitted: Bool, at now: ContinuousClock.Instant) -> Set<String> {
        let ready = models.filter { pauses[$0].map { $0.end <= now } ?? true }
        let isCheckDue = checked.map { now - $0 >= Self.checkInterval } ?? true
        if hasCommitted || isCheckDue {
            checked = now
            changedBefore = []
            return ready
        }
        let waiting = isAlone ? changed : changed.intersection(changedBefore)
        changedBefore = changed
        return ready.filter { waiting.contains($0) || pauses[$0] != nil }
    }

    /// Notes how the models fared that were taken.
    mutating func end(failed: Set<String>, of taken: Set<String>, at now: ContinuousClock.Instant) {
        for model in taken {
            guard failed.contains(model) else {
                pauses[model] = nil
                continue
            }
            let length = pauses[model].map { min($0.length * 2, Self.pauseMax) } ?? Self.pauseMin
            pauses[model] = (length, now + length)
        }
    }
}
