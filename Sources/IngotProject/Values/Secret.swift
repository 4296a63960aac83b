/// A text that must never be shown: prints as `<REDACTED>` wherever it is printed.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    /// Wraps a text.
    public init(_ value: String) {
        self.value = value
    }

    /// The text itself.
    ///
    /// The only way to it; to be handed to the part that needs it and to nothing else.
    public func reveal() -> String {
        value
    }

    /// `<REDACTED>`.
    public var description: String {
        "<REDACTED>"
    }

    /// `<REDACTED>`.
    public var debugDescription: String {
        "<REDACTED>"
    }

    /// Shows no children, so `dump` prints no text either.
    public var customMirror: Mirror {
        Mirror(self, children: [])
    }
}
