/// One change of where a table's current metadata is: created, moved on, or dropped.
public struct PointerChange: Sendable, Hashable {
    /// The table.
    public var table: TableIdentifier
    /// The metadata file that has to be the current one; `nil` where the table must not exist.
    public var expected: String?
    /// The metadata file that becomes the current one; `nil` drops the table.
    public var new: String?

    /// A change.
    public init(_ table: TableIdentifier, expected: String?, new: String?) {
        self.table = table
        self.expected = expected
        self.new = new
    }
}
