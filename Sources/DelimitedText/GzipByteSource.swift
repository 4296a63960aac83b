/// Decompresses gzip, piece by piece; several files in a row, as `cat` makes them, are one text.
public struct GzipByteSource: ByteSource {
    private var source: any ByteSource
    private let inflater: GzipInflater
    private var isAtEnd = false

    /// Decompresses what a source gives.
    ///
    /// - Throws: ``DelimitedTextError`` where there is no memory for it.
    public init(_ source: some ByteSource) throws {
        self.source = source
        inflater = try GzipInflater()
    }

    /// The next bytes, or `nil` after the last.
    ///
    /// - Throws: ``DelimitedTextError`` where the compressed bytes are damaged or break off; what the source throws.
    public mutating func next() throws -> [UInt8]? {
        while true {
            if let piece = try inflater.next() { return piece }
            if isAtEnd { return nil }
            if let input = try source.next() {
                inflater.take(input)
            } else {
                isAtEnd = true
                try inflater.checkEnd()
            }
        }
    }
}
