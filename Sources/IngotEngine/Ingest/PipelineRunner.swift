import DuckDB
import IngotCore
import IngotProject

/// Takes a pipeline's new objects in: bronze, then batch after batch staged, audited and committed.
struct PipelineRunner {
    /// How often a batch is staged anew because its tables changed underneath.
    private static let stagingsMax = 5
    /// Bytes of objects that one thread reads about as fast as several.
    private static let littleSizeMax: Int64 = 4 << 20

    let services: EngineServices
    let lake: Lake
    let engine: QueryEngine
    let pipeline: Pipeline
    /// The models that must hear of changes.
    let consumers: ChangeConsumers

    private var state: any StateStore { services.state }
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
                try await process(batch.lease, batch.entries, connection, &report)
            }
            await connection?.close()
            report.objects.skipped = max(0, findings.listed - tried.count)
        } catch {
            report.error = IngotError(stopping: "the pipeline \(pipeline.name)", error)
        }
        report.seconds = Double(services.clock.now() - start) / 1e9
        return report
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

    /// Stages and commits one batch; if that fails, its objects are given back.
    private func process(
        _ lease: Lease,
        _ entries: [LedgerEntry],
        _ connection: SQLConnection,
        _ report: inout PipelineReport
    ) async throws {
        var run = Run(
            id: Identifiers(clock: services.clock).runID(),
            loadID: lease.loadID,
            kind: .ingest,
            name: pipeline.name.value,
            started: services.clock.now(),
            inputs: entries.count
        )
        report.runID = run.id
        do {
            try await state.begin(run)
            let batch = try await stageAndCommit(lease, entries, run, connection)
            try await lake.storage.removeStagingFolder(lease.loadID)
            report.add(batch)
        } catch {
            let reason = IngotError(stopping: "the pipeline \(pipeline.name)", error)
            run.status = .failed
            run.ended = services.clock.now()
            run.error = "\(reason)"
            await giveBack(lease, entries, run, reason)
            throw reason
        }
    }

    /// Gives the objects of a batch that failed back.
    ///
    /// What fails here too, as the state does on a full disk, must not hide why the batch failed: the next process
    /// takes over what this one still holds.
    private func giveBack(_ lease: Lease, _ entries: [LedgerEntry], _ run: Run, _ reason: IngotError) async {
        // First, because the staged files may be what the disk has no room beside.
        try? await lake.storage.removeStagingFolder(lease.loadID)
        try? await state.fail(run)
        // A defect of the machine leaves the objects waiting; one of the project or the objects marks them.
        let isOfMachine = reason.isRetryable || [.objectNoSpace, .runFailed].contains(reason.code)
        let outcomes = entries.map { entry in
            BatchCommit.Outcome(
                id: entry.id,
                state: isOfMachine ? .seen : .failed,
                counts: RowCounts(),
                error: "\(reason)"
            )
        }
        try? await state.release(lease, outcomes: outcomes)
    }

    private func stageAndCommit(
        _ lease: Lease,
        _ entries: [LedgerEntry],
        _ run: Run,
        _ connection: SQLConnection
    ) async throws -> [BatchObject] {
        var staging = 0
        while true {
            staging += 1
            do {
                let stager = BatchStager(
                    services: services,
                    lake: lake,
                    pipeline: pipeline,
                    connection: connection,
                    consumers: consumers,
                    run: run
                )
                let batch = try await stager.stage(entries)
                let committer = BatchCommitter(lake: lake, state: state, settings: settings, clock: services.clock)
                try await committer.commit(batch.changes, batch.commit(lease: lease, run: run))
                return batch.objects
            } catch let error as IngotError where error.code == .tableChanged && staging < Self.stagingsMax {
                continue
            }
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
