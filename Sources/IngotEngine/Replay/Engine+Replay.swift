public import IngotCore
import IngotProject

extension Engine {
    /// The objects of pipelines that can be replayed and that arrived in a time, the oldest first.
    ///
    /// What was undone is not among them, and superseded versions are not.
    /// - Parameters:
    ///   - pipelines: The pipelines.
    ///   - seen: When they were first seen, in nanoseconds since 1970 UTC.
    /// - Returns: The objects.
    /// - Throws: `IngotError` if the state fails.
    public func replayableObjects(of pipelines: [String], seen: Range<Int64>) async throws -> [LedgerEntry] {
        var entries: [LedgerEntry] = []
        for pipeline in pipelines {
            let states = Set(ObjectState.allCases).subtracting([.superseded, .undone])
            let filter = LedgerFilter(source: pipeline, states: states, seen: seen)
            entries += try await services.state.entries(matching: filter).filter { !$0.isUndone }
        }
        return entries
    }

    /// Lets objects be loaded again by the next run, or by a service.
    ///
    /// - Parameters:
    ///   - entries: The objects.
    ///   - mode: Where their bytes come from.
    ///   - isDryRun: Whether nothing is to be changed.
    /// - Returns: What becomes of each; objects of pipelines that the project does not have are left out.
    /// - Throws: `IngotError` if the state, bronze or the source fails.
    public func replay(
        _ entries: [LedgerEntry],
        mode: ReplayMode = .requeue,
        isDryRun: Bool = false
    ) async throws -> [ReplayedObject] {
        var objects: [ReplayedObject] = []
        for pipeline in services.project.pipelines {
            let own = entries.filter { $0.object.source == pipeline.name.value }
            let replay = Replay(services: services, pipeline: pipeline, mode: mode)
            objects += try await replay.replay(own, isDryRun: isDryRun)
        }
        return objects
    }

    /// Takes an object out: its rows leave the tables, and what it had displaced comes back.
    ///
    /// - Parameter entry: The object.
    /// - Returns: What was done for its pipeline.
    /// - Throws: `IngotError` with `notUndone` where that is impossible now; what else stops it.
    public func undo(_ entry: LedgerEntry) async throws -> PipelineReport {
        let object = entry.object
        guard let pipeline = services.project.pipelines.first(where: { $0.name.value == object.source }) else {
            throw IngotError(
                .notUndone,
                "\(object.key) is of the pipeline \(object.source), which is not there any more"
            )
        }
        _ = try await AbandonedWork(services: services, source: object.source).takeBack()
        guard try await services.state.undo(entry.id) else {
            let now = try await services.state.entries(
                matching: LedgerFilter(source: object.source, keys: [object.key])
            )
            throw IngotError(
                .notUndone,
                "\(object.key) cannot be undone: \(Self.obstacle(entry.id, now))",
                hint: "ingot objects --key '\(object.key)'"
            )
        }
        let report = await runner(of: pipeline).run(only: [entry.id])
        if let error = report.error { throw error }
        return report
    }

    /// Takes in again what failed, and looks for nothing else.
    ///
    /// - Parameters:
    ///   - pipeline: The pipeline.
    ///   - loadID: The batch whose objects are meant; `nil` for all that failed.
    /// - Returns: What was done; nothing where the project has no such pipeline.
    public func retry(_ pipeline: String, loadID: String? = nil) async -> [PipelineReport] {
        guard let pipeline = services.project.pipelines.first(where: { $0.name.value == pipeline }) else { return [] }
        return [await runner(of: pipeline).retry(loadID: loadID)]
    }

    private static func obstacle(_ id: Int64, _ versions: [LedgerEntry]) -> String {
        switch versions.first(where: { $0.id == id })?.state {
        case .superseded: "a newer version took its place, and nothing of it is in the tables"
        case .undone: "it is undone already"
        default: "a run holds it, or another version of it"
        }
    }

    /// The object that a user names: by its key, for the version that counts now, or as `key@` and a beginning of the
    /// version.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - pipeline: The pipeline; `nil` if the name tells enough.
    /// - Returns: The object.
    /// - Throws: `IngotError` with `unknownObject` if there is none, or more than one.
    public func object(named name: String, of pipeline: String? = nil) async throws -> LedgerEntry {
        var found = try await entries(LedgerFilter(source: pipeline, keys: [name]))
        if found.isEmpty, let mark = name.lastIndex(of: "@") {
            let version = name[name.index(after: mark)...]
            found = try await entries(LedgerFilter(source: pipeline, keys: [String(name[..<mark])]))
                .filter { $0.object.version.hasPrefix(version) }
            if found.count > 1 { throw Self.ambiguous(name, found) }
        }
        let sources = Set(found.map(\.object.source)).sorted()
        guard sources.count <= 1 else {
            throw IngotError(
                .unknownObject,
                "several pipelines have an object \(name): \(sources.joined(separator: ", "))",
                hint: "name one with -s"
            )
        }
        let current = found.filter { $0.state != .superseded && $0.state != .undone }
        guard let entry = (current.isEmpty ? found : current).max(by: { $0.arrival < $1.arrival }) else {
            throw IngotError(.unknownObject, "there is no object \(name)", hint: "ingot objects")
        }
        return entry
    }

    private static func ambiguous(_ name: String, _ entries: [LedgerEntry]) -> IngotError {
        IngotError(
            .unknownObject,
            "more than one object is called \(name): "
                + entries.prefix(3).map { "\($0.object.key)@\($0.object.version.prefix(12))" }.joined(separator: ", "),
            hint: "more of the version, or -s"
        )
    }
}
