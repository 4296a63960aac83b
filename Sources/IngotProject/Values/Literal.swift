public import IngotCore

/// A single value that a user wrote, kept as its text so that no digit is lost.
public struct Literal: Sendable, CustomStringConvertible {
    /// What kind of value YAML takes it for.
    public enum Kind: Hashable, Sendable {
        /// Text; quoted in the file, or neither a number nor a truth value.
        case text
        /// A number.
        case number
        /// `true` or `false`, in any case of letters.
        case boolean
    }

    /// The kind.
    public var kind: Kind
    /// The text, without quotes.
    public var text: String
    /// Where it stands.
    public var location: SourceLocation

    /// The text.
    public var description: String {
        text
    }
}

extension Literal: Hashable {
    /// Compares kinds and texts, not places.
    public static func == (lhs: Literal, rhs: Literal) -> Bool {
        lhs.kind == rhs.kind && lhs.text == rhs.text
    }

    /// Hashes kind and text.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(text)
    }
}
