public import JSONTree

/// Runs cases of a conformance suite: expressions with their inputs, as JSON objects.
///
/// A case has `id` and `expr`, its input as `data` or the name of a `dataset` (or neither), and may have `bindings`,
/// and as limits `depth` and, in milliseconds, `timelimit`.
public struct JSONataCases: Sendable {
    /// The inputs that cases refer to by name.
    private let datasets: JSONObject

    /// Makes a runner; `datasets` is an object of inputs by name.
    public init(datasets: JSON = [:]) {
        self.datasets = datasets.objectValue ?? [:]
    }

    /// The outcome of a case: its `id` with `result`, with `undefined: true`, or with `code` and `error`.
    public func outcome(of testCase: JSON) -> JSON {
        var outcome = JSONObject([("id", testCase["id"] ?? nil)])
        do throws(JSONataError) {
            let expression = try JSONataExpression(testCase["expr"]?.stringValue ?? "")
            let bindings = testCase["bindings"]?.objectValue.map { Array($0) } ?? []
            let result = try expression.evaluate(
                input(of: testCase),
                bindings: Dictionary(bindings.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }),
                context: JSONataContext(limits: limits(of: testCase))
            )
            if let result {
                outcome["result"] = result
            } else {
                outcome["undefined"] = true
            }
        } catch {
            outcome["code"] = .string(error.code)
            outcome["error"] = .string(error.message)
        }
        return .object(outcome)
    }

    private func input(of testCase: JSON) -> JSON? {
        if let data = testCase["data"] { return data }
        return testCase["dataset"]?.stringValue.flatMap { datasets[$0] }
    }

    private func limits(of testCase: JSON) -> JSONataLimits {
        var limits = JSONataLimits()
        if let depth = testCase["depth"]?.intValue { limits.depthMax = depth }
        if let time = testCase["timelimit"]?.intValue { limits.timeMax = .milliseconds(time) }
        return limits
    }
}
