import DuckDB
import IngotCore

/// Loads the batches of one worker.
protocol BatchLoading: Sendable {
    /// Stages, audits and commits a batch; if that fails, the objects are given back.
    ///
    /// With the commit, the messages of objects that are committed are acknowledged, and those of objects that the
    /// contract refuses become dead letters.
    /// - Throws: `IngotError`.
    func load(
        _ lease: Lease,
        _ entries: [LedgerEntry],
        messages: [String: ReceivedMessage]
    ) async throws -> LoadedBatch
}

/// A batch that was committed.
struct LoadedBatch: Sendable {
    /// The run as it was committed.
    var run: Run
    /// How the objects fared.
    var objects: PipelineReport.ObjectCounts
    /// Why nothing of an object is committed, by key.
    var refused: [String: String]
    /// How long the commit took, in nanoseconds.
    var commitDuration: Int64
}

/// Loads batches with the query engine, each on a connection of its own.
struct ConnectedLoader: BatchLoading {
    private let loader: BatchLoader
    private let engine: QueryEngine

    init(_ loader: BatchLoader, on engine: QueryEngine) {
        self.loader = loader
        self.engine = engine
    }

    func load(
        _ lease: Lease,
        _ entries: [LedgerEntry],
        messages: [String: ReceivedMessage]
    ) async throws -> LoadedBatch {
        let connection = try await engine.connect()
        let outcome: (run: Run, batch: StagedBatch, commitDuration: Int64)
        do {
            outcome = try await loader.load(lease, entries, connection, messages: messages)
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
        var report = PipelineReport(pipeline: outcome.run.name, runID: outcome.run.id)
        report.add(outcome.batch)
        return LoadedBatch(
            run: outcome.run,
            objects: report.objects,
            refused: Dictionary(
                outcome.batch.objects.compactMap { object in object.failure.map { (object.entry.object.key, $0) } },
                uniquingKeysWith: { first, _ in first }
            ),
            commitDuration: outcome.commitDuration
        )
    }
}
