/// A hash of the fields of records, by which a record is found again in the text that it was read from.
///
/// It is the same however the record is written: with quotes or without. Each value has a seed of its own, so that no
/// text can be made to collide.
public struct RecordHash: Sendable {
    private let seed: UInt64
    private let delimiter: [UInt8]
    /// Eight times the byte that opens a quoted field, and that which begins a comment.
    private let quotes: UInt64
    private let comments: UInt64

    /// Makes a hash for a text's dialect.
    public init(_ dialect: Dialect) {
        seed = .random(in: .min ... .max)
        delimiter = dialect.delimiter
        quotes = dialect.quote.map { Self.ones &* UInt64($0) } ?? Self.lineFeeds
        comments = dialect.comment.map { Self.ones &* UInt64($0) } ?? Self.lineFeeds
    }

    /// The hash of a record.
    ///
    /// - Parameters:
    ///   - count: How many fields it has.
    ///   - field: The bytes of each.
    /// - Returns: The same as for any other way to write these fields.
    public func hash(count: Int, _ field: (Int) -> ArraySlice<UInt8>) -> UInt64 {
        var joined: [UInt8] = []
        joined.reserveCapacity(Self.usualSize)
        var sizes: [UInt8] = []
        for index in 0..<count {
            if index > 0 { joined += delimiter }
            let bytes = field(index)
            joined += bytes
            // The bytes alone would not tell where such a field ends; nor could it be written without quotes.
            if !sizes.isEmpty || holdsDelimiter(bytes) { sizes += "\(index):\(bytes.count) ".utf8 }
        }
        joined += sizes
        return hash(joined.span.bytes)
    }

    /// How many bytes most records have at most.
    private static let usualSize = 256

    private func holdsDelimiter(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = delimiter.first else { return false }
        var rest = bytes
        while let place = rest.firstIndex(of: first) {
            if delimiter.count == 1 || rest[place...].starts(with: delimiter) { return true }
            rest = rest[(place + 1)...]
        }
        return false
    }

    private func hash(_ bytes: RawSpan) -> UInt64 {
        var hash = seed
        var position = 0
        while position + 8 <= bytes.byteCount {
            hash = Self.mixed(hash, Self.word(bytes, position))
            position += 8
        }
        var rest: UInt64 = 0
        for (index, offset) in (position..<bytes.byteCount).enumerated() {
            rest |= UInt64(bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)) << UInt64(index * 8)
        }
        return finished(hash, rest, size: bytes.byteCount)
    }

    /// A record that holds no quote and no comment, with its hash.
    struct Plain {
        var hash: UInt64
        /// Where its line break begins, and ends.
        var end: Int
        var next: Int
    }

    /// The record that begins at an offset, if it is plain and ends clearly within the bytes.
    func plain(in bytes: RawSpan, from start: Int, sizeMax: Int) -> Plain? {
        var hash = seed
        var position = start
        let limit = min(bytes.byteCount - 8, start + sizeMax)
        while position <= limit {
            let word = Self.word(bytes, position)
            let hits = self.hits(word)
            guard hits == 0 else {
                let count = hits.trailingZeroBitCount >> 3
                let end = position + count
                guard let next = Self.afterLineBreak(in: bytes, at: end) else { return nil }
                let rest = word & ((1 << UInt64(count * 8)) &- 1)
                return Plain(hash: finished(hash, rest, size: end - start), end: end, next: next)
            }
            hash = Self.mixed(hash, word)
            position += 8
        }
        return nil
    }

    /// The places in a word of bytes that end a plain record, of which the lowest is true.
    private func hits(_ word: UInt64) -> UInt64 {
        Self.zeros(word ^ Self.lineFeeds) | Self.zeros(word ^ Self.returns) | Self.zeros(word ^ quotes)
            | Self.zeros(word ^ comments)
    }

    /// The highest bit of each byte that is zero; beyond the first one also of others.
    private static func zeros(_ word: UInt64) -> UInt64 {
        (word &- ones) & ~word & highs
    }

    private static func afterLineBreak(in bytes: RawSpan, at end: Int) -> Int? {
        switch bytes.unsafeLoad(fromByteOffset: end, as: UInt8.self) {
        case UInt8(ascii: "\n"): return end + 1
        case UInt8(ascii: "\r"):
            guard end + 1 < bytes.byteCount else { return nil }
            let isPair = bytes.unsafeLoad(fromByteOffset: end + 1, as: UInt8.self) == UInt8(ascii: "\n")
            return end + (isPair ? 2 : 1)
        default: return nil
        }
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080
    private static let lineFeeds = ones &* UInt64(UInt8(ascii: "\n"))
    private static let returns = ones &* UInt64(UInt8(ascii: "\r"))

    /// Eight bytes, the first as the lowest.
    ///
    /// The load is checked against the bounds; any bits are a number.
    private static func word(_ bytes: RawSpan, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    private static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }

    private func finished(_ hash: UInt64, _ rest: UInt64, size: Int) -> UInt64 {
        Self.mixed(Self.mixed(hash, rest), seed ^ UInt64(size))
    }
}
