/// A dialect that cannot work.
///
/// What is wrong with a text is never an error but part of its records.
public struct DelimitedTextError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, as a clause.
    public var description: String

    /// Makes an error.
    public init(_ description: String) {
        self.description = description
    }
}
