import IngotEngine

/// A line on a terminal that says how far work is which takes more than a second.
struct ProgressLine: Sendable {
    private static let delay = Duration.seconds(1)
    private static let period = Duration.milliseconds(150)
    private static let barWidth = 24

    private let name: String
    private let console: Console

    init(_ name: String, console: Console) {
        self.name = name
        self.console = console
    }

    /// Does work, and shows its progress meanwhile.
    func during<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value,
        status: @escaping @Sendable () async -> EngineActivity
    ) async throws -> Value {
        guard console.isErrorTerminal else { return try await work() }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try? await show(status)
                return nil
            }
            var value: Value?
            while value == nil, let next = try await group.next() { value = next }
            group.cancelAll()
            try await group.waitForAll()
            guard let value else { throw CancellationError() }
            return value
        }
    }

    private func show(_ status: @Sendable () async -> EngineActivity) async throws {
        let start = ContinuousClock.now
        try await Task.sleep(for: Self.delay)
        defer { console.replaceLine("") }
        while true {
            let line = text(await status(), after: ContinuousClock.now - start)
            console.replaceLine(DisplayWidth.fitted(line, to: console.messageWidth - 1))
            try await Task.sleep(for: Self.period)
        }
    }

    private func text(_ activity: EngineActivity, after time: Duration) -> String {
        var parts = [name]
        if let fraction = activity.fraction {
            let filled = Int(fraction * Double(Self.barWidth))
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.barWidth - filled)
            parts.append("\(bar) \(Int(fraction * 100)) %")
        }
        if activity.objectsKept > 0 { parts.append("\(HumanText.count(activity.objectsKept, "object")) copied") }
        parts.append(HumanText.seconds(Double(time.components.seconds)))
        return parts.joined(separator: "  ")
    }
}
