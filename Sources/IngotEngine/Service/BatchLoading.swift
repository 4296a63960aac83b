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

    /// Closes what was opened.
    func close() async
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

/// Loads batches with the query engine, on a connection that is opened for the first.
actor ConnectedLoader: BatchLoading {
    private let loader: BatchLoader
    private let engine: QueryEngine
    private var connection: SQLConnection?

    init(_ loader: BatchLoader, on engine: QueryEngine) {
        self.loader = loader
        self.engine = engine
    }

    func load(
        _ lease: Lease,
        _ entries: [LedgerEntry],
        messages: [String: ReceivedMessage]
    ) async throws -> LoadedBatch {
        let outcome = try await loader.load(lease, entries, opened(), messages: messages)
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

    func close() async {
        await connection?.close()
        connection = nil
    }

    private func opened() async throws -> SQLConnection {
        if let connection { return connection }
        let opened = try await engine.connect()
        connection = opened
        return opened
    }
}
