/// Digests of bytes, as hexadecimal text.
enum Digest {
    /// The digest by the algorithm's name; `nil` where there is no such algorithm.
    static func of(_ bytes: [UInt8], algorithm: String) -> String? {
        switch algorithm {
        case "MD5": hexadecimal(MD5.digest(bytes))
        case "SHA-1": hexadecimal(SHA1.digest(bytes))
        case "SHA-256": hexadecimal(SHA2.digest256(bytes))
        case "SHA-384": hexadecimal(SHA2.digest512(bytes, SHA2.start384).prefix(48))
        case "SHA-512": hexadecimal(SHA2.digest512(bytes, SHA2.start512))
        default: nil
        }
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The bytes filled up to whole blocks: a set bit, zeros, and the length in bits.
    static func padded(_ bytes: [UInt8], blockSize: Int, isBigEndian: Bool) -> [UInt8] {
        let lengthSize = blockSize / 8
        var padded = bytes + [0x80]
        while padded.count % blockSize != blockSize - lengthSize { padded.append(0) }
        let length = (0..<lengthSize).map { index in
            index < 8 ? UInt8(truncatingIfNeeded: (UInt64(bytes.count) << 3) >> UInt64(8 * index)) : 0
        }
        return padded + (isBigEndian ? length.reversed() : length)
    }

    /// Reads the words of a block, the most significant byte first.
    static func words<Word: FixedWidthInteger>(_ block: ArraySlice<UInt8>, as type: Word.Type) -> [Word] {
        let size = Word.bitWidth / 8
        return stride(from: block.startIndex, to: block.endIndex, by: size).map { start in
            block[start..<start + size].reduce(0) { $0 << 8 | Word($1) }
        }
    }

    static func bytes<Word: FixedWidthInteger>(_ words: [Word]) -> [UInt8] {
        words.flatMap { word in
            stride(from: Word.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> Word($0)) }
        }
    }

    static func blocks(_ bytes: [UInt8], size: Int) -> [ArraySlice<UInt8>] {
        stride(from: 0, to: bytes.count, by: size).map { bytes[$0..<$0 + size] }
    }
}

extension FixedWidthInteger {
    func rotatedLeft(_ count: Self) -> Self {
        self << count | self >> (Self(Self.bitWidth) - count)
    }

    func rotatedRight(_ count: Self) -> Self {
        self >> count | self << (Self(Self.bitWidth) - count)
    }
}

/// MD5 (RFC 1321).
private enum MD5 {
    private static let shifts: [[UInt32]] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]]
    /// The integer parts of 2^32 times the sines of 1 to 64.
    private static let sines: [UInt32] = (1...64).map { UInt32(Power.sine(Double($0)).magnitude * 0x1p32) }

    static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]
        for block in Digest.blocks(Digest.padded(bytes, blockSize: 64, isBigEndian: false), size: 64) {
            let words = Digest.words(block, as: UInt32.self).map(\.byteSwapped)
            var (a, b, c, d) = (state[0], state[1], state[2], state[3])
            for round in 0..<64 {
                let mixed: UInt32
                let index: Int
                switch round / 16 {
                case 0: (mixed, index) = (b & c | ~b & d, round)
                case 1: (mixed, index) = (d & b | ~d & c, (5 * round + 1) % 16)
                case 2: (mixed, index) = (b ^ c ^ d, (3 * round + 5) % 16)
                default: (mixed, index) = (c ^ (b | ~d), 7 * round % 16)
                }
                let sum = a &+ mixed &+ sines[round] &+ words[index]
                (a, d, c, b) = (d, c, b, b &+ sum.rotatedLeft(shifts[round / 16][round % 4]))
            }
            state = zip(state, [a, b, c, d]).map { $0 &+ $1 }
        }
        return Digest.bytes(state.map(\.byteSwapped))
    }
}

/// SHA-1 (FIPS 180-4).
private enum SHA1 {
    static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
        for block in Digest.blocks(Digest.padded(bytes, blockSize: 64, isBigEndian: true), size: 64) {
            var words = Digest.words(block, as: UInt32.self)
            for index in 16..<80 {
                let mixed = words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16]
                words.append(mixed.rotatedLeft(1))
            }
            var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
            for round in 0..<80 {
                let (mixed, constant): (UInt32, UInt32) =
                    switch round / 20 {
                    case 0: (b & c | ~b & d, 0x5A82_7999)
                    case 1: (b ^ c ^ d, 0x6ED9_EBA1)
                    case 2: (b & c | b & d | c & d, 0x8F1B_BCDC)
                    default: (b ^ c ^ d, 0xCA62_C1D6)
                    }
                let sum = a.rotatedLeft(5) &+ mixed &+ e &+ constant &+ words[round]
                (e, d, c, b, a) = (d, c, b.rotatedLeft(30), a, sum)
            }
            state = zip(state, [a, b, c, d, e]).map { $0 &+ $1 }
        }
        return Digest.bytes(state)
    }
}
