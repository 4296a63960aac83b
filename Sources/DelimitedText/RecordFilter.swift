/// Tells of most records at once that they are none of those that are looked for.
public struct RecordFilter: Sendable {
    /// A bit for each hash; others may have the same bit.
    private var bits: [UInt64]
    private let mask: UInt64

    /// A filter for the records with these hashes; without any, none is looked for.
    public init(_ hashes: [UInt64]) {
        // Sixteen bits for each, so that one of sixteen others is taken for one of them at most.
        var words = 1 << 10
        while words < hashes.count / 4 { words *= 2 }
        bits = Array(repeating: 0, count: words)
        mask = UInt64(words * 64 - 1)
        for hash in hashes { bits[Int((hash & mask) >> 6)] |= 1 << (hash & 63) }
    }

    /// Whether a record with this hash may be one of those that are looked for.
    func mayHold(_ hash: UInt64) -> Bool {
        bits[Int((hash & mask) >> 6)] & (1 << (hash & 63)) != 0
    }
}
