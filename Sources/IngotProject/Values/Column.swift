/// One column of a silver table.
public struct Column: Hashable, Sendable {
    /// Where a column's value comes from.
    public enum Origin: Hashable, Sendable {
        /// A field of the source record, by its exact name.
        case field(Located<String>)
        /// A place inside a JSON record: `$.a.b`, as DuckDB's `json_extract` takes it.
        case path(Located<String>)
        /// Derived from other columns of the row, by SQL over their final values.
        case expression(SQLText)
    }

    /// A test that the value stands in a column of a seed, which also joins the seed's row to the record.
    public struct Relationship: Hashable, Sendable {
        /// The seed's table.
        public var to: Located<TableName>
        /// The seed's column; its values are unique.
        public var field: Located<String>
        /// The name under which expressions and rules see the seed's row: `rates.rate`.
        public var alias: Located<String>
    }

    /// The column's name.
    public var name: Located<String>
    /// Where its value comes from.
    public var origin: Origin
    /// Its type.
    public var dataType: Located<DataType>
    /// How its text is read (`strptime`), the first that fits; empty for the type's own form.
    public var formats: [Located<String>]
    /// SQL over the field's text before it is cast; the column's name stands for the text.
    public var transform: SQLText?
    /// The value that stands in for NULL after the cast.
    public var defaultValue: Literal?
    /// Whether NULL rejects the row.
    public var notNull: Bool
    /// A regular expression (RE2) that the text form of the value must contain.
    public var matches: Located<String>?
    /// The values that are accepted; empty for all.
    public var acceptedValues: [Literal]
    /// The least value that is accepted.
    public var min: Literal?
    /// The greatest value that is accepted.
    public var max: Literal?
    /// The seed that must know the value.
    public var relationship: Relationship?
    /// Whether a cast may lose something (`2.5` to an integer) without rejecting the row.
    public var coerce: Bool
    /// What the column means; becomes the table column's comment.
    public var description: String?
}
