#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Where time, identity and randomness come from, so that tests can repeat a history exactly.
public struct TableEnvironment: Sendable {
    /// Milliseconds since 1970.
    public var now: @Sendable () -> Int64
    /// A new identifier at each call.
    public var newUUID: @Sendable () -> IcebergUUID

    /// An environment from its two sources.
    public init(now: @escaping @Sendable () -> Int64, newUUID: @escaping @Sendable () -> IcebergUUID) {
        self.now = now
        self.newUUID = newUUID
    }

    /// The system's clock and random numbers.
    public static let system = TableEnvironment(
        now: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
        },
        newUUID: { IcebergUUID.random() }
    )

    /// A new snapshot id: positive, and derived from a new identifier.
    func newSnapshotID() -> Int64 {
        let uuid = newUUID()
        return max(1, Int64(truncatingIfNeeded: (uuid.high ^ uuid.low) & 0x7FFF_FFFF_FFFF_FFFF))
    }
}
