/// A condition on rows, to find the files that may hold some.
///
/// Columns are named in full, such as `address.street`. As in SQL, a comparison with null is not true.
public indirect enum Predicate: Sendable, Hashable {
    /// How two values compare.
    public enum Comparison: Sendable, Hashable {
        /// Smaller.
        case lessThan
        /// Smaller or equal.
        case lessThanOrEqual
        /// Equal.
        case equal
        /// Not equal.
        case notEqual
        /// Greater or equal.
        case greaterThanOrEqual
        /// Greater.
        case greaterThan
    }

    /// True for every row.
    case always
    /// True for no row.
    case never
    /// A column compares with a value.
    case compare(String, Comparison, Literal)
    /// A column is one of some values.
    case oneOf(String, [Literal])
    /// A column is null.
    case isNull(String)
    /// A column is not null.
    case isNotNull(String)
    /// All conditions are true.
    case and([Predicate])
    /// One condition at least is true.
    case or([Predicate])
    /// The condition is not true.
    ///
    /// Rows for which the condition is neither true nor false, because of nulls, are not found either.
    case not(Predicate)

    /// A column is at least one value and below another.
    public static func range(_ column: String, from lower: Literal, to upper: Literal) -> Predicate {
        .and([.compare(column, .greaterThanOrEqual, lower), .compare(column, .lessThan, upper)])
    }
}
