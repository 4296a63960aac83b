public import IngotCore
import IngotProject

/// How the work of a project stands just now, as far as the state tells: no source is listed, and no table is read.
public struct ProjectActivity: Sendable, Hashable {
    /// How a pipeline's work stands.
    public struct Pipeline: Sendable, Hashable {
        /// The pipeline.
        public var name: String
        /// How full the queue of its arrivals is.
        public var queue: QueueDepth
        /// How many of its objects are in each state.
        public var objects: [ObjectState: Int]
        /// When its last commit was, in nanoseconds since 1970 UTC.
        public var lastCommit: Int64?

        /// How many objects are settled.
        public var settled: Int { objects[.loaded, default: 0] + objects[.quarantined, default: 0] }
    }

    /// How a model's work stands.
    public struct Model: Sendable, Hashable {
        /// The model.
        public var name: String
        /// When it was computed last, in nanoseconds since 1970 UTC.
        public var computed: Int64?
        /// How many intervals, keys or loads of its inputs it has not taken in.
        public var pending: Int
        /// How many slices of its last backfill are done, and how many there are.
        public var backfill: Backfill?

        /// How far a backfill has come.
        public struct Backfill: Sendable, Hashable {
            /// How many slices are done.
            public var done: Int
            /// How many there are.
            public var count: Int
        }
    }

    /// The pipelines.
    public var pipelines: [Pipeline]
    /// The models.
    public var models: [Model]
    /// The newest runs of their names that are under way, or were interrupted.
    public var runs: [Run]
}

extension Engine {
    /// Among how many of the newest runs those are looked for that are under way.
    private static let runsMax = 50

    /// How the work of pipelines and models stands.
    ///
    /// - Parameters:
    ///   - pipelines: The pipelines.
    ///   - models: The models.
    /// - Returns: Their work, in the order of the names.
    /// - Throws: `IngotError` if the state cannot be read.
    public func projectActivity(pipelines: [String], models: [String]) async throws -> ProjectActivity {
        let state = services.state
        var activity = ProjectActivity(pipelines: [], models: [], runs: [])
        for name in pipelines {
            let runs = try await state.runs(name: name, limit: Self.runsMax)
            activity.pipelines.append(
                ProjectActivity.Pipeline(
                    name: name,
                    queue: try await state.depth(of: name, now: services.clock.now()),
                    objects: try await state.counts(source: name),
                    lastCommit: runs.first { $0.status == .succeeded }?.ended
                )
            )
        }
        let states = try await state.modelStates()
        for name in models {
            activity.models.append(
                ProjectActivity.Model(
                    name: name,
                    computed: states[name]?.computed,
                    pending: try await state.pending(model: name).count,
                    backfill: try await backfill(of: name)
                )
            )
        }
        let chosen = Set(pipelines + models)
        var named: Set<String> = []
        activity.runs = try await runs(limit: Self.runsMax).filter { run in
            // An older one of the same name has ended, or its process has.
            named.insert(run.name).inserted && chosen.contains(run.name)
                && [.running, .interrupted].contains(run.status)
        }
        return activity
    }

    private func backfill(of name: String) async throws -> ProjectActivity.Model.Backfill? {
        guard let work = try await services.state.backfill(model: name),
            let calendar = services.project.model(named: name)?.calendar
        else { return nil }
        let count = calendar.slices(IntervalRange(start: work.start, end: work.end), of: work.sliceSize).count
        return ProjectActivity.Model.Backfill(done: work.done, count: count)
    }
}
