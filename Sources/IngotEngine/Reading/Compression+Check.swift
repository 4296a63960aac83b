import DelimitedText

extension Compression {
    /// What is wrong with compressed bytes as a whole: they break off, or do not agree with their checksum.
    ///
    /// The query engine takes what it can decompress of a file that breaks off for all of it, and looks at no checksum
    /// of gzip.
    ///
    /// - Throws: `IngotError` where the file cannot be read.
    func damage(of path: String) throws -> String? {
        do {
            switch self {
            case .none: break
            case .gzip:
                var source = try GzipByteSource(StreamByteSource(path))
                while try source.next() != nil { try Task.checkCancellation() }
            case .zstd:
                // The frames' checksums, which need decompression, are the query engine's.
                var frames = ZstdFrames(try StreamByteSource(path))
                try frames.check()
            }
            return nil
        } catch let error as DelimitedTextError {
            return error.description
        }
    }
}
