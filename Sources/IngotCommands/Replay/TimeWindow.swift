import ArgumentParser
import IngotEngine

/// A stretch of time on the command line.
struct TimeWindow: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "From this date or instant on, such as 2026-01-31 or 2026-01-31T06:00:00Z; UTC unless it says otherwise.",
            valueName: "time"
        ),
        transform: TimeWindow.instant
    )
    var start: Int64?

    @Option(
        name: .long,
        help: ArgumentHelp("Up to this date or instant, which does not belong to it.", valueName: "time"),
        transform: TimeWindow.instant
    )
    var end: Int64?

    func validate() throws {
        guard let start, let end, start >= end else { return }
        throw ValidationError("--start has to be before --end, which does not belong to the time.")
    }

    /// The time in microseconds since 1970 UTC.
    static func instant(_ text: String) throws -> Int64 {
        if let instant = Timestamps.instant(text) { return instant }
        throw ValidationError("\"\(text)\" is no date or instant such as 2026-01-31 or 2026-01-31T06:00:00Z.")
    }

    /// The time in nanoseconds; without its ends it is all of time.
    var nanoseconds: Range<Int64> {
        func scaled(_ instant: Int64) -> Int64 {
            let (product, overflow) = instant.multipliedReportingOverflow(by: 1_000)
            return overflow ? (instant < 0 ? .min : .max) : product
        }
        let low = start.map(scaled) ?? .min
        return low..<max(low, end.map(scaled) ?? .max)
    }
}
