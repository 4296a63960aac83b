import IngotCore
import IngotEngine

extension Console {
    /// Writes a notice as a message.
    func message(_ notice: Notice) {
        let lines = notice.text.split(separator: "\n").map { "\n  \($0)" }
        message("\(notice.severity.rawValue): \(notice.title)" + lines.joined())
    }

    /// Writes the notices among the events of workflows that a command drives.
    @Sendable
    func tellNotice(_ event: ServiceEvent) {
        if case .noticed(let notice) = event { message(notice) }
    }
}
