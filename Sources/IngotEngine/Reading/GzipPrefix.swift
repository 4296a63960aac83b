import DelimitedText

/// The text at the beginning of a gzip file, as far as the file's first bytes tell it.
struct GzipPrefix {
    /// The text.
    private(set) var bytes: [UInt8] = []
    /// Whether the given bytes hold no more text.
    private(set) var isWhole = false

    /// Decompresses a file's first bytes, until there is more text than wanted.
    init(_ compressed: [UInt8], sizeMax: Int) throws {
        var source = try GzipByteSource(SinglePiece(piece: compressed))
        do {
            while bytes.count < sizeMax {
                guard let piece = try source.next() else {
                    isWhole = true
                    return
                }
                bytes += piece
            }
        } catch is DelimitedTextError {
            // The first bytes of a file that is whole break off somewhere.
            return
        }
    }
}

/// Gives bytes that are at hand.
private struct SinglePiece: ByteSource {
    var piece: [UInt8]?

    mutating func next() throws -> [UInt8]? {
        defer { piece = nil }
        return piece
    }
}
