public import IngotCore

extension Engine {
    /// How full the queues of pipelines are, by pipeline.
    public func queueDepths(of pipelines: [String]) async throws -> [String: QueueDepth] {
        var depths: [String: QueueDepth] = [:]
        for pipeline in pipelines {
            depths[pipeline] = try await services.state.depth(of: pipeline, now: services.clock.now())
        }
        return depths
    }

    /// Arrivals of a pipeline that could not be loaded, the oldest first, of numbers beyond the given one.
    public func deadLetters(of pipeline: String, after id: Int64? = nil, limit: Int) async throws -> [DeadLetter] {
        try await services.state.deadLetters(of: pipeline, after: id, limit: limit)
    }

    /// Lets dead letters of a pipeline be tried again, and says how many.
    public func redrive(_ ids: [Int64], of pipeline: String) async throws -> Int {
        try await services.state.redrive(ids, of: pipeline, now: services.clock.now())
    }

    /// The time, in nanoseconds since 1970 UTC.
    public var now: Int64 { services.clock.now() }
}
