/// Finds what is not UTF-8.
enum UTF8Check {
    /// The index of the first byte that begins no well-formed character; `nil` where all do.
    static func firstInvalid(in bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        var i = range.lowerBound
        while i < range.upperBound {
            if bytes[i] < 0x80 {
                i += 1
                continue
            }
            let size = characterSize(in: bytes, at: i, end: range.upperBound)
            if size == 0 { return i }
            i += size
        }
        return nil
    }

    /// How many bytes the well-formed character at an index has; 0 where there is none.
    static func characterSize(in bytes: Span<UInt8>, at i: Int, end: Int) -> Int {
        let first = bytes[i]
        let size: Int
        let second: ClosedRange<UInt8>
        switch first {
        case 0x00...0x7F: return 1
        case 0xC2...0xDF: (size, second) = (2, 0x80...0xBF)
        case 0xE0: (size, second) = (3, 0xA0...0xBF)
        case 0xED: (size, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (size, second) = (3, 0x80...0xBF)
        case 0xF0: (size, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (size, second) = (4, 0x80...0xBF)
        case 0xF4: (size, second) = (4, 0x80...0x8F)
        default: return 0
        }
        guard i + size <= end, second.contains(bytes[i + 1]) else { return 0 }
        for k in 2..<max(2, size) where bytes[i + k] & 0xC0 != 0x80 { return 0 }
        return size
    }

    /// The end of the last whole character that ends at or before an index of well-formed text.
    static func boundary(in bytes: Span<UInt8>, start: Int, at index: Int) -> Int {
        guard index < bytes.count else { return index }
        var i = index
        while i > start, i > index - 4, bytes[i] & 0xC0 == 0x80 { i -= 1 }
        return i
    }
}
