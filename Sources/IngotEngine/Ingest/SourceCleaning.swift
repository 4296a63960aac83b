import IngotCore
import IngotProject

/// Takes the files of committed objects out of a pipeline's source, as its `clean_source` says.
struct SourceCleaning {
    /// How many files are taken away together.
    private static let pageSize = 500
    /// How many files one call takes away at most.
    private static let filesMax = 100_000
    /// How long a file that could not be taken away is left alone at first, which doubles with each try.
    private static let retryDelay: Int64 = 10_000_000_000
    private static let retryDelayMax: Int64 = 3_600_000_000_000

    /// How the files fared.
    struct Outcome: Sendable {
        /// How many are no longer in the source.
        var cleaned = 0
        /// What stays there, with the reasons.
        var left: [(key: String, reason: String)] = []
    }

    let services: EngineServices
    let pipeline: Pipeline

    /// Takes away what is due.
    ///
    /// - Parameter retriesAll: Whether what failed is tried again, however short ago that was.
    /// - Returns: How the files fared.
    /// - Throws: `IngotError` where no file can be taken away.
    func clean(retriesAll: Bool) async throws -> Outcome {
        var outcome = Outcome()
        guard pipeline.source.cleanSource != .off, let cleaner = services.cleaner else { return outcome }
        var tried: Set<Int64> = []
        while tried.count < Self.filesMax {
            try Task.checkCancellation()
            let now = services.clock.now()
            let page = try await services.state.cleanings(
                source: pipeline.name.value,
                due: now,
                retry: retriesAll ? .max : now,
                limit: Self.pageSize
            ).filter { tried.insert($0.id).inserted }
            guard !page.isEmpty else { break }
            try await clean(page, cleaner, &outcome)
        }
        return outcome
    }

    private func clean(_ entries: [LedgerEntry], _ cleaner: any SourceCleaner, _ outcome: inout Outcome) async throws {
        let root = try services.location(of: pipeline.source.path)
        let destination = try destination(outside: root)
        let looks = try await services.state.lastLooks(source: pipeline.name.value, keys: entries.map(\.object.key))
        let files = entries.map { entry in
            let look = looks[entry.object.key]
            return LoadedFile(
                id: entry.id,
                key: entry.object.key,
                version: entry.object.version,
                entityTag: look?.version == entry.object.version ? look?.entityTag : nil
            )
        }
        let cleaned = try await cleaner.clean(files, under: root, movingTo: destination)
        let now = services.clock.now()
        var results: [Int64: Cleaning] = [:]
        for (entry, result) in zip(entries, cleaned) {
            let cleaning = Self.cleaning(entry.cleaning, after: result, now: now)
            results[entry.id] = cleaning
            if let error = cleaning.error {
                outcome.left.append((entry.object.key, error))
            } else {
                outcome.cleaned += 1
            }
        }
        try await services.state.settle(results)
    }

    private static func cleaning(
        _ earlier: Cleaning?,
        after result: Result<CleanedFile, any Error>,
        now: Int64
    ) -> Cleaning {
        var cleaning = earlier ?? Cleaning(due: now)
        cleaning.attempts += 1
        cleaning.tried = now
        cleaning.error = nil
        switch result {
        case .success(.deleted): cleaning.state = .deleted
        case .success(.moved(let place)): (cleaning.state, cleaning.destination) = (.moved, place)
        case .success(.gone): cleaning.state = cleaning.destination == nil ? .gone : .moved
        case .success(.kept(let reason)): (cleaning.state, cleaning.error) = (.kept, reason)
        case .failure(let error):
            cleaning.error = "\(error)"
            cleaning.retry = now + min(retryDelayMax, retryDelay << min(20, cleaning.attempts - 1))
        }
        return cleaning
    }

    /// The folder that files are moved to; `nil` to delete them.
    ///
    /// - Throws: `IngotError` where it lies in the source, so that what is moved would arrive again.
    private func destination(outside root: String) throws -> String? {
        guard case .move(let template) = pipeline.source.cleanSource else { return nil }
        let destination = try services.location(of: template)
        let (inner, outer) = (ObjectDiscovery.folder(destination), ObjectDiscovery.folder(root))
        guard inner.hasPrefix(outer) else { return destination }
        if !SourcePatterns(pipeline.source).accepts("\(inner.dropFirst(outer.count))a") { return destination }
        throw IngotError(
            .conflictingKeys,
            "the folder \(template) lies in the source, so what is moved there would arrive again",
            at: template.location,
            hint: "a folder outside \(pipeline.source.path)"
        )
    }
}

extension Source {
    /// When the file of an object may be taken away that is committed at a time; `nil` for never.
    func cleaningDue(committed time: Int64) -> Int64? {
        guard cleanSource != .off else { return nil }
        let (due, overflow) = time.addingReportingOverflow(cleanSourceRetention.nanoseconds)
        return overflow ? .max : due
    }
}
