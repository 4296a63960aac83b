import IngotCore

/// A part of an uncompressed text, in bytes.
struct TextStretch: Sendable {
    var start: Int64
    /// Where the text goes on behind it; `nil` for the text's own end.
    var end: Int64?

    /// The place behind the first line break after an offset of a file, near enough to be found at once.
    ///
    /// - Returns: `nil` where there is none, or where the text behind it begins like a byte order mark, which is one only
    ///   at the beginning of a text.
    /// - Throws: `IngotError` where the file cannot be read.
    static func cut(at path: String, after offset: Int64) throws -> Int64? {
        var bytes = try StreamByteSource(path, TextStretch(start: offset, end: nil))
        guard let piece = try bytes.next(), let line = piece.firstIndex(of: UInt8(ascii: "\n")), line + 1 < piece.count,
            piece[line + 1] != 0xEF
        else { return nil }
        return offset + Int64(line) + 1
    }
}
