import JSONTree
import JSONata

/// What gives expressions the values that belong to an execution and not to one field.
protocol QuerySource: AnyObject {
    /// The context object.
    var contextObject: JSON { get }
    /// The value of a variable; nil where none of the scopes has it.
    func variable(_ name: String) -> JSON?
    /// The randomness of the execution.
    var random: RandomSource { get set }
    /// The time of the step in milliseconds since 1970.
    var now: Int64 { get }
    /// What one evaluation may use up.
    var queryLimits: JSONataLimits { get }
}

/// What the expressions of one field can see.
struct QueryScope {
    let source: any QuerySource
    /// `$` in a path, `$states.input` in an expression.
    var input: JSON
    /// `$states.result`.
    var result: JSON?
    /// `$states.errorOutput`.
    var errorOutput: JSON?

    /// The document that a path looks into; `null` where a variable is unknown.
    func document(of path: Path) -> JSON {
        switch path.root {
        case .input: input
        case .context: source.contextObject
        case .variable(let name): source.variable(name) ?? .null
        }
    }

    /// The value of a path.
    func value(of path: Path) throws(PathFailure) -> JSON {
        switch path.root {
        case .input: return try path.value(in: input)
        case .context: return try path.value(in: source.contextObject)
        case .variable(let name):
            guard let value = source.variable(name) else {
                throw .notFound(detail: "The variable '$\(name)' is not defined")
            }
            return try path.value(in: value)
        }
    }
}
