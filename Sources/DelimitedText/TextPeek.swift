/// What the beginning of a text shows of it.
public struct TextPeek: Hashable, Sendable {
    /// The encoding that a byte order mark names; `nil` without one.
    public var markedEncoding: TextEncoding?
    /// Whether it looks like UTF-16 without a byte order mark: most of every second byte is NUL.
    public var looksLikeUTF16: TextEncoding?
    /// The names in the header, exactly: duplicates, empty ones and spaces show.
    ///
    /// `nil` without a header, or where the beginning does not hold all of it.
    public var header: [String]?
    /// What is wrong with the header.
    public var headerFault: RecordFault?
    /// Whether it is a JSON array: `[` after white space.
    public var isJSONArray: Bool
    /// Whether it begins with a JSON object that goes over several lines: `{`, and its first member on the next line.
    public var isSpreadObject: Bool
    /// Whether there is nothing in it.
    public var isEmpty: Bool
    /// A delimiter that splits the first record into more fields than the declared one, which does not split it.
    public var likelyDelimiter: String?

    /// Looks at the beginning of a text.
    ///
    /// - Parameters:
    ///   - prefix: The first bytes, decompressed; 64 KiB are plenty.
    ///   - isWhole: Whether that is all of the text.
    ///   - dialect: How the text is said to be written.
    ///   - expectedNames: Names of which some should be in the header; they settle which delimiter is likely.
    public init(_ prefix: [UInt8], isWhole: Bool, dialect: Dialect, expectedNames: [String] = []) {
        markedEncoding = Self.markedEncoding(of: prefix)
        looksLikeUTF16 = markedEncoding == nil ? Self.unmarkedUTF16(prefix) : nil
        isEmpty = prefix.isEmpty && isWhole
        var text: [UInt8] = []
        var transcoder = Transcoder(dialect.encoding)
        transcoder.decode(prefix, isLast: true, into: &text)
        let blank = [UInt8](" \t\r\n".utf8)
        isJSONArray = text.first { !blank.contains($0) } == UInt8(ascii: "[")
        let body = text.drop(while: blank.contains)
        let gap = body.dropFirst().prefix(while: blank.contains)
        isSpreadObject =
            body.first == UInt8(ascii: "{") && gap.contains { [UInt8]("\r\n".utf8).contains($0) }
            && body.dropFirst(1 + gap.count).first == UInt8(ascii: "\"")
        guard dialect.hasHeader else { return }
        (header, headerFault) = Self.header(prefix, isWhole: isWhole, dialect)
        guard let header, header.count == 1 else { return }
        likelyDelimiter = Self.likelyDelimiter(prefix, isWhole: isWhole, dialect, expectedNames)
    }

    private static func markedEncoding(of bytes: [UInt8]) -> TextEncoding? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return .utf8 }
        if bytes.starts(with: [0xFF, 0xFE]) { return .utf16LittleEndian }
        if bytes.starts(with: [0xFE, 0xFF]) { return .utf16BigEndian }
        return nil
    }

    private static func unmarkedUTF16(_ bytes: [UInt8]) -> TextEncoding? {
        let sample = bytes.prefix(4096)
        var zeros = [0, 0]
        for (index, byte) in sample.enumerated() where byte == 0 { zeros[index & 1] += 1 }
        let half = sample.count / 2
        guard half >= 4 else { return nil }
        if zeros[1] * 10 > half * 7, zeros[0] * 10 < half { return .utf16LittleEndian }
        if zeros[0] * 10 > half * 7, zeros[1] * 10 < half { return .utf16BigEndian }
        return nil
    }

    private static func header(
        _ prefix: [UInt8],
        isWhole: Bool,
        _ dialect: Dialect
    ) -> (names: [String]?, fault: RecordFault?) {
        var reader = DelimitedReader(BrokenOffSource(prefix, isWhole: isWhole), dialect: dialect)
        // A source in memory ends or breaks off; where it breaks off, the header is not all there.
        guard (try? reader.prepare()) != nil else { return (nil, nil) }
        return (reader.header, reader.headerFault)
    }

    private static func likelyDelimiter(
        _ prefix: [UInt8],
        isWhole: Bool,
        _ dialect: Dialect,
        _ expectedNames: [String]
    ) -> String? {
        let expected = Set(expectedNames)
        var best: (delimiter: String, known: Int, fields: Int)?
        for delimiter in [",", ";", "\t", "|", ":", "^", "~", "\u{1}", "\u{1F}"] {
            var other = dialect
            other.delimiter = Array(delimiter.utf8)
            guard other.delimiter != dialect.delimiter, other.quote != other.delimiter[0],
                other.escape != other.delimiter[0], other.comment != other.delimiter[0],
                let names = header(prefix, isWhole: isWhole, other).names, names.count > 1
            else { continue }
            let known = names.filter { expected.contains($0) }.count
            guard known > 0 || expected.isEmpty else { continue }
            if (known, names.count) > (best?.known ?? 0, best?.fields ?? 1) {
                best = (delimiter, known, names.count)
            }
        }
        return best?.delimiter
    }
}

/// Gives the beginning of a text, and then throws unless that was all of it.
private struct BrokenOffSource: ByteSource {
    struct BrokenOff: Error {}

    private var piece: [UInt8]?
    private let isWhole: Bool

    init(_ prefix: [UInt8], isWhole: Bool) {
        piece = prefix
        self.isWhole = isWhole
    }

    mutating func next() throws -> [UInt8]? {
        defer { piece = nil }
        if piece == nil, !isWhole { throw BrokenOff() }
        return piece
    }
}
