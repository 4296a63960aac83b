import IngotCore
import IngotProject

/// Lets objects of one pipeline be loaded again, as if they arrived now.
///
/// The ledger makes them wait and the queue gets a message for each, so that `run` and `serve` load them as they load
/// everything else; the batch that does removes the rows of the earlier load.
struct Replay {
    /// How many objects are dealt with together.
    private static let chunkSize = 1_000

    let services: EngineServices
    let pipeline: Pipeline
    let mode: ReplayMode

    private var source: String { pipeline.name.value }

    /// Replays objects of the pipeline.
    ///
    /// Ended at any point, it can be repeated: what waits already goes on waiting, and gets a message if it has none.
    /// - Parameters:
    ///   - entries: The objects.
    ///   - isDryRun: Whether nothing is to be changed.
    /// - Returns: What becomes of each, in their order.
    /// - Throws: `IngotError` if the state or bronze fails.
    func replay(_ entries: [LedgerEntry], isDryRun: Bool) async throws -> [ReplayedObject] {
        var all: [ReplayedObject] = []
        var start = 0
        // What a process that is gone held waits, too.
        if !isDryRun { _ = try await AbandonedWork(services: services, source: source).takeBack() }
        while start < entries.count {
            try Task.checkCancellation()
            let chunk = entries[start..<min(entries.count, start + Self.chunkSize)]
            start += chunk.count
            var objects = try await examine(chunk)
            if mode == .copy { try await putBack(&objects, isDryRun: isDryRun) }
            if !isDryRun { try await requeue(&objects) }
            all += objects
        }
        return all
    }

    /// Says what can be replayed, and puts nothing anywhere.
    private func examine(_ entries: ArraySlice<LedgerEntry>) async throws -> [ReplayedObject] {
        let keys = Set(entries.map(\.object.key)).sorted()
        let versions = Dictionary(
            grouping: try await services.state.entries(matching: LedgerFilter(source: source, keys: keys)),
            by: \.object.key
        )
        var objects: [ReplayedObject] = []
        for entry in entries {
            var object = ReplayedObject(entry, among: versions[entry.object.key] ?? [])
            do {
                // To load what is gone would quarantine it.
                _ = try await services.bronze.prefix(of: entry.bronze, size: 1)
            } catch let error as IngotError where error.code == .objectNotFound {
                object.fate = .skipped("its bytes are gone from bronze: \(entry.bronze)")
            }
            objects.append(object)
        }
        return objects
    }

    /// Puts files back that are not there any more; where another one is, the object is passed over.
    private func putBack(_ objects: inout [ReplayedObject], isDryRun: Bool) async throws {
        let root = try ObjectDiscovery(services: services, pipeline: pipeline).location()
        let keys = objects.filter { $0.fate == .waits }.map(\.entry.object.key)
        let looks = try await services.arrivals.looks(at: keys, under: root)
        let known = try await services.state.lastLooks(source: source, keys: keys)
        for position in objects.indices where objects[position].fate == .waits {
            let entry = objects[position].entry
            switch looks[entry.object.key] {
            case .file(let file):
                let look = known[entry.object.key]
                let isKnown = look?.entityTag == file.entityTag && look?.version == entry.object.version
                if !isKnown, file.size != entry.size || file.modified != entry.modified {
                    objects[position].fate = .skipped("another file is there, which is not overwritten")
                }
            case .unfinished: objects[position].fate = .skipped("a file is being written there")
            case .unreadable(let error): objects[position].fate = .skipped(error.message)
            case .gone, nil:
                objects[position].isCopied = true
                guard !isDryRun else { continue }
                let path = try await services.arrivals.location(of: entry.object.key, under: root)
                guard try await !services.bronze.putBack(entry.bronze, at: path, modified: entry.modified) else {
                    continue
                }
                objects[position].isCopied = false
                objects[position].fate = .skipped("a file came there meanwhile, which is not overwritten")
            }
        }
    }

    private func requeue(_ objects: inout [ReplayedObject]) async throws {
        let state = services.state
        let waiting = try await state.reload(objects.filter { $0.fate == .waits }.map(\.entry.id))
        for position in objects.indices where objects[position].fate == .waits {
            guard !waiting.contains(objects[position].entry.id) else { continue }
            objects[position].fate = .skipped("another run took it, or a newer version came")
        }
        let messages = objects.filter { $0.fate == .waits }
            .map { OutgoingMessage(.load, for: $0.entry.object.key) }
        guard !messages.isEmpty else { return }
        try await state.send(messages, to: source, now: services.clock.now())
    }
}
