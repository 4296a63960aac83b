import DelimitedText
import IngotProject

/// Finds delimited text with a quote that is never closed.
///
/// The engine refuses such text, but not where it reads more files than twice its threads by one statement: then it leaves
/// out the last record, and everything that its quote swallowed, without a word.
enum QuoteScan {
    /// How many files one statement may read without that.
    static let safeCount = 2

    /// Whether a quote of an object is never closed; `nil` where the object's text cannot be had here.
    static func findsOpenQuote(
        in object: BatchObject,
        _ signature: ReadSignature,
        _ source: Source
    ) throws -> Bool? {
        guard var reader = try DelimitedReader(object, signature, source) else { return nil }
        while try reader.next() {
            if reader.fault?.rule == .unterminatedQuote { return true }
        }
        return false
    }
}
