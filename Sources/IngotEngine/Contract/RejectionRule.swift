/// The names that reasons in quarantine carry, beside those of the user's own rules.
///
/// They are part of the project's interface: people filter on them.
package enum RejectionRule: String, Sendable, CaseIterable {
    // A row that could not be cut into fields.
    case raggedRow = "ragged_row"
    case invalidUTF8 = "invalid_utf8"
    case unterminatedQuote = "unterminated_quote"
    case textAfterQuote = "text_after_quote"
    case lineTooLong = "line_too_long"
    case malformedJSON = "malformed_json"
    case notAnObject = "not_an_object"

    // A value that breaks the contract.
    case dataType = "data_type"
    case notNull = "not_null"
    case matches
    case acceptedValues = "accepted_values"
    case minimum = "min"
    case maximum = "max"
    case relationships
    case route
    case uniqueKey = "unique_key"

    // An object that is quarantined whole.
    case unreadable
    case missingColumns = "missing_columns"
    case duplicateColumns = "duplicate_columns"
    case newColumns = "new_columns"
    case maxErrorRate = "max_error_rate"
    case expectation

    /// Whether an object's fields are not what the contract needs, so that nothing else can be said of its rows.
    var isAboutFields: Bool {
        switch self {
        case .missingColumns, .duplicateColumns, .newColumns: true
        default: false
        }
    }
}
