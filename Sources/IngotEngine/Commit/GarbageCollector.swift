import Iceberg
import IngotCore
import IngotProject

/// Deletes files that no snapshot of a table names any more, once readers that had begun are done, and what runs that
/// were killed left half done.
struct GarbageCollector {
    /// How many files one call deletes at most.
    private static let filesMax = 1_000

    let lake: Lake
    let state: any StateStore
    let clock: IngotClock

    /// Deletes the files whose time has come.
    ///
    /// Before a file goes, its table is asked once more: a later commit may have taken the same name again.
    func collect() async throws {
        try await lake.storage.removeAbandonedStagingFolders()
        let due = try await state.garbage(before: clock.now(), limit: Self.filesMax)
        guard !due.isEmpty else { return }
        var unneeded = Set(due.map(\.location))
        for name in try await lake.names() {
            let folder = lake.location(of: name) + "/"
            let own = unneeded.filter { $0.hasPrefix(folder) }
            guard !own.isEmpty, let table = try await lake.table(name), let location = table.metadataLocation else {
                continue
            }
            let free = try await Reachability(lake.files).unneeded(among: own, by: table.metadata, at: location)
            unneeded.subtract(own)
            unneeded.formUnion(free)
        }
        lake.files.forget(unneeded)
        try await lake.storage.delete(unneeded.sorted())
        try await state.forget(due)
    }
}
