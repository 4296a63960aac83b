import CZlib

/// Decompresses gzip whose bytes are handed in; several files in a row, as `cat` makes them, are one text.
///
/// Unchecked, since only the one reader that owns it uses it. The stream has an address of its own, as zlib keeps it.
public final class GzipInflater: @unchecked Sendable {
    private static let pieceSize = 256 * 1024
    /// 15 bits of window, and 16 for the header of gzip.
    private static let gzipWindow: CInt = 15 + 16

    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private var input: [UInt8] = []
    private var used = 0
    private var isInside = false
    private var mayHaveMore = false

    /// Makes an inflater that waits for input.
    ///
    /// - Throws: ``DelimitedTextError`` where there is no memory for it.
    public init() throws {
        stream.initialize(to: z_stream())
        let size = CInt(MemoryLayout<z_stream>.size)
        guard inflateInit2_(stream, Self.gzipWindow, ZLIB_VERSION, size) == Z_OK else {
            stream.deallocate()
            throw DelimitedTextError("there is no memory to decompress gzip")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// Takes the next compressed bytes, when all before are used.
    public func take(_ bytes: [UInt8]) {
        input = bytes
        used = 0
    }

    /// The next decompressed bytes; `nil` where more input is needed.
    ///
    /// - Throws: ``DelimitedTextError`` where the compressed bytes are damaged.
    public func next() throws -> [UInt8]? {
        while true {
            if !isInside {
                guard try beginsFile() else { return nil }
                isInside = true
            }
            guard used < input.count || mayHaveMore else { return nil }
            let (output, status) = inflateSome()
            switch status {
            case Z_STREAM_END:
                isInside = false
                mayHaveMore = false
                inflateReset(stream)
            case Z_OK, Z_BUF_ERROR:
                // Output that fills its buffer may have more behind it, even where all input is used.
                mayHaveMore = output.count == Self.pieceSize
            default:
                throw DelimitedTextError("the gzip data is damaged")
            }
            if !output.isEmpty { return output }
            if used == input.count, !mayHaveMore { return nil }
        }
    }

    /// Checks that no more input is needed.
    ///
    /// - Throws: ``DelimitedTextError`` where the compressed bytes break off.
    public func checkEnd() throws {
        if isInside { throw DelimitedTextError("the gzip data breaks off before its end") }
    }

    /// Whether another compressed file begins; zeros between files, as tapes have them, are passed over.
    private func beginsFile() throws -> Bool {
        while used < input.count, input[used] == 0 { used += 1 }
        return used < input.count
    }

    private func inflateSome() -> (output: [UInt8], status: CInt) {
        var status = Z_OK
        let output = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { buffer, count in
            input.withUnsafeMutableBufferPointer { bytes in
                let rest = UnsafeMutableBufferPointer(rebasing: bytes[used...])
                stream.pointee.next_in = rest.baseAddress
                stream.pointee.avail_in = CUnsignedInt(rest.count)
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = CUnsignedInt(buffer.count)
                status = inflate(stream, Z_NO_FLUSH)
                used = bytes.count - Int(stream.pointee.avail_in)
                count = buffer.count - Int(stream.pointee.avail_out)
            }
        }
        return (output, status)
    }
}
