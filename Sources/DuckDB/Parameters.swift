/// The values for a statement's parameters.
enum Parameters: Sendable {
    case positional([Value])
    case named([String: Value])

    static let none = Parameters.positional([])

    var isEmpty: Bool {
        switch self {
        case .positional(let values): values.isEmpty
        case .named(let values): values.isEmpty
        }
    }
}
