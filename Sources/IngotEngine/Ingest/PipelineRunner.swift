import DuckDB
import IngotCore
import IngotProject

/// Takes a pipeline's new objects in: bronze, then batch after batch staged, audited and committed.
struct PipelineRunner {
    /// Bytes of objects that one thread reads about as fast as several.
    private static let littleSizeMax: Int64 = 4 << 20

    let services: EngineServices
    let lake: Lake
    let engine: QueryEngine
    let pipeline: Pipeline
    /// The models that must hear of changes.
    let consumers: ChangeConsumers

    private var state: any StateStore { services.state }
    private var loader: BatchLoader {
        BatchLoader(services: services, lake: lake, pipeline: pipeline, consumers: consumers)
    }
    private var settings: Settings { services.project.environment.settings }

    /// Takes in everything that waits.
    func run(verifiesAll: Bool = false) async -> PipelineReport {
        var report = PipelineReport(pipeline: pipeline.name.value, runID: "")
        let start = services.clock.now()
        do {
            let discovery = ObjectDiscovery(services: services, pipeline: pipeline)
            let findings = try await discovery.discover(verifiesAll: verifiesAll)
            report.problems = findings.problems
            if let absence = findings.absence {
                let path = pipeline.source.path.description
                report.notices.append(PipelineReport.Notice(key: path, state: .seen, message: absence))
            }
            var connection: SQLConnection?
            var tried: Set<Int64> = []
            while let batch = try await next(excluding: tried) {
                tried.formUnion(batch.entries.map(\.id))
                if connection == nil { connection = try await engine.connect() }
                guard let connection else { break }
                try await engine.setParallel(!isLittle(batch.entries), connection)
                let outcome = try await loader.load(batch.lease, batch.entries, connection) { report.runID = $0.id }
                report.add(outcome.objects)
            }
            await connection?.close()
            report.objects.skipped = max(0, findings.listed - tried.count)
        } catch {
            report.error = IngotError(stopping: "the pipeline \(pipeline.name)", error)
        }
        await clean(&report)
        report.seconds = Double(services.clock.now() - start) / 1e9
        return report
    }

    /// Takes files out of the source whose rows are committed; what stays there for now is tried by the next run.
    private func clean(_ report: inout PipelineReport) async {
        guard !Task.isCancelled else { return }
        do {
            let outcome = try await SourceCleaning(services: services, pipeline: pipeline).clean(retriesAll: true)
            report.notices += outcome.left.map { key, reason in
                PipelineReport.Notice(key: key, state: .loaded, message: "its file stays in the source: \(reason)")
            }
        } catch {
            report.problems.append(IngotError(stopping: "cleaning the source of \(pipeline.name)", error))
        }
    }

    /// Whether one thread is enough for a batch: a small one that does not compete with rows of earlier ones.
    private func isLittle(_ entries: [LedgerEntry]) -> Bool {
        let size = entries.reduce(0) { $0 + $1.size }
        return size <= Self.littleSizeMax && pipeline.tables.allSatisfy(\.uniqueKey.isEmpty)
    }

    /// The next batch: one that a dead process left, or what waits, within the limits.
    private func next(excluding tried: Set<Int64>) async throws -> (lease: Lease, entries: [LedgerEntry])? {
        let name = pipeline.name.value
        if let resumed = try await state.resume(source: name, owner: services.owner, isAlive: services.isAlive) {
            return resumed
        }
        let limits = BatchLimits(files: settings.maxFilesPerTrigger, bytes: Int64(settings.maxBytesPerTrigger.bytes))
        return try await state.lease(
            source: name,
            owner: services.owner,
            loadID: Identifiers(clock: services.clock).loadID(of: name)
        ) { waiting in
            limits.select(waiting.filter { !tried.contains($0.id) })
        }
    }
}

/// How much one batch holds.
struct BatchLimits: Sendable {
    var files: Int
    var bytes: Int64

    /// As many of what waits as the limits allow, in order, at least one.
    func select(_ waiting: [LedgerEntry]) -> [LedgerEntry] {
        var chosen: [LedgerEntry] = []
        var size: Int64 = 0
        for entry in waiting {
            guard chosen.isEmpty || (chosen.count < files && size + entry.size <= bytes) else { break }
            chosen.append(entry)
            size += entry.size
        }
        return chosen
    }
}

extension PipelineReport {
    /// Adds what became of a batch.
    mutating func add(_ batch: [BatchObject]) {
        for object in batch {
            switch object.state {
            case .failed: objects.failed += 1
            case .quarantined: objects.quarantined += 1
            default: objects.loaded += 1
            }
            if object.failure == nil { rows += object.counts }
            let messages = [object.failure ?? object.fault?.message].compactMap { $0 } + object.warnings
            for message in messages {
                notices.append(Notice(key: object.entry.object.key, state: object.state, message: message))
            }
        }
    }
}
