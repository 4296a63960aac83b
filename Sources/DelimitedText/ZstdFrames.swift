/// Walks over the frames of zstd data without decompressing them (RFC 8878, section 3.1).
public struct ZstdFrames: Sendable {
    private var source: any ByteSource
    private var piece: [UInt8] = []
    private var used = 0

    private static let magic: UInt32 = 0xFD2F_B528
    /// Frames with any of 16 magic numbers are passed over.
    private static let skippableMagic: UInt32 = 0x184D_2A50

    /// Walks over what a source gives.
    public init(_ source: some ByteSource) {
        self.source = source
    }

    /// Looks whether every frame is there to its end.
    ///
    /// - Throws: ``DelimitedTextError`` where the data breaks off or something else than a frame follows; what the
    ///   source throws.
    public mutating func check() throws {
        while try hasMore() {
            let magic = try number(size: 4)
            if magic & ~0xF == UInt64(Self.skippableMagic) {
                try skip(Int(number(size: 4)))
            } else if magic == UInt64(Self.magic) {
                try skipFrame()
            } else {
                throw DelimitedTextError("the zstd data is damaged: a part of it is no frame")
            }
        }
    }

    private mutating func skipFrame() throws {
        let descriptor = try number(size: 1)
        let isSingleSegment = descriptor & 0x20 != 0
        let dictionarySize = [0, 1, 2, 4][Int(descriptor & 3)]
        let contentSizeSize = [isSingleSegment ? 1 : 0, 2, 4, 8][Int(descriptor >> 6)]
        try skip((isSingleSegment ? 0 : 1) + dictionarySize + contentSizeSize)
        var isLast = false
        while !isLast {
            let header = try number(size: 3)
            isLast = header & 1 != 0
            let size = Int(header >> 3)
            switch header >> 1 & 3 {
            case 0, 2: try skip(size)
            case 1: try skip(1)
            default: throw DelimitedTextError("the zstd data is damaged: a block is of no known kind")
            }
        }
        if descriptor & 4 != 0 { try skip(4) }
    }

    private mutating func hasMore() throws -> Bool {
        while used == piece.count {
            guard let next = try source.next() else { return false }
            (piece, used) = (next, 0)
        }
        return true
    }

    /// The next bytes as a number, the least significant first.
    private mutating func number(size: Int) throws -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<size {
            guard try hasMore() else { throw Self.brokenOff }
            value |= UInt64(piece[used]) << (8 * index)
            used += 1
        }
        return value
    }

    private mutating func skip(_ count: Int) throws {
        var rest = count
        while rest > 0 {
            guard try hasMore() else { throw Self.brokenOff }
            let step = min(rest, piece.count - used)
            used += step
            rest -= step
        }
    }

    private static let brokenOff = DelimitedTextError("the zstd data breaks off before its end")
}
