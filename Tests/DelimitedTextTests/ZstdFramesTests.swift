import DelimitedText
import Foundation
import Testing

@Suite struct ZstdFramesTests {
    /// By zstd: `printf 'id,name\n1,Ann\n' | zstd -c`, and `head -c 300000 /dev/zero | zstd -c`, which has three blocks.
    private static let written = [
        "KLUv/QRYcQAAaWQsbmFtZQoxLEFubgoF9QpO",
        "KLUv/QRYVAAAEAAAAQD7/znAAgIAEAADnwQALSjeJg==",
    ]
    /// A frame that is to be passed over, with three bytes in it.
    private static let skippable: [UInt8] = [0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]

    private static func frames() throws -> [[UInt8]] {
        try written.map { Array(try #require(Data(base64Encoded: $0))) } + [skippable]
    }

    private static func error(_ bytes: [UInt8], piece: Int = 7) -> DelimitedTextError? {
        var frames = ZstdFrames(ArrayByteSource(bytes, pieceSize: piece))
        return #expect(throws: DelimitedTextError.self) { try frames.check() }
    }

    @Test func `Frames that are whole pass, alone and one after the other`() throws {
        let frames = try Self.frames()
        for bytes in frames + [frames.flatMap { $0 }, []] {
            for piece in [1, 3, 1_000] {
                var walk = ZstdFrames(ArrayByteSource(bytes, pieceSize: piece))
                try walk.check()
            }
        }
    }

    @Test func `Data that break off anywhere are noticed`() throws {
        for frame in try Self.frames() {
            for size in 1..<frame.count {
                let error = Self.error(Array(frame.prefix(size)))
                #expect(error?.description == "the zstd data breaks off before its end")
            }
        }
    }

    @Test func `Something else than a frame is noticed`() throws {
        let frame = try Self.frames()[0]
        #expect(Self.error(frame + Array("more".utf8))?.description.contains("a part of it is no frame") == true)
        #expect(Self.error(Array("id,name\n1,Ann\n".utf8))?.description.contains("a part of it is no frame") == true)
        var block = try Self.frames()[1]
        // The kind of the first block: magic number, descriptor and window come before it.
        block[6] |= 0b110
        #expect(Self.error(block)?.description.contains("a block is of no known kind") == true)
    }
}
