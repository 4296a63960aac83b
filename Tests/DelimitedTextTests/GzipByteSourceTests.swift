import CZlib
import DelimitedText
import Testing

@Suite struct GzipByteSourceTests {
    /// `printf 'id,name\n1,Ann\n' | gzip -n`, by gzip 1.12.
    private let written: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xCB, 0x4C, 0xD1, 0xC9, 0x4B, 0xCC, 0x4D, 0xE5,
        0x32, 0xD4, 0x71, 0xCC, 0xCB, 0xE3, 0x02, 0x00, 0x45, 0x0A, 0xCC, 0x3C, 0x0E, 0x00, 0x00, 0x00,
    ]

    private func compress(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        let size = CInt(MemoryLayout<z_stream>.size)
        deflateInit2_(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
        defer { deflateEnd(&stream) }
        var input = bytes
        return [UInt8](unsafeUninitializedCapacity: bytes.count + 1_000) { buffer, count in
            input.withUnsafeMutableBufferPointer { source in
                stream.next_in = source.baseAddress
                stream.avail_in = CUnsignedInt(source.count)
                stream.next_out = buffer.baseAddress
                stream.avail_out = CUnsignedInt(buffer.count)
                deflate(&stream, Z_FINISH)
                count = buffer.count - Int(stream.avail_out)
            }
        }
    }

    private func decompress(_ bytes: [UInt8], piece: Int = 1_000) throws -> [UInt8] {
        var source = try GzipByteSource(ArrayByteSource(bytes, pieceSize: piece))
        var all: [UInt8] = []
        while let piece = try source.next() { all += piece }
        return all
    }

    @Test func `What gzip wrote is read`() throws {
        #expect(try decompress(written) == Array("id,name\n1,Ann\n".utf8))
        var reader = DelimitedReader(try GzipByteSource(ArrayByteSource(written)), dialect: try Dialect())
        #expect(try reader.collect().map(\.fields) == [["1", "Ann"]])
    }

    @Test func `Files in a row are one text, whatever the pieces`() throws {
        let first = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 >> 8) }
        let second = Array("the end".utf8)
        let bytes = compress(first) + compress([]) + [0, 0] + compress(second) + [0, 0, 0]
        for piece in [1, 7, 1_000, 1_000_000] {
            #expect(try decompress(bytes, piece: piece) == first + second)
        }
        #expect(try decompress([]) == [])
    }

    @Test func `Much of one byte is decompressed in bounded pieces`() throws {
        let size = 5_000_000
        var source = try GzipByteSource(ArrayByteSource(compress([UInt8](repeating: 7, count: size))))
        var total = 0
        while let piece = try source.next() {
            #expect(piece.count <= 1 << 20)
            total += piece.count
        }
        #expect(total == size)
    }

    @Test func `Data that breaks off or is damaged is an error, wherever`() throws {
        let whole = compress(Array("id,name\n1,Ann\n2,Bob\n".utf8))
        for end in 1..<whole.count {
            #expect(throws: DelimitedTextError.self, "cut at \(end)") { try decompress(Array(whole[..<end])) }
        }
        var damaged = whole
        damaged[whole.count - 6] ^= 1
        #expect(throws: DelimitedTextError.self) { try decompress(damaged) }
        #expect(throws: DelimitedTextError.self) { try decompress(whole + [1, 2, 3]) }
        #expect(throws: DelimitedTextError.self) { try decompress(Array("no gzip at all".utf8)) }
    }
}
