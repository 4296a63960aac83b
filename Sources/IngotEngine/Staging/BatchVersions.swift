import IngotCore

/// The versions that a batch loads, those that it takes out, and those that have to make room or come back for it.
struct BatchVersions {
    let state: any StateStore
    /// The pipeline.
    let source: String
    /// Objects to load; some may have been loaded before.
    let loaded: [LedgerEntry]
    /// Objects to take out.
    let undone: [LedgerEntry]

    init(_ entries: [LedgerEntry], of source: String, in state: any StateStore) {
        self.state = state
        self.source = source
        loaded = entries.filter { !$0.isUndone }
        undone = entries.filter(\.isUndone)
    }

    /// The objects whose rows the batch removes: other versions of its keys, the same ones where they are loaded again,
    /// and those that it takes out.
    func displaced(by objects: [BatchObject]) async throws -> [LedgerEntry] {
        let taken = Self.taken(objects)
        let removed = Set(undone.map(\.id))
        let published = try await published(of: taken.union(undone.map(\.object.key)))
        return published.filter { taken.contains($0.object.key) || removed.contains($0.id) }
    }

    /// The superseded versions whose time has come again: of each key that would have no version left, the last one.
    ///
    /// - Parameters:
    ///   - objects: The batch's objects as they were judged.
    ///   - refused: Versions that cannot come back, because nothing of them can be committed.
    /// - Returns: The versions, in the order of their keys.
    /// - Throws: `IngotError` if the ledger fails.
    func returning(beside objects: [BatchObject], refused: Set<Int64>) async throws -> [LedgerEntry] {
        let vacated = Set(undone.map(\.object.key)).subtracting(Self.taken(objects))
        guard !vacated.isEmpty else { return [] }
        let removed = Set(undone.map(\.id))
        let kept = try await published(of: vacated).filter { !removed.contains($0.id) }.map(\.object.key)
        let superseded = try await state.entries(
            matching: LedgerFilter(source: source, keys: vacated.subtracting(kept).sorted(), states: [.superseded])
        )
        let last = Dictionary(
            superseded.filter { !refused.contains($0.id) }.map { ($0.object.key, $0) },
            uniquingKeysWith: { $0.arrival > $1.arrival ? $0 : $1 }
        )
        return last.values.sorted { $0.object.key < $1.object.key }
    }

    private static func taken(_ objects: [BatchObject]) -> Set<String> {
        Set(objects.filter { $0.failure == nil }.map(\.entry.object.key))
    }

    private func published(of keys: Set<String>) async throws -> [LedgerEntry] {
        try await state.entries(matching: LedgerFilter(source: source, keys: keys.sorted(), isPublished: true))
    }
}
