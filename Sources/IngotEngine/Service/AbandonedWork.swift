import IngotCore

/// What processes that are gone had begun for a pipeline, and what this one could not give back.
struct AbandonedWork {
    let services: EngineServices
    /// The pipeline.
    let source: String

    /// Lets the messages be received, and the objects be taken, by anybody.
    ///
    /// Batches are not resumed whole, as they may be what ended their process: the queue makes smaller ones of them.
    func takeBack() async throws -> (objects: Int, messages: Int) {
        await services.leaseReturns.retry(on: services.state)
        var objects = 0
        while let (lease, entries) = try await services.state.resume(
            source: source,
            owner: services.owner,
            isAlive: services.isAlive
        ) {
            let outcomes = entries.map { BatchCommit.Outcome(id: $0.id, state: .seen, counts: RowCounts()) }
            await services.leaseReturns.giveBack(lease, outcomes, to: services.state)
            objects += entries.count
        }
        let messages = try await services.state.reclaim(
            from: source,
            now: services.clock.now(),
            isAlive: services.isAlive
        )
        return (objects, messages)
    }
}
