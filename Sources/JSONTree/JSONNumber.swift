/// A JSON number kept as the text that it was written with, so that no digit is lost.
///
/// Two numbers are equal when their texts are: `1.0` and `1.00` differ, as they do in a file.
public struct JSONNumber: Sendable, Hashable {
    /// The number as JSON text.
    public let text: String

    /// A number from a double; `nil` for infinities and NaN, which JSON cannot express.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        text = value.description
    }

    /// A number from text; `nil` where the text is not a JSON number.
    public init?(text: String) {
        guard JSONNumber.isValid(Array(text.utf8)[...]) else { return nil }
        self.text = text
    }

    init(validated text: String) {
        self.text = text
    }

    /// The nearest double; `nil` where the number is beyond what a double can hold.
    public var doubleValue: Double? {
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// Whether bytes are a number in JSON's grammar.
    static func isValid(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        if rest.first == .minus { rest.removeFirst() }
        guard let first = rest.first, first.isDigit else { return false }
        rest.removeFirst()
        if first != .zero { rest = rest.drop(while: \.isDigit) }
        if rest.first == .dot {
            rest.removeFirst()
            guard rest.first?.isDigit == true else { return false }
            rest = rest.drop(while: \.isDigit)
        }
        if rest.first == .lowerE || rest.first == .upperE {
            rest.removeFirst()
            if rest.first == .plus || rest.first == .minus { rest.removeFirst() }
            guard rest.first?.isDigit == true else { return false }
            rest = rest.drop(while: \.isDigit)
        }
        return rest.isEmpty
    }
}
