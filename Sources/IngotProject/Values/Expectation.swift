/// A named check of a gate, in Great Expectations' vocabulary.
public struct Expectation: Hashable, Sendable {
    /// What is checked.
    public enum Check: Hashable, Sendable {
        /// `expect_table_row_count_to_be_between`: the number of accepted rows.
        case tableRowCountToBeBetween(Bounds)
        /// `expect_column_values_to_not_be_null`.
        case columnValuesToNotBeNull(column: Located<String>)
        /// `expect_column_values_to_be_unique`: NULLs are not compared.
        case columnValuesToBeUnique(column: Located<String>)
        /// `expect_column_values_to_be_between`: NULLs are not compared.
        case columnValuesToBeBetween(column: Located<String>, Bounds)
    }

    /// Bounds, at least one of them.
    public struct Bounds: Hashable, Sendable {
        /// The least value.
        public var min: Literal?
        /// The greatest value.
        public var max: Literal?
        /// Whether `min` itself is outside.
        public var strictMin: Bool
        /// Whether `max` itself is outside.
        public var strictMax: Bool
    }

    /// What a check looks at.
    public enum Scope: String, Hashable, Sendable, CaseIterable {
        /// The accepted rows of one object.
        case object
        /// All rows of the table as the commit would leave it.
        case table
    }

    /// The name as the user wrote it: `expect_...`.
    public var name: Located<String>
    /// What is checked.
    public var check: Check
    /// The share of the compared values that must pass, above 0 and up to 1; 1 is all.
    public var mostly: Double
    /// What the check looks at.
    public var scope: Scope
}
