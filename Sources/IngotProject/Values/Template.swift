public import IngotCore

/// A text with `${VAR}`, `${VAR:-default}` and `${secret:name}` in it, resolved as late as it is needed.
///
/// It prints as it was written, so an unresolved value can be shown anywhere.
public struct Template: Sendable, CustomStringConvertible {
    /// A piece of the text.
    public enum Part: Hashable, Sendable {
        /// Text that stands for itself.
        case literal(String)
        /// An environment variable; the default stands in where it is unset or empty.
        case variable(name: String, default: String?)
        /// A secret.
        case secret(name: String)
    }

    /// The pieces, in order.
    public let parts: [Part]
    /// Where the text stands.
    public let location: SourceLocation

    /// Whether a secret is part of it.
    public var holdsSecret: Bool {
        parts.contains { if case .secret = $0 { true } else { false } }
    }

    /// The text as it was written.
    public var description: String {
        parts.map(\.source).joined()
    }
}

extension Template.Part {
    /// The piece as it is written.
    var source: String {
        switch self {
        case .literal(let text): text.split(separator: "${", omittingEmptySubsequences: false).joined(separator: "$${")
        case .variable(let name, nil): "${\(name)}"
        case .variable(let name, let fallback?): "${\(name):-\(fallback)}"
        case .secret(let name): "${secret:\(name)}"
        }
    }
}

extension Template: Hashable {
    /// Compares what is written, not where.
    public static func == (lhs: Template, rhs: Template) -> Bool {
        lhs.parts == rhs.parts
    }

    /// Hashes what is written.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(parts)
    }
}
