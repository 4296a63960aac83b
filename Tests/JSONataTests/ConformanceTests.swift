import JSONTree
import JSONata
import Testing

@Suite("The JSONata project's own suite", .conformanceSuite)
struct ConformanceTests {
    /// The cases whose outcome differs, each with the reason; a case that passes has to leave this list.
    static let knownDifferences: [String: String] = [:]

    @Test("Every case comes out as the reference implementation has it, but those known to differ")
    func everyCase() throws {
        let runner = JSONataCases(datasets: try ConformanceSuite.datasets())
        var differing: Set<String> = []
        for testCase in try ConformanceSuite.cases() {
            let outcome = runner.outcome(of: testCase)
            guard !isExpected(outcome, by: testCase) else { continue }
            let id = testCase["id"]?.stringValue ?? "?"
            differing.insert(id)
            if Self.knownDifferences[id] == nil {
                Issue.record("\(id): \(testCase["expr"]?.text() ?? "") gave \(outcome.text())")
            }
        }
        #expect(differing == Set(Self.knownDifferences.keys))
    }

    private func isExpected(_ outcome: JSON, by testCase: JSON) -> Bool {
        guard let expected = testCase["expect"] else { return false }
        if let result = expected["result"] {
            guard let actual = outcome["result"] else { return false }
            guard testCase["unordered"] == true else { return actual.isSame(as: result) }
            return texts(actual) == texts(result)
        }
        if expected["undefined"] != nil { return outcome["undefined"] == true }
        if let code = expected["code"] { return outcome["code"] == code }
        guard let error = expected["error"], outcome["code"] == error["code"] else { return false }
        return error["message"].map { outcome["error"] == $0 } ?? true
    }

    private func texts(_ array: JSON) -> [String]? {
        array.arrayValue?.map { $0.text() }.sorted()
    }
}
