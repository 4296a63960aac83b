import ServiceLifecycle

extension CatalogServer {
    /// Serves until this task is cancelled, and then stops gracefully.
    ///
    /// A task that is cancelled cannot finish what is under way; so the server runs apart from this one, which waits
    /// for it.
    ///
    /// - Parameters:
    ///   - housekeepingPeriod: How long to wait before each piece of housekeeping.
    ///   - housekeeping: What is done meanwhile, such as the deletion of files that nothing needs any more.
    /// - Throws: ``CatalogServerError`` with the code `addressUnavailable`.
    public func runUntilCancelled(
        housekeepingPeriod: Duration = .seconds(60),
        housekeeping: @escaping @Sendable () async throws -> Void = {}
    ) async throws {
        let (cancelled, continuation) = AsyncStream.makeStream(of: Void.self)
        let work = PeriodicWork(period: housekeepingPeriod, logger: logger, work: housekeeping)
        var setup = ServiceGroupConfiguration(
            services: [
                .init(service: self),
                .init(service: work),
                .init(service: Stop(cancelled: cancelled), successTerminationBehavior: .gracefullyShutdownGroup),
            ],
            logger: logger
        )
        setup.maximumGracefulShutdownDuration = configuration.limits.shutdownTimeMax
        let group = ServiceGroup(configuration: setup)
        // An awaited shield against cancellation; nothing outlives this function.
        let running = Task { try await group.run() }
        try await withTaskCancellationHandler {
            try await running.value
        } onCancel: {
            continuation.finish()
        }
    }

    /// Ends once the task that serves is cancelled, and with it the group.
    private struct Stop: Service {
        let cancelled: AsyncStream<Void>

        func run() async throws {
            await cancelWhenGracefulShutdown {
                for await _ in cancelled {}
            }
        }
    }
}
