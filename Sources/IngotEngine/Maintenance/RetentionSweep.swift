import DuckDB
import IngotCore
import IngotProject

/// What a sweep deleted of one kind.
public struct SweptRecords: Sendable, Hashable {
    /// What it is: `bronze`, `quarantine`, `logs`, `dead_letters` or `executions`.
    public var kind: String
    /// The pipeline or the table; `nil` for the project as a whole.
    public var name: String?
    /// How many objects, rows, runs, letters or executions.
    public var count: Int
    /// Those before this time were deleted, in nanoseconds since 1970 UTC.
    public var before: Int64
    /// The run that records it.
    public var runID: String
}

/// Deletes what is older than the project keeps it, and records that as runs of their own.
///
/// Each piece of the work may be broken off at any time and done again: what is gone already is passed over.
struct RetentionSweep {
    /// What the names of the sweeps' batches begin with; no pipeline's does.
    static let loadIDPrefix = "retention."
    /// How many records one sweep deletes at most of each kind and pipeline; the next one goes on.
    static let recordsMax = 50_000
    /// How many executions one transaction forgets: histories may be long, and nobody else can write meanwhile.
    private static let executionsPerTransaction = 100

    let services: EngineServices
    let lake: Lake
    let queries: QueryEngine
    let consumers: ChangeConsumers

    private var retention: Retention { services.project.environment.retention }

    /// Deletes what is due.
    ///
    /// - Returns: What was deleted.
    /// - Throws: `IngotError`; what was deleted before is recorded.
    func sweep() async throws -> [SweptRecords] {
        guard !retention.isForever else { return [] }
        var swept: [SweptRecords] = []
        for pipeline in services.project.pipelines {
            let name = pipeline.name.value
            if let before = cutoff(retention.bronze) {
                swept += try await record("bronze", name, before) {
                    try await BronzeSweep(services: services, pipeline: pipeline).sweep(before: before)
                }
            }
            if let before = cutoff(retention.deadLetters) {
                swept += try await record("dead_letters", name, before) {
                    try await services.state.removeDeadLetters(of: name, before: before)
                }
            }
        }
        if let before = cutoff(retention.quarantine) {
            let tables = services.project.pipelines.flatMap(\.tables).map(\.table.value.quarantine)
            for table in Set(tables).sorted() {
                swept += try await sweepQuarantine(table, before: before)
            }
        }
        if let before = cutoff(retention.logs) {
            swept += try await record("logs", nil, before) {
                try await services.state.removeRuns(before: before, limit: Self.recordsMax)
            }
        }
        if let before = cutoff(retention.executions), let store = services.executions {
            swept += try await record("executions", nil, before) { try await sweepExecutions(store, before) }
        }
        return swept
    }

    private func sweepExecutions(_ store: any ExecutionStore, _ before: Int64) async throws -> Int {
        var count = 0
        while count < Self.recordsMax {
            let limit = Self.executionsPerTransaction
            let removed = try await store.removeExecutions(endedBefore: before, limit: limit)
            count += removed
            // What is gone is recorded, also where the work is broken off.
            if removed < limit || Task.isCancelled { break }
        }
        return count
    }

    private func cutoff(_ age: Duration?) -> Int64? {
        age.map { services.clock.now() - $0.nanoseconds }
    }

    /// Does a piece of the work, and records it if it deleted anything or failed.
    private func record(
        _ kind: String,
        _ name: String?,
        _ before: Int64,
        _ work: () async throws -> Int
    ) async throws -> [SweptRecords] {
        try Task.checkCancellation()
        var run = self.run(kind, name)
        do {
            run.inputs = try await work()
        } catch {
            let reason = IngotError(stopping: "the retention of \(kind)", error)
            run.status = .failed
            run.ended = services.clock.now()
            run.error = "\(reason)"
            try await services.state.fail(run)
            throw reason
        }
        guard run.inputs > 0 else { return [] }
        run.status = .succeeded
        run.ended = services.clock.now()
        try await services.state.commit(BatchCommit(pointers: [], run: run))
        return [SweptRecords(kind: kind, name: name, count: run.inputs, before: before, runID: run.id)]
    }

    /// Deletes rows of a quarantine table; the rows and the record are one commit.
    private func sweepQuarantine(_ table: TableName, before: Int64) async throws -> [SweptRecords] {
        try Task.checkCancellation()
        let connection = try await queries.connect()
        var run = self.run("quarantine", table.description)
        do {
            let sweep = QuarantineSweep(services: services, lake: lake, connection: connection, consumers: consumers)
            try await sweep.sweep(table, before: before, &run)
            await connection.close()
        } catch {
            await connection.close()
            throw IngotError(stopping: "the retention of \(table)", error)
        }
        guard run.inputs > 0 else { return [] }
        let name = table.description
        return [SweptRecords(kind: "quarantine", name: name, count: run.inputs, before: before, runID: run.id)]
    }

    private func run(_ kind: String, _ name: String?) -> Run {
        let identifiers = Identifiers(clock: services.clock)
        return Run(
            id: identifiers.runID(),
            loadID: identifiers.loadID(of: Self.loadIDPrefix + kind),
            kind: .retention,
            name: name.map { "\(kind) \($0)" } ?? kind,
            started: services.clock.now(),
            owner: services.owner
        )
    }
}

extension Engine {
    /// Deletes what is older than the project keeps it; nothing unless it says how long.
    public func sweepRetention() async throws -> [SweptRecords] {
        try await RetentionSweep(
            services: services,
            lake: lake,
            queries: queries,
            consumers: ChangeConsumers { [models] in try await models.consumers() }
        ).sweep()
    }

    /// Takes files out of the sources of pipelines, as `clean_source` says, and those that failed before once more.
    ///
    /// - Parameter names: The pipelines; `nil` for all.
    /// - Returns: For each that cleans its source, how many files are gone, and why others stay.
    /// - Throws: `IngotError` where no file of a source can be taken away.
    public func cleanSources(
        _ names: Set<String>? = nil
    ) async throws -> [(pipeline: String, cleaned: Int, left: [(key: String, reason: String)])] {
        var outcomes: [(pipeline: String, cleaned: Int, left: [(key: String, reason: String)])] = []
        for pipeline in services.project.pipelines where names?.contains(pipeline.name.value) ?? true {
            guard pipeline.source.cleanSource != .off else { continue }
            let outcome = try await SourceCleaning(services: services, pipeline: pipeline).clean(retriesAll: true)
            outcomes.append((pipeline.name.value, outcome.cleaned, outcome.left))
        }
        return outcomes
    }
}
