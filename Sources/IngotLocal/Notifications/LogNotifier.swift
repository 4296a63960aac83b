import IngotCore

/// Hands notices over to whoever writes the log.
struct LogNotifier: Notifier {
    let write: @Sendable (Notice) -> Void

    func send(_ notice: Notice) {
        write(notice)
    }
}
