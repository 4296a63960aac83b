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
        fate = Self.obstacle(entry, versions).map(Fate.skipped) ?? .waits
    }

    /// What keeps an object from being loaded again; the ledger's `reload` obeys the same rules.
    private static func obstacle(_ entry: LedgerEntry, _ versions: [LedgerEntry]) -> String? {
        let others = versions.filter { $0.id != entry.id }
        if entry.state == .superseded { return "a newer version took its place" }
        if versions.contains(where: { $0.state == .leased }) { return "a run holds it" }
        if others.contains(where: { $0.state.isWaiting && !$0.isUndone }) { return "a newer version waits" }
        if entry.isUndone, others.contains(where: { $0.arrival > entry.arrival && !$0.isUndone }) {
            return "a newer version took its place"
        }
        return nil
    }
}
