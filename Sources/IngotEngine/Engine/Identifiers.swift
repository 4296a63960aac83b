import IngotCore

/// Names batches and attempts: unique, in the order of time, and readable.
struct Identifiers: Sendable {
    let clock: IngotClock

    /// `users-20261120T233800Z-3f9a2c71`.
    func loadID(of name: String) -> String {
        "\(name)-\(Timestamps.compact(clock.now()))-\(suffix())"
    }

    /// `20261120T233800Z-3f9a2c71`.
    func runID() -> String {
        "\(Timestamps.compact(clock.now()))-\(suffix())"
    }

    private func suffix() -> String {
        let digits = String(clock.random() >> 32, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
