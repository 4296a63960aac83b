public import JSONTree

/// A JSONata expression, parsed once and evaluated any number of times.
public struct JSONataExpression: Sendable {
    /// The text of the expression.
    public let source: String
    /// The names, without `$`, of the variables that are read but neither bound inside the expression nor functions
    /// of the library.
    public let freeVariables: Set<String>
    /// Whether the expression reads its whole input as `$$`.
    public let readsRoot: Bool

    let root: Node
    private let builtins: Library
    private let dialect: JSONataDialect
    /// The names that follow on free variables, as `b` in `$a.b`.
    private let freeFields: [String: Set<String>]

    /// Parses an expression.
    ///
    /// - Throws: `JSONataError` with a code that begins with `S`, or `U1001` where it nests too deep.
    public init(_ source: String, dialect: JSONataDialect = .standard) throws(JSONataError) {
        let builtins = Library.of(dialect)
        (root, freeVariables, freeFields, readsRoot) = try Stack.run(levels: Parser.nestingMax) {
            isDeep throws(Failure) in
            try Compiler.compile(source, builtins: builtins, isDeep: isDeep)
        }
        self.source = source
        self.builtins = builtins
        self.dialect = dialect
    }

    /// The fields that the expression takes from a free variable by name, as `b` in `$a.b`.
    public func fields(of variable: String) -> Set<String> {
        freeFields[variable] ?? []
    }

    /// Evaluates the expression; `nil` stands for JSONata's undefined, as an input and as a result.
    ///
    /// - Throws: `JSONataError` with JSONata's code; `U1001` where a limit is reached, `U1002` where the result is a
    ///   function, `U1003` where a text is none that a function of a state machine decodes.
    public func evaluate(
        _ input: JSON?,
        bindings: [String: JSON] = [:],
        context: JSONataContext = JSONataContext()
    ) throws(JSONataError) -> JSON? {
        let levels = 2 * min(max(context.limits.depthMax, 0), Int.max / 4) + Parser.nestingMax
        return try Stack.run(levels: levels) { [root, builtins, dialect] isDeep throws(Failure) in
            let evaluator = Evaluator(
                builtins: builtins,
                input: input,
                bindings: bindings,
                context: context,
                isDeep: isDeep
            )
            return try evaluator.run(root).result(
                elementCountMax: context.limits.elementCountMax,
                namesInfinity: dialect == .statesLanguage
            )
        }
    }
}
