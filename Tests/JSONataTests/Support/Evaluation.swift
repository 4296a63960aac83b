import JSONTree
import JSONata

/// The value of an expression; `nil` for undefined.
func value(
    _ source: String,
    of input: JSON? = nil,
    _ bindings: [String: JSON] = [:],
    dialect: JSONataDialect = .standard
) throws(JSONataError) -> JSON? {
    let context = JSONataContext(now: 1_521_801_216_617, randomSeed: 1)
    return try JSONataExpression(source, dialect: dialect).evaluate(input, bindings: bindings, context: context)
}

/// The error of an expression that has none.
func failure(
    _ source: String,
    of input: JSON? = nil,
    dialect: JSONataDialect = .standard,
    limits: JSONataLimits = JSONataLimits()
) -> JSONataError? {
    do throws(JSONataError) {
        let expression = try JSONataExpression(source, dialect: dialect)
        _ = try expression.evaluate(input, context: JSONataContext(now: 0, randomSeed: 1, limits: limits))
        return nil
    } catch {
        return error
    }
}
