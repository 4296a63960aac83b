import DelimitedText

extension Compression {
    /// Goes over compressed bytes as a whole, which break off, or do not agree with their checksum, where they are damaged.
    ///
    /// The query engine takes what it can decompress of a file that breaks off for all of it, and looks at no checksum
    /// of gzip.
    ///
    /// - Returns: How many bytes they are when decompressed; `nil` where only the query engine decompresses them.
    /// - Throws: `DelimitedTextError` where they are damaged; `IngotError` where the file cannot be read.
    func check(_ path: String) throws -> Int64? {
        switch self {
        case .none: return nil
        case .gzip:
            var (source, size) = (try GzipByteSource(StreamByteSource(path)), Int64(0))
            while let piece = try source.next() {
                size += Int64(piece.count)
                try Task.checkCancellation()
            }
            return size
        case .zstd:
            // The frames' checksums, which need decompression, are the query engine's.
            var frames = ZstdFrames(try StreamByteSource(path))
            try frames.check()
            return nil
        }
    }
}
