/// Why bytes are not JSON, and where.
public struct JSONSyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, as a phrase.
    public let message: String
    /// The line of the offending byte, from 1.
    public let line: Int
    /// The column of the offending character, from 1, counted in Unicode scalars.
    public let column: Int
    /// The offset of the offending byte, from 0.
    public let offset: Int

    /// Makes an error.
    public init(message: String, line: Int, column: Int, offset: Int) {
        self.message = message
        self.line = line
        self.column = column
        self.offset = offset
    }

    /// The message with its place.
    public var description: String {
        "line \(line), column \(column): \(message)"
    }
}
