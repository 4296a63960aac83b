import CZlib

/// Compression without a header (RFC 1951), as Avro has it, and gzip for metadata files.
package enum Deflate {
    private enum Format: Int32 {
        case raw = -15
        case gzip = 31
    }

    private static let chunkSize = 64 << 10

    /// The compressed bytes.
    package static func compress(_ bytes: [UInt8]) throws -> [UInt8] {
        var stream = z_stream()
        guard
            deflateInit2_(
                &stream,
                6,
                Z_DEFLATED,
                Format.raw.rawValue,
                8,
                Z_DEFAULT_STRATEGY,
                ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)
            ) == Z_OK
        else { throw IcebergError(.io, "zlib cannot be started") }
        defer { deflateEnd(&stream) }
        let bound = Int(deflateBound(&stream, UInt(bytes.count)))
        var input = bytes
        var failed = false
        let output = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            input.withUnsafeMutableBufferPointer { source in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(bound)
                failed = deflate(&stream, Z_FINISH) != Z_STREAM_END
                count = bound - Int(stream.avail_out)
            }
        }
        guard !failed else { throw IcebergError(.io, "zlib did not compress a block of \(bytes.count) bytes") }
        return output
    }

    /// The bytes that were compressed; refused where they would be more than a limit.
    package static func decompress(_ bytes: ArraySlice<UInt8>, byteCountMax: Int) throws -> [UInt8] {
        try inflate(bytes, .raw, byteCountMax: byteCountMax)
    }

    /// The content of a gzip file; refused where it would be more than a limit.
    package static func gunzip(_ bytes: [UInt8], byteCountMax: Int) throws -> [UInt8] {
        try inflate(bytes[...], .gzip, byteCountMax: byteCountMax)
    }

    private static func inflate(
        _ bytes: ArraySlice<UInt8>,
        _ format: Format,
        byteCountMax: Int
    ) throws -> [UInt8] {
        var stream = z_stream()
        guard
            inflateInit2_(&stream, format.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { throw IcebergError(.io, "zlib cannot be started") }
        defer { inflateEnd(&stream) }
        var input = Array(bytes)
        var chunk = [UInt8](repeating: 0, count: chunkSize)
        var output: [UInt8] = []
        var status = Z_OK
        input.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            while status == Z_OK, output.count <= byteCountMax {
                chunk.withUnsafeMutableBufferPointer { buffer in
                    stream.next_out = buffer.baseAddress
                    stream.avail_out = UInt32(buffer.count)
                    status = CZlib.inflate(&stream, Z_NO_FLUSH)
                    output.append(contentsOf: buffer.prefix(buffer.count - Int(stream.avail_out)))
                }
            }
        }
        guard output.count <= byteCountMax else {
            throw IcebergError(.corruptFile, "a compressed block has more than \(byteCountMax) bytes")
        }
        guard status == Z_STREAM_END else { throw IcebergError(.corruptFile, "a compressed block is damaged") }
        return output
    }
}
