/// How delimited text is cut into fields.
public struct CSVOptions: Hashable, Sendable {
    /// Whether the first record names the fields.
    public var header: Bool
    /// What separates fields: one to four characters.
    public var delimiter: String
    /// What surrounds a field that holds a delimiter or a line end; `nil` for none.
    public var quote: Character?
    /// What stands before a quote inside a quoted field; `nil` for none.
    public var escape: Character?
    /// What begins a line that is a comment; `nil` for none.
    public var comment: Character?
    /// How many lines stand before the header.
    public var skipRows: Int
    /// The fields' names where there is no header, in order; empty to take the columns' order.
    public var names: [Located<String>]
}
