/// Gives a text in UTF-8, without a byte order mark, from its bytes in another encoding.
///
/// Bytes that are nothing in that encoding become bytes that are nothing in UTF-8.
public struct UTF8ByteSource: ByteSource {
    private var source: any ByteSource
    private var transcoder: Transcoder
    private var isAtEnd = false

    /// Gives the text of a source.
    ///
    /// - Parameters:
    ///   - source: Where the bytes are from.
    ///   - encoding: How they mean characters.
    public init(_ source: any ByteSource, from encoding: TextEncoding) {
        self.source = source
        transcoder = Transcoder(encoding)
    }

    /// The next bytes, or `nil` after the last.
    public mutating func next() throws -> [UInt8]? {
        guard !isAtEnd else { return nil }
        let piece = try source.next()
        isAtEnd = piece == nil
        var text: [UInt8] = []
        transcoder.decode(piece ?? [], isLast: isAtEnd, into: &text)
        return text
    }
}
