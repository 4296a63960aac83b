extension Fingerprint {
    /// How long after a change a further change is sure to get another time stamp, in nanoseconds: two ticks of the
    /// slowest kernel's clock.
    public static let settlingTime: Int64 = 20_000_000

    /// The file system store's ``ObjectMetadata/entityTag``: the numbers in base 36.
    ///
    /// Without the device, whose number may be another after the machine restarts.
    public var entityTag: String {
        [
            String(inode, radix: 36), String(size, radix: 36), String(modified, radix: 36), String(changed, radix: 36),
        ].joined(separator: ".")
    }

    /// Whether a write after the given time (in nanoseconds since 1970 UTC) is sure to change the fingerprint.
    ///
    /// Two writes within one tick of the file system's clock (up to 10 ms on Linux) get the same times. So what was
    /// read from a file before its fingerprint was settled may be out of date although the fingerprint is the same.
    public func isSettled(at time: Int64) -> Bool {
        let (age, overflow) = time.subtractingReportingOverflow(changed)
        return overflow ? changed < time : age > Self.settlingTime
    }
}
