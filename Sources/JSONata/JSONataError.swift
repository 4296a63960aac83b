public import JSONTree

/// Why an expression could not be parsed or evaluated.
public struct JSONataError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The code of JSONata's catalogue: `S` for syntax, `T` for types, `D` for values, `U` for limits.
    public let code: String
    /// The place in the expression, as an offset in UTF-16 code units.
    public let position: Int?
    /// The operator, function or other part of the expression that is concerned.
    public let token: String?
    /// The value that is concerned, where it has a JSON form.
    public let value: JSON?
    /// What is wrong, in the words of JSONata's catalogue.
    public let message: String

    /// Makes an error.
    public init(code: String, position: Int? = nil, token: String? = nil, value: JSON? = nil, message: String) {
        self.code = code
        self.position = position
        self.token = token
        self.value = value
        self.message = message
    }

    /// The code and the message.
    public var description: String {
        "\(code): \(message)"
    }
}
