/// Shows how something stands, again and again: a terminal is redrawn, and elsewhere one text follows the other.
struct LiveView {
    /// What one look shows.
    struct Frame {
        /// The lines; empty for nothing new.
        var text: String
        /// Whether nothing can change any more.
        var isLast = false
    }

    let console: Console
    let interval: Duration
    /// Whether the frames are drawn over one another.
    let isScreen: Bool

    /// Shows frames on a terminal, if they are made for one.
    init(console: Console, interval: Duration, isScreen: Bool) {
        self.console = console
        self.interval = interval
        self.isScreen = isScreen && console.isOutputTerminal
    }

    /// Looks until the last frame, or until the task is cancelled, which is no error.
    ///
    /// - Throws: What looking throws, and what ``Console/write(_:)`` does.
    func run(_ look: () async throws -> Frame) async throws {
        var height = 0
        do {
            while true {
                let frame = try await look()
                if isScreen {
                    height = try console.redraw(frame.text, over: height)
                } else if !frame.text.isEmpty {
                    try console.write(frame.text)
                }
                if frame.isLast { return }
                try await Task.sleep(for: interval)
            }
        } catch {
            // To stop is how watching ends well, whatever is being read then.
            guard Task.isCancelled else { throw error }
        }
    }
}
