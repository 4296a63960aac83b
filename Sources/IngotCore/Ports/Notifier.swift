/// Tells somebody.
///
/// An adapter passes `NotifierCompatTest`. Who calls it bounds its time by cancelling it, and tries again.
public protocol Notifier: Sendable {
    /// Sends a notice, and returns when it has arrived, as far as the way it travels can tell.
    ///
    /// A notice may arrive more than once: where an answer was lost, the next try sends it again, under the same id.
    /// - Throws: `IngotError`, with `notificationUnsent` where the target did not take it, which says whether another try may
    ///   help and never holds a secret; `CancellationError`.
    func send(_ notice: Notice) async throws
}
