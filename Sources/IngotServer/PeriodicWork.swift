import Logging
import ServiceLifecycle

/// Does a small piece of work again and again; a piece that fails is told to the log and tried again the next time.
struct PeriodicWork: Service {
    let period: Duration
    let logger: Logger
    let work: @Sendable () async throws -> Void

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: period)
                do {
                    try await work()
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("housekeeping failed", metadata: [LogKey.error: "\(error)"])
                }
            }
        }
        // A service that returns early would stop its group.
        try await gracefulShutdown()
    }
}
