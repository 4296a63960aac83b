/// One part of an order.
public struct SortKey: Hashable, Sendable {
    /// A column of the table, `_source_file`, `_source_row`, or `_source_time` (when the object was last modified).
    public var column: Located<String>
    /// Whether the greatest comes first; NULL comes last either way.
    public var isDescending: Bool
}
