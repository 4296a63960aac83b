import DelimitedText
import IngotProject

/// Finds delimited text that ends inside quotes.
///
/// The engine refuses such text, but not where it reads more files than twice its threads by one statement: then it leaves
/// out the last record, and everything that its quote swallowed, without a word.
struct QuoteScan {
    /// How many files one statement may read without that.
    static let safeCount = 2

    private let quote: UInt8
    private let delimiterEnd: UInt8
    private var isInside = false
    private var hasJustClosed = false
    private var isAtStart = true

    /// Whether an object ends inside quotes; `nil` where that cannot be told here.
    static func endsInside(_ object: BatchObject, _ signature: ReadSignature, _ source: Source) throws -> Bool? {
        let options = source.csv
        guard let quote = options?.quote?.asciiValue, options?.escape == options?.quote,
            let delimiterEnd = (options?.delimiter ?? ",").utf8.last, [.utf8, .latin1].contains(source.encoding)
        else { return nil }
        var scan = QuoteScan(quote: quote, delimiterEnd: delimiterEnd)
        let stream = try StreamByteSource(object.path)
        switch signature.compression {
        case .none: return try scan.endsInside(stream)
        case .gzip: return try scan.endsInside(GzipByteSource(stream))
        default: return nil
        }
    }

    private init(quote: UInt8, delimiterEnd: UInt8) {
        self.quote = quote
        self.delimiterEnd = delimiterEnd
    }

    private mutating func endsInside(_ source: some ByteSource) throws -> Bool {
        var source = source
        while let bytes = try source.next() {
            for byte in bytes { take(byte) }
        }
        return isInside
    }

    private mutating func take(_ byte: UInt8) {
        if isInside {
            isInside = byte != quote
            hasJustClosed = !isInside
        } else if byte == quote, isAtStart || hasJustClosed {
            // At a field's beginning it opens; right after a closing one it was an escaped quote.
            (isInside, isAtStart, hasJustClosed) = (true, false, false)
        } else {
            isAtStart = byte == delimiterEnd || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
            hasJustClosed = false
        }
    }
}
