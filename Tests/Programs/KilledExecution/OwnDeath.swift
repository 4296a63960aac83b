import Foundation
import IngotTesting
import Synchronization

/// Kills this process before or after one of its operations of the store, as by `kill -9`.
final class OwnDeath: Sendable {
    private let moment: String?
    private let noted = Mutex<[String]>([])

    /// The moment is `before` or `after`, an operation and its number; `nil` for never.
    init(at moment: String?) {
        self.moment = moment
    }

    /// The operations so far, each with its number.
    var operations: [String] {
        noted.withLock { $0 }
    }

    /// Goes on, or does not.
    func notice(_ moment: WatchedExecutionStore.Moment) {
        let text: String
        switch moment {
        case .before(let operation, let number):
            noted.withLock { $0.append("\(operation.name) \(number)") }
            text = "before \(operation.name) \(number)"
        case .after(let operation, let number):
            text = "after \(operation.name) \(number)"
        }
        guard text == self.moment else { return }
        kill(getpid(), SIGKILL)
        fatalError("nobody outlives this signal")
    }
}
