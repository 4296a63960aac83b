import IngotCore
import IngotProject

/// The long-running form of the engine: what arrives is loaded soon, and the models that it concerns are computed.
///
/// Several may run on one project, in one process or in several.
public struct IngestService: Sendable {
    /// How often work is taken back from processes that are gone.
    private static let recoveryInterval: Int64 = 5_000_000_000
    /// How often files that nobody needs are deleted.
    private static let garbageInterval: Int64 = 60_000_000_000
    /// How often it is looked for small files that have gathered.
    private static let compactionInterval: Int64 = 5_000_000_000
    /// How often what is older than it is kept is deleted.
    private static let retentionInterval: Int64 = 3_600_000_000_000
    /// How often it is looked for models that somebody else left to do.
    private static let modelsInterval: Int64 = 1_000_000_000

    private let engine: Engine
    private let pipelines: [Pipeline]
    private let models: Set<String>
    private let tell: @Sendable (ServiceEvent) -> Void

    private var services: EngineServices { engine.services }

    /// A service that runs once it is told to.
    ///
    /// - Parameters:
    ///   - engine: The engine of the project.
    ///   - pipelines: The pipelines whose arrivals are loaded.
    ///   - models: The models that are computed.
    ///   - tell: Is told what the service does and meets.
    public init(
        _ engine: Engine,
        pipelines: Set<String>,
        models: Set<String>,
        tell: @escaping @Sendable (ServiceEvent) -> Void
    ) {
        self.engine = engine
        self.pipelines = engine.services.project.pipelines.filter { pipelines.contains($0.name.value) }
        self.models = models
        self.tell = tell
    }

    /// Runs until the stop signal is set; what is under way is ended first, and nothing new is begun.
    ///
    /// The task itself must not be cancelled, since its work would be, too.
    public func run(until stop: StopSignal) async {
        let ended = Alarm()
        stop.add(ended)
        let modelsDue = Alarm()
        let drained = StopSignal()
        drained.add(modelsDue)
        tell(.started(pipelines: pipelines.map(\.name.value)))
        await recover()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await computeModels(until: drained, modelsDue) }
            await takeIn(until: stop, ended, modelsDue)
            drained.set()
        }
        tell(.stopped)
    }

    /// Takes in what arrives until the service is to end, and then ends the batches that are under way.
    private func takeIn(until stop: StopSignal, _ ended: Alarm, _ modelsDue: Alarm) async {
        await withTaskGroup(of: Void.self) { group in
            let feeds = pipelines.map { pipeline in
                let arrival = Alarm()
                stop.add(arrival)
                group.addTask { await worker(of: pipeline, arrival, stop, modelsDue).run() }
                return ArrivalIntake(
                    services: services,
                    pipeline: pipeline,
                    listingDue: Alarm(),
                    arrival: arrival,
                    tell: tell
                )
            }
            await withTaskGroup(of: Void.self) { intake in
                for feed in feeds {
                    intake.addTask { await feed.watch() }
                    intake.addTask { await feed.list() }
                }
                intake.addTask { await keepHouse(feeds) }
                intake.addTask { await compactTables() }
                await ended.wait()
                tell(.stopping)
                intake.cancelAll()
            }
        }
    }

    private func worker(
        of pipeline: Pipeline,
        _ arrival: Alarm,
        _ stop: StopSignal,
        _ modelsDue: Alarm
    ) -> PipelineWorker {
        let consumers = ChangeConsumers { [models = engine.models] in try await models.consumers() }
        let loader = BatchLoader(services: services, lake: engine.lake, pipeline: pipeline, consumers: consumers)
        return PipelineWorker(
            services: services,
            pipeline: pipeline,
            loader: ConnectedLoader(loader, on: engine.queries),
            policy: WorkerPolicy(services.project.environment.settings),
            arrival: arrival,
            stop: stop,
            modelsDue: modelsDue,
            tell: tell
        )
    }

    /// Computes models at the start, whenever something was committed here, soon after others changed what they read, and
    /// what the last commits concern at the end.
    private func computeModels(until drained: StopSignal, _ due: Alarm) async {
        guard !models.isEmpty else { return }
        var turns = ModelTurns(models, isAlone: pipelines.isEmpty)
        due.ring()
        var isLast = false
        while !isLast {
            let hasRung = await due.wait(atMost: Self.modelsInterval)
            // Nothing is committed here after that, so nothing is left out.
            isLast = drained.isSet
            do {
                let changed = hasRung && !isLast ? models : try await services.state.changedModels()
                if isLast, changed.isDisjoint(with: models) { return }
                let chosen = turns.take(changed: changed, hasCommitted: hasRung || isLast, at: .now)
                guard !chosen.isEmpty else { continue }
                let reports = try await engine.runModels(chosen)
                let failed = reports.filter { $0.status == .failed || $0.status == .skipped }
                turns.end(failed: Set(failed.map(\.model)), of: chosen, at: .now)
                let computed = reports.filter { $0.status == .succeeded }
                if !computed.isEmpty { tell(.computed(computed)) }
                for report in failed where report.status == .failed { tell(.modelFailed(report)) }
            } catch {
                turns.end(failed: models, of: models, at: .now)
                tell(.failed(work: "computing the models", error: "\(error)"))
            }
        }
    }

    /// Takes work back from processes that are gone, and deletes files that nobody needs, until it is cancelled.
    private func keepHouse(_ feeds: [ArrivalIntake]) async {
        var (untilGarbage, untilRetention) = (Int64(0), Int64(0))
        while !Task.isCancelled {
            try? await Task.sleep(for: .nanoseconds(Self.recoveryInterval))
            if await recover() { for feed in feeds { feed.listingDue.ring() } }
            await cleanSources()
            untilRetention -= Self.recoveryInterval
            if untilRetention <= 0 {
                untilRetention = Self.retentionInterval
                await sweepRetention()
            }
            untilGarbage -= Self.recoveryInterval
            guard untilGarbage <= 0 else { continue }
            untilGarbage = Self.garbageInterval
            do {
                try await engine.collectGarbage()
            } catch {
                if Task.isCancelled { return }
                tell(.failed(work: "deleting files that nobody needs", error: "\(error)"))
            }
        }
    }

    /// Deletes what is older than the project keeps it.
    private func sweepRetention() async {
        do {
            let swept = try await engine.sweepRetention()
            if !swept.isEmpty { tell(.swept(swept)) }
        } catch {
            if Task.isCancelled { return }
            tell(.failed(work: "deleting what is older than it is kept", error: "\(error)"))
        }
    }

    /// Makes few of the small data files that batches leave in the tables of the pipelines and models, until it is
    /// cancelled.
    private func compactTables() async {
        let (project, lake) = (services.project, engine.lake)
        guard project.environment.settings.autoCompactMinFiles > 0 else { return }
        var turns = CompactionTurns()
        while !Task.isCancelled {
            try? await Task.sleep(for: .nanoseconds(Self.compactionInterval))
            for name in project.lakeTables(pipelines: pipelines, models: models) {
                do {
                    let fileCount = try await lake.table(name)?.dataFileCount
                    guard turns.take(name, fileCount: fileCount) else { continue }
                    let (compacted, failures) = try await engine.compact([name])
                    if !compacted.isEmpty { tell(.compacted(compacted)) }
                    for failure in failures { tell(.failed(work: "compacting \(name)", error: "\(failure)")) }
                } catch {
                    if Task.isCancelled { return }
                    tell(.failed(work: "compacting \(name)", error: "\(error)"))
                }
            }
        }
    }

    /// Takes files out of the sources whose rows are committed.
    private func cleanSources() async {
        for pipeline in pipelines where pipeline.source.cleanSource != .off {
            let (name, work) = (pipeline.name.value, "cleaning the source of \(pipeline.name)")
            do {
                let outcome = try await SourceCleaning(services: services, pipeline: pipeline).clean(retriesAll: false)
                if outcome.cleaned > 0 { tell(.cleaned(pipeline: name, count: outcome.cleaned)) }
                for (key, reason) in outcome.left { tell(.failed(work: work, error: "\(key): \(reason)")) }
            } catch {
                if Task.isCancelled { return }
                tell(.failed(work: work, error: "\(error)"))
            }
        }
    }

    /// Gives back what processes that are gone held, and says whether there was any.
    @discardableResult
    private func recover() async -> Bool {
        var hasFound = false
        for pipeline in pipelines {
            do {
                let name = pipeline.name.value
                let found = try await AbandonedWork(services: services, source: name).takeBack()
                guard found.objects + found.messages > 0 else { continue }
                hasFound = true
                tell(.recovered(pipeline: name, objects: found.objects, messages: found.messages))
            } catch {
                if Task.isCancelled { return hasFound }
                tell(.failed(work: "taking back what others held", error: "\(error)"))
            }
        }
        return hasFound
    }
}
