/// Tells what arrives under a source, soon after it does.
///
/// What it tells is a hint: it may come twice, late, out of order or not at all. A listing by ``ArrivalSource`` counts.
public protocol ArrivalWatcher: Sendable {
    /// What changes from now on; each element is all that was noticed since the one before.
    ///
    /// - Parameter root: The folder or file that the source names, resolved; it need not exist yet.
    /// - Returns: The changes; they end with an `IngotError` if the source cannot be watched, and then listing must do.
    func changes(under root: String) -> AsyncThrowingStream<ArrivalChanges, any Error>
}

/// What a watcher noticed.
public enum ArrivalChanges: Sendable, Hashable {
    /// Files with these keys were written to their end, or came under their names.
    case files(Set<String>)
    /// More than can be told: the source has to be listed.
    case unknown
}
