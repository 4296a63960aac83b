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
        await reporting { report in
            let discovery = ObjectDiscovery(services: services, pipeline: pipeline)
            let findings = try await discovery.discover(verifiesAll: verifiesAll)
            report.problems = findings.problems
            report.passedOver = findings.passedOver
            if let absence = findings.absence {
                let path = pipeline.source.path.description
                report.notices.append(PipelineReport.Notice(key: path, state: .seen, message: absence))
            }
            let tried = try await load(&report) { try await next(excluding: $0) }
            report.objects.skipped = max(0, findings.listed - tried.count)
        }
    }

    /// Takes in objects that wait already, and looks for no others.
    ///
    /// - Parameter ids: The ledger's numbers of the objects.
    /// - Returns: What became of them.
    func run(only ids: Set<Int64>) async -> PipelineReport {
        await reporting { report in
            _ = try await load(&report) { tried in try await lease { ids.contains($0.id) && !tried.contains($0.id) } }
        }
    }

    /// Takes in again what failed, and looks for nothing else.
    ///
    /// - Parameter loadID: The batch whose objects are meant; `nil` for all that failed.
    /// - Returns: What became of them.
    func retry(loadID: String?) async -> PipelineReport {
        await reporting { report in
            let name = pipeline.name.value
            _ = try await AbandonedWork(services: services, source: name).takeBack()
            let filter = LedgerFilter(source: name, states: [.seen, .failed], loadID: loadID)
            // What waits and was taken before was given back by a batch that failed as a whole.
            let failed = try await state.entries(matching: filter)
                .filter { loadID != nil || $0.state == .failed || $0.attempts > 0 && $0.published == nil }
            let ids = Set(failed.map(\.id))
            _ = try await load(&report) { tried in try await lease { ids.contains($0.id) && !tried.contains($0.id) } }
        }
    }

    private func reporting(_ work: (inout PipelineReport) async throws -> Void) async -> PipelineReport {
        var report = PipelineReport(pipeline: pipeline.name.value, runID: "")
        let start = services.clock.now()
        do {
            try await work(&report)
        } catch {
            report.error = IngotError(stopping: "the pipeline \(pipeline.name)", error)
        }
        await clean(&report)
        report.seconds = Double(services.clock.now() - start) / 1e9
        return report
    }

    /// Loads batch after batch, and says which objects were among them.
    private func load(
        _ report: inout PipelineReport,
        next: (_ tried: Set<Int64>) async throws -> (lease: Lease, entries: [LedgerEntry])?
    ) async throws -> Set<Int64> {
        var connection: SQLConnection?
        var tried: Set<Int64> = []
        while let batch = try await next(tried) {
            tried.formUnion(batch.entries.map(\.id))
            if connection == nil { connection = try await engine.connect() }
            guard let connection else { break }
            try await engine.setParallel(!isLittle(batch.entries), connection)
            let outcome = try await loader.load(batch.lease, batch.entries, connection) { report.runID = $0.id }
            report.add(outcome.batch)
        }
        await connection?.close()
        return tried
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
        return try await lease { !tried.contains($0.id) }
    }

    /// Takes what waits and is wanted, within the limits.
    private func lease(
        _ isWanted: @Sendable (LedgerEntry) -> Bool
    ) async throws -> (lease: Lease, entries: [LedgerEntry])? {
        let name = pipeline.name.value
        let limits = BatchLimits(files: settings.maxFilesPerTrigger, bytes: Int64(settings.maxBatchBytes.bytes))
        return try await state.lease(
            source: name,
            owner: services.owner,
            loadID: Identifiers(clock: services.clock).loadID(of: name)
        ) { waiting in
            limits.select(waiting.filter(isWanted))
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
    mutating func add(_ batch: StagedBatch) {
        for entry in batch.undone {
            objects.undone += 1
            notices.append(Notice(key: entry.object.key, state: .undone, message: "its rows are taken out"))
        }
        for object in batch.objects {
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
