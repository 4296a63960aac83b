/// What is known of a statement before it runs.
public struct StatementDescription: Sendable, Hashable {
    /// A parameter of a statement.
    public struct Parameter: Sendable, Hashable {
        /// Its name; of `?` and `$1` the number.
        public let name: String
        /// Its type, if the statement settles it.
        public let type: LogicalType?
    }

    /// What it does.
    public let type: StatementType
    /// The parameters, in the order in which positional values are bound.
    public let parameters: [Parameter]
    /// The columns of its result.
    public let columns: [Column]
}
