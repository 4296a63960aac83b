/// A condition over a row's final values; false rejects the row, NULL passes.
public struct Rule: Hashable, Sendable {
    /// The rule's name, which the quarantine's reasons carry.
    public var name: Located<String>
    /// The condition.
    public var expression: SQLText
    /// What it guards; becomes the reason's message.
    public var description: String?
}
