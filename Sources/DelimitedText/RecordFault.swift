/// Why a record has no fields.
public struct RecordFault: Hashable, Sendable, CustomStringConvertible {
    /// The rules that a record can break; their names are stable.
    public enum Rule: String, CaseIterable, Hashable, Sendable {
        /// It has more or fewer fields than the others.
        case raggedRow = "ragged_row"
        /// Its bytes are not UTF-8.
        case invalidUTF8 = "invalid_utf8"
        /// Its bytes are nothing in the encoding that was declared.
        case invalidEncoding = "invalid_encoding"
        /// A quote opens and none closes it.
        case unterminatedQuote = "unterminated_quote"
        /// Something other than a delimiter or the end of the line follows a closing quote.
        case textAfterQuote = "text_after_quote"
        /// It is longer than the limit.
        case lineTooLong = "line_too_long"
    }

    /// The rule.
    public var rule: Rule
    /// What is wrong, as a clause.
    public var message: String

    /// Makes a fault.
    public init(_ rule: Rule, _ message: String) {
        self.rule = rule
        self.message = message
    }

    /// The rule's name, a colon and the message.
    public var description: String { "\(rule.rawValue): \(message)" }
}
