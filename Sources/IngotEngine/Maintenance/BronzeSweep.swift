import IngotCore
import IngotProject

/// Deletes old copies of a pipeline's objects that nothing needs to go on.
struct BronzeSweep {
    let services: EngineServices
    let pipeline: Pipeline

    /// Deletes the copies of days that ended before a time, and says how many.
    func sweep(before: Int64) async throws -> Int {
        let source = pipeline.name.value
        var count = 0
        for try await page in services.bronze.copies(of: source, before: Timestamps.day(before)) {
            try Task.checkCancellation()
            // What does not tell its key cannot be looked up.
            let copies = page.filter { $0.key != nil }
            let keys = Array(Set(copies.compactMap(\.key)))
            let entries = try await services.state.entries(matching: LedgerFilter(source: source, keys: keys))
            let needed = Set(entries.filter(isNeeded).map(\.bronze))
            let old = copies.map(\.location).filter { !needed.contains($0) }
            try await services.bronze.delete(old)
            count += old.count
            if count >= RetentionSweep.recordsMax { break }
        }
        return count
    }

    /// Whether a later batch may read the object: one that waits, or whose rows compete for keys and may lose their place.
    private func isNeeded(_ entry: LedgerEntry) -> Bool {
        if entry.state.isLive { return pipeline.tables.contains { !$0.uniqueKey.isEmpty } }
        return entry.state != .superseded && entry.state != .undone
    }
}
