import JSONTree
import StatesLanguage
import Testing

@Suite("Recorded executions", .conformance, .timeLimit(.minutes(30)))
struct ExecutionCasesTests {
    /// Cases that come out differently, each with its reason.
    private static let knownDifferences: [String: String] = [:]

    @Test("Every recorded execution ends as it did on the service")
    func outcomes() throws {
        var found: [String: String] = [:]
        for json in try Conformance.cases("asl_executions.jsonl") {
            let id = try #require(json["id"]?.stringValue)
            let expected = Self.comparable(try #require(json["expect"]), json)
            let answer = Self.comparable(SimulationCase(json).answer().removingMember("id"), json)
            if !expected.hasSameValue(as: answer) { found[id] = "expected \(expected), got \(answer)" }
        }
        Conformance.expect(found, matches: Self.knownDifferences)
    }

    /// The answer without what is not to be compared; a cause that is JSON is compared as such.
    private static func comparable(_ answer: JSON, _ json: JSON) -> JSON {
        var answer = answer
        if json["expect"]?["cause_json"] != nil { answer = answer.mapping("cause", \.parsedText) }
        for path in json["ignore"]?.arrayValue ?? [] { answer = answer.removing(path.stringValue ?? "") }
        return answer.removingMember("cause_json")
    }

    /// Calls that differ, each with its reason.
    private static let knownCalls: [String: String] = [
        "ls/scenarios.base_scenarios/lambda_service_invoke_with_retry_extended_input":
            "hands on the whole context object, which had no RedriveCount when this was recorded in 2023"
    ]

    @Test("Tasks are called with the effective inputs that the service recorded")
    func taskCalls() throws {
        var found: [String: String] = [:]
        for json in try Conformance.cases("asl_executions.jsonl") {
            guard let recorded = json["task_calls"]?.arrayValue else { continue }
            let id = try #require(json["id"]?.stringValue)
            let result = try SimulationCase(json).simulator().run(input: json["input"] ?? [:])
            var calls = result.taskCalls
            for call in recorded {
                let position = calls.firstIndex { Self.matches(call, $0) }
                if let position {
                    calls.remove(at: position)
                } else {
                    found[id] = "no call \(call) among \(result.taskCalls)"
                }
            }
            if !calls.isEmpty { found[id] = found[id] ?? "more calls than recorded: \(calls)" }
        }
        Conformance.expect(found, matches: Self.knownCalls)
    }

    private static func matches(_ recorded: JSON, _ call: Simulator.TaskCall) -> Bool {
        recorded["state"]?.stringValue == call.state && recorded["resource"]?.stringValue == call.resource
            && matches(recorded["input"] ?? .null, call.input)
    }

    /// Whether a value is the recorded one, where `<any>` stands for every value.
    private static func matches(_ recorded: JSON, _ value: JSON) -> Bool {
        switch (recorded, value) {
        case (.string("<any>"), _): return true
        case (.array(let left), .array(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { matches($0, $1) }
        case (.object(let left), .object(let right)):
            return left.count == right.count
                && left.allSatisfy { key, value in right[key].map { matches(value, $0) } ?? false }
        default: return recorded.hasSameValue(as: value)
        }
    }
}

extension JSON {
    fileprivate func removingMember(_ key: String) -> JSON {
        guard case .object(var object) = self else { return self }
        object[key] = nil
        return .object(object)
    }
}
