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
    /// Before a file goes, the table in whose folder it lies is asked once more: a later commit may have taken the same
    /// name again, and a table that was purged may have been registered again, under whatever name.
    func collect() async throws {
        try await lake.storage.removeAbandonedStagingFolders()
        let due = try await state.garbage(before: clock.now(), limit: Self.filesMax)
        guard !due.isEmpty else { return }
        var unneeded = Set(due.map(\.location))
        for name in try await lake.names() {
            let folders = await self.folders(of: name)
            let own = unneeded.filter { file in
                let normalized = FileLocation.normalized(file)
                return folders.contains { normalized.hasPrefix($0) }
            }
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

    /// The folders in which files of a table lie, with a slash at their ends: a table that was renamed, or that another
    /// engine made, has one of its own.
    private func folders(of name: TableName) async -> Set<String> {
        var folders = [lake.location(of: name)]
        // A table whose metadata cannot be read tells only if there are files to ask it for.
        if let metadata = try? await lake.table(name)?.metadata {
            folders += [metadata.location, metadata.propertyValues.metadataFolder].compactMap(\.self)
        }
        return Set(folders.map { FileLocation.join(FileLocation.normalized($0), "") })
    }
}
