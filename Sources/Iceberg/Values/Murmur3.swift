/// The hash of bucket partitions: 32-bit Murmur3 for x86 with seed 0.
enum Murmur3 {
    static func hash(_ bytes: [UInt8]) -> Int32 {
        var hash: UInt32 = 0
        let blocks = bytes.count / 4
        for block in 0..<blocks {
            let word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[4 * block + $1]) << (8 * UInt32($1)) }
            hash ^= scramble(word)
            hash = rotate(hash, 13) &* 5 &+ 0xE654_6B64
        }
        var tail: UInt32 = 0
        for position in stride(from: bytes.count - 1, through: 4 * blocks, by: -1) {
            tail = tail << 8 | UInt32(bytes[position])
        }
        if bytes.count > 4 * blocks { hash ^= scramble(tail) }
        hash ^= UInt32(truncatingIfNeeded: bytes.count)
        hash = (hash ^ hash >> 16) &* 0x85EB_CA6B
        hash = (hash ^ hash >> 13) &* 0xC2B2_AE35
        return Int32(bitPattern: hash ^ hash >> 16)
    }

    private static func scramble(_ word: UInt32) -> UInt32 {
        rotate(word &* 0xCC9E_2D51, 15) &* 0x1B87_3593
    }

    private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
        word << count | word >> (32 - count)
    }
}
