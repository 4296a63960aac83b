public import JSONTree

/// A JSONata expression, parsed once and evaluated any number of times.
public struct JSONataExpression: Sendable {
    /// The text of the expression.
    public let source: String

    /// Parses an expression.
    public init(_ source: String, dialect: JSONataDialect = .standard) throws(JSONataError) {
        throw JSONataError(code: "S0000", message: "not built yet")
    }

    /// The names, without `$`, of the variables that are read but not bound inside the expression.
    public var freeVariables: Set<String> {
        []
    }

    /// Evaluates the expression; `nil` stands for JSONata's undefined, as an input and as a result.
    ///
    /// - Throws: `JSONataError` with JSONata's code; `U1001` where a limit is reached, `U1002` where the result is a
    ///   function.
    public func evaluate(
        _ input: JSON?,
        bindings: [String: JSON] = [:],
        context: JSONataContext = JSONataContext()
    ) throws(JSONataError) -> JSON? {
        throw JSONataError(code: "S0000", message: "not built yet")
    }
}
