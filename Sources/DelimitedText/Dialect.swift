/// How a delimited text is written.
public struct Dialect: Hashable, Sendable {
    /// What separates fields: one or more bytes of UTF-8.
    public var delimiter: [UInt8]
    /// What encloses a field; `nil` where fields are never enclosed.
    public var quote: UInt8?
    /// What stands before a quote that belongs to an enclosed field: the quote itself (RFC 4180), or for example `\`,
    /// before which every character is taken as it is; `nil` where enclosed fields hold no quotes.
    public var escape: UInt8?
    /// What begins a comment that goes on to the end of the line, anywhere outside of quotes; `nil` for none.
    public var comment: UInt8?
    /// Whether the first record names the fields.
    public var hasHeader: Bool
    /// How many records come before the header and are passed over; empty lines count, comment lines do not.
    public var skippedRecords: Int
    /// The encoding.
    public var encoding: TextEncoding
    /// Whether each line is one record with one field, whatever it holds, and empty lines are passed over.
    let isLines: Bool

    /// Describes a dialect; the default is RFC 4180 with a header.
    ///
    /// - Throws: ``DelimitedTextError`` where the parts contradict each other: no delimiter, a line break, or one
    ///   character in two roles.
    public init(
        delimiter: String = ",",
        quote: Character? = "\"",
        escape: Character? = "\"",
        comment: Character? = nil,
        hasHeader: Bool = true,
        skippedRecords: Int = 0,
        encoding: TextEncoding = .utf8
    ) throws(DelimitedTextError) {
        self.delimiter = Array(delimiter.utf8)
        self.quote = try Self.byte(quote, "quote")
        self.escape = quote == nil ? nil : try Self.byte(escape, "escape")
        self.comment = try Self.byte(comment, "comment")
        self.hasHeader = hasHeader
        self.skippedRecords = max(0, skippedRecords)
        self.encoding = encoding
        isLines = false
        try check()
    }

    private init(lines encoding: TextEncoding) {
        delimiter = []
        quote = nil
        escape = nil
        comment = nil
        hasHeader = false
        skippedRecords = 0
        self.encoding = encoding
        isLines = true
    }

    /// Lines, as JSON lines are: each is one record with one field.
    public static func lines(encoding: TextEncoding = .utf8) -> Dialect {
        Dialect(lines: encoding)
    }

    private static func byte(_ character: Character?, _ role: String) throws(DelimitedTextError) -> UInt8? {
        guard let character else { return nil }
        guard let byte = character.asciiValue, character != "\r\n" else {
            throw DelimitedTextError("the \(role) \(character.debugDescription) is not one ASCII character")
        }
        return byte
    }

    private func check() throws(DelimitedTextError) {
        guard let first = delimiter.first else { throw DelimitedTextError("the delimiter is empty") }
        for byte in [UInt8(ascii: "\n"), UInt8(ascii: "\r")] {
            guard !delimiter.contains(byte), quote != byte, escape != byte, comment != byte else {
                throw DelimitedTextError("a line break can be no delimiter, quote, escape or comment")
            }
        }
        if let quote, delimiter.contains(quote) {
            throw DelimitedTextError("the quote is part of the delimiter")
        }
        if let comment, comment == first || comment == quote {
            throw DelimitedTextError("the comment character is the delimiter or quote too")
        }
        if let escape, delimiter.contains(escape) {
            throw DelimitedTextError("the escape is part of the delimiter")
        }
    }
}
