import IngotProject

/// How much a worker takes at once, and how it tries again; all times in nanoseconds.
package struct WorkerPolicy: Sendable, Hashable {
    /// How many messages a batch holds at most.
    package var filesMax: Int
    /// How long the first message of a batch waits for others.
    package var delay: Int64
    /// How often a message is tried before it becomes a dead letter.
    package var attemptsMax: Int
    /// How long a received message is held without a heartbeat.
    package var visibility: Int64
    /// How long a worker sleeps at most when nothing waits.
    package var idleMax: Int64 = 1_000_000_000
    /// How long what is still being written, or held by somebody else, is left alone.
    package var busyDelay: Int64 = 500_000_000
    /// The first delay of a retry, which doubles with each.
    package var retryDelay: Int64 = 1_000_000_000
    /// The longest delay of a retry.
    package var retryDelayMax: Int64 = 300_000_000_000

    package init(filesMax: Int, delay: Int64, attemptsMax: Int, visibility: Int64) {
        self.filesMax = filesMax
        self.delay = delay
        self.attemptsMax = attemptsMax
        self.visibility = visibility
    }

    init(_ settings: Settings) {
        self.init(
            filesMax: settings.maxFilesPerTrigger,
            delay: settings.maxBatchDelay.nanoseconds,
            attemptsMax: settings.maxReceives,
            visibility: settings.visibilityTimeout.nanoseconds
        )
    }

    /// How long to wait after so many failures, of which half is chance, so that many do not come at once.
    ///
    /// - Parameters:
    ///   - failures: How many there were, this one included.
    ///   - chance: A random number from 0 to 1.
    /// - Returns: The time in nanoseconds.
    func pause(after failures: Int, chance: Double) -> Int64 {
        let doubled = retryDelay.multipliedReportingOverflow(by: 1 << min(40, max(0, failures - 1)))
        let full = doubled.overflow ? retryDelayMax : min(retryDelayMax, doubled.partialValue)
        return full / 2 + Int64(Double(full / 2) * min(1, max(0, chance)))
    }

    /// How many messages that were tried so often may share a batch.
    ///
    /// What was tried before may be what ended its process, so it gets ever fewer companions.
    func companions(ofAttempt attempt: Int) -> Int {
        guard attempt > 1 else { return filesMax }
        return attempt >= attemptsMax ? 1 : max(1, min(filesMax, 64) >> (2 * (attempt - 2)))
    }
}
