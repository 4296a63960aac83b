#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Where time and randomness come from, so that tests can repeat a history exactly.
public struct IngotClock: Sendable {
    /// Nanoseconds since 1970 UTC.
    public var now: @Sendable () -> Int64
    /// A random number at each call.
    public var random: @Sendable () -> UInt64

    /// A clock from its two sources.
    public init(now: @escaping @Sendable () -> Int64, random: @escaping @Sendable () -> UInt64) {
        self.now = now
        self.random = random
    }

    /// The system's clock and random numbers.
    public static let system = IngotClock(
        now: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        },
        random: { .random(in: .min ... .max) }
    )
}
