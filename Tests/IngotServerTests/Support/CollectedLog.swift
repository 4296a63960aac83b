import Logging
import Synchronization

/// Keeps what is logged, as text.
final class CollectedLog: Sendable {
    private let collected = Mutex<[String]>([])

    /// The lines so far.
    var lines: [String] { collected.withLock { $0 } }

    /// A logger that writes here.
    var logger: Logger {
        Logger(label: "ingot.test") { _ in Handler(log: self) }
    }

    private struct Handler: LogHandler {
        let log: CollectedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let line = "\(event.level) \(event.message) \(all.map { "\($0)=\($1)" }.sorted().joined(separator: " "))"
            log.collected.withLock { $0.append(line) }
        }
    }
}
