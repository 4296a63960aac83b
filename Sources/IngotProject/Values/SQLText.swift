public import IngotCore

/// SQL that a user wrote, an expression in YAML or a model's query, with the way back to the file.
///
/// Equality looks at the text only.
public struct SQLText: Sendable, CustomStringConvertible {
    /// The SQL as the engine gets it.
    public let text: String
    private let map: TextMap

    init(_ text: String, map: TextMap) {
        self.text = text
        self.map = map
    }

    /// Where the SQL begins.
    public var location: SourceLocation {
        location(line: 1, column: 1)
    }

    /// The SQL itself.
    public var description: String {
        text
    }

    /// Where a place inside ``text`` lies in the user's file.
    ///
    /// - Parameters:
    ///   - line: The line inside the text, from 1.
    ///   - column: The column inside that line in characters (Unicode scalars), from 1.
    /// - Returns: The place in the file; positions outside the text lead to the nearest one inside.
    public func location(line: Int, column: Int) -> SourceLocation {
        map.location(line: line, column: column)
    }
}

extension SQLText: Hashable {
    /// Compares the texts.
    public static func == (lhs: SQLText, rhs: SQLText) -> Bool {
        lhs.text == rhs.text
    }

    /// Hashes the text.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(text)
    }
}
