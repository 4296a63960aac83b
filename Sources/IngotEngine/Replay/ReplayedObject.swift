public import IngotCore

/// Where the bytes of a replayed object come from.
public enum ReplayMode: String, Sendable, CaseIterable {
    /// The object is loaded from bronze.
    case requeue
    /// Its file is put back under the source first, where it is not there any more.
    case copy
}

/// What a replay does with one object.
public struct ReplayedObject: Sendable {
    /// What becomes of it.
    public enum Fate: Sendable, Hashable {
        /// It waits to be loaded again.
        case waits
        /// It stays as it is, for a reason.
        case skipped(String)
    }

    /// The object, as it was before.
    public var entry: LedgerEntry
    /// What becomes of it.
    public var fate: Fate
    /// Whether its file is put back under the source.
    public var isCopied = false

    /// Says what becomes of an object.
    ///
    /// - Parameters:
    ///   - entry: The object.
    ///   - versions: All versions of its key that the ledger knows.
    init(_ entry: LedgerEntry, among versions: [LedgerEntry]) {
        self.entry = entry
        fate = entry.obstacleToReload(among: versions).map { .skipped($0.reason) } ?? .waits
    }
}

extension ReloadObstacle {
    /// The obstacle in words for the user.
    fileprivate var reason: String {
        switch self {
        case .replaced: "a newer version took its place"
        case .held: "a run holds it"
        case .newerWaits: "a newer version waits"
        }
    }
}
