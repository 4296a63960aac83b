/// What keeps an object from being loaded again; ``Ledger/reload(_:)`` goes by it.
public enum ReloadObstacle: Sendable, Hashable {
    /// A newer version took its place.
    case replaced
    /// A run holds a version of its key.
    case held
    /// A newer version of its key waits to be loaded.
    case newerWaits
}

extension LedgerEntry {
    /// What keeps the object from being loaded again.
    ///
    /// - Parameter versions: What the ledger knows of its key, the object itself among it.
    /// - Returns: The obstacle; `nil` if there is none.
    public func obstacleToReload(among versions: [LedgerEntry]) -> ReloadObstacle? {
        let others = versions.filter { $0.id != id && !$0.isUndone }
        if state == .superseded { return .replaced }
        if versions.contains(where: { $0.state == .leased }) { return .held }
        if others.contains(where: { $0.state.isWaiting }) { return .newerWaits }
        return isUndone && others.contains { $0.arrival > arrival } ? .replaced : nil
    }
}
