import Synchronization

/// How far a backfill is, for its progress line.
final class BackfillProgress: Sendable {
    private let value = Mutex(0.0)

    /// How much is done, from 0 to 1.
    var fraction: Double { value.withLock { $0 } }

    /// Notes how much is done.
    func set(_ fraction: Double) { value.withLock { $0 = fraction } }
}
