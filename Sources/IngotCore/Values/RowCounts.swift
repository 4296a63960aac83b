/// What became of an object's rows: nothing vanishes, so `read = silver + quarantined + skipped`.
public struct RowCounts: Hashable, Sendable {
    /// Records in the object.
    public var read: Int
    /// Rows accepted into silver.
    public var silver: Int
    /// Rows kept in quarantine.
    public var quarantined: Int
    /// Rows dropped because the pipeline says `on_row_error: skip`.
    public var skipped: Int

    /// Counts of one object or of several together.
    public init(read: Int = 0, silver: Int = 0, quarantined: Int = 0, skipped: Int = 0) {
        self.read = read
        self.silver = silver
        self.quarantined = quarantined
        self.skipped = skipped
    }

    /// Whether every record is accounted for.
    public var isBalanced: Bool {
        read == silver + quarantined + skipped
    }

    /// Adds counts.
    public static func += (lhs: inout RowCounts, rhs: RowCounts) {
        lhs.read += rhs.read
        lhs.silver += rhs.silver
        lhs.quarantined += rhs.quarantined
        lhs.skipped += rhs.skipped
    }
}
