/// What keeps memory bounded whatever a text holds.
public struct ReadingLimits: Hashable, Sendable {
    /// The longest record in bytes of UTF-8; a longer one is a bad record.
    public var recordSizeMax: Int
    /// How much of the text of a record that is too long is kept, in bytes.
    public var rawSizeMax: Int

    /// Sets limits.
    public init(recordSizeMax: Int = 16 << 20, rawSizeMax: Int = 64 << 10) {
        self.recordSizeMax = max(1, recordSizeMax)
        self.rawSizeMax = max(0, min(rawSizeMax, recordSizeMax))
    }
}
