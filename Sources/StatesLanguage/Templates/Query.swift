import JSONTree
import JSONata

/// A JSONata expression between `{%` and `%}`.
struct Query: Sendable {
    let source: String
    private let expression: JSONataExpression
    /// The variables of the execution that it reads.
    let variables: [String]
    /// The names that it looks up in an input, although there is none.
    let inputReferences: [String]
    /// Whether it reads `$$`, the input that there is none of.
    let readsRoot: Bool
    /// Whether it reads `$states.errorOutput`, which only the rules of `Catch` have.
    let readsErrorOutput: Bool
    private let readsStates: Bool
    private let readsContext: Bool

    /// Parses the text between the delimiters.
    init(_ source: String) throws(JSONataError) {
        self.source = source
        expression = try JSONataExpression(source, dialect: .statesLanguage)
        let free = expression.freeVariables
        readsStates = free.contains("states")
        variables = free.subtracting(["states"]).sorted()
        inputReferences = expression.inputReferences.sorted()
        readsRoot = expression.readsRoot
        readsErrorOutput = expression.fields(of: "states").contains("errorOutput")
        // The context object is only made for expressions that can see it: those that name
        // it, or take `$states` whole.
        readsContext = source.contains("context") || Self.takesStatesWhole(source)
    }

    private static func takesStatesWhole(_ source: String) -> Bool {
        let bytes = Array(source.utf8)
        let name = Array("$states".utf8)
        guard bytes.count >= name.count else { return false }
        return (0...bytes.count - name.count).contains { start in
            let end = start + name.count
            return bytes[start..<end].elementsEqual(name) && (end == bytes.count || bytes[end] != UInt8(ascii: "."))
        }
    }

    /// The text between `{%` and `%}`, without blanks around it; nil for a text that is no expression.
    static func body(of text: String) -> String? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 4, bytes.starts(with: "{%".utf8), bytes.suffix(2).elementsEqual("%}".utf8) else {
            return nil
        }
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
        var body = bytes[2..<bytes.count - 2]
        while let first = body.first, blanks.contains(first) { body.removeFirst() }
        while let last = body.last, blanks.contains(last) { body.removeLast() }
        return String(decoding: body, as: UTF8.self)
    }

    /// The value of the expression.
    ///
    /// - Throws: `States.QueryEvaluationError` with the service's words, also where there is no value.
    func value(in scope: QueryScope, field: String) throws(StateError) -> JSON {
        let limits = scope.source.queryLimits
        let context = JSONataContext(
            now: scope.source.now,
            randomSeed: scope.source.random.next(),
            limits: limits
        )
        let value: JSON?
        do throws(JSONataError) {
            value = try expression.evaluate(nil, bindings: bindings(in: scope), context: context)
        } catch {
            if error.code == "U1002" { throw failure("returned an unsupported result type.", field) }
            if error.code == "U1003" { throw failure("threw an internal error during evaluation.", field) }
            // What uses up a limit has no code of JSONata's own.
            let reason = error.code == "U1001" ? ": \(error.message)" : ". \(error.code): \(error.message)"
            throw failure("threw an error during evaluation\(reason)", field)
        }
        guard let value else { throw failure("returned nothing (undefined).", field) }
        return value
    }

    /// The error for a value that has not the type the field needs.
    func unexpectedType(_ value: JSON, expected: String, field: String) -> StateError {
        failure(
            "returned an unexpected result type. Expected '\(expected)', but was '\(value.typeName)' for value: "
                + value.text(),
            field
        )
    }

    private func failure(_ words: String, _ field: String) -> StateError {
        .query("The JSONata expression '\(source)' specified for the field '\(field)' \(words)", field: field)
    }

    private func bindings(in scope: QueryScope) -> [String: JSON] {
        var bindings: [String: JSON] = [:]
        for name in variables {
            bindings[name] = scope.source.variable(name)
        }
        guard readsStates else { return bindings }
        var states = JSONObject()
        states["input"] = scope.input
        if readsContext { states["context"] = scope.source.contextObject }
        if let result = scope.result { states["result"] = result }
        if let errorOutput = scope.errorOutput { states["errorOutput"] = errorOutput }
        bindings["states"] = .object(states)
        return bindings
    }
}
