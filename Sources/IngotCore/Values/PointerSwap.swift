/// Moves a table's pointer from one metadata file to the next, only if it still is where it was.
///
/// A table that appears is expected nowhere, and one that goes is replaced by nothing.
public struct PointerSwap: Sendable, Hashable {
    /// The table's namespace.
    public var namespace: String
    /// The table's name in its namespace.
    public var table: String
    /// The metadata file that the pointer must name now; `nil` when the table must not exist yet.
    public var expected: String?
    /// The metadata file that it will name; `nil` drops the table.
    public var replacement: String?

    /// Makes a swap.
    public init(namespace: String, table: String, expected: String?, replacement: String?) {
        self.namespace = namespace
        self.table = table
        self.expected = expected
        self.replacement = replacement
    }
}
