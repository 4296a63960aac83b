import JSONTree
import StatesLanguage
import Testing

@Suite("Recorded refusals and linter verdicts", .conformance, .timeLimit(.minutes(30)))
struct ValidationCasesTests {
    @Test("Definitions are refused and diagnosed in the service's words")
    func refusals() throws {
        for json in try Conformance.cases("asl_validation.jsonl") {
            let id = try #require(json["id"]?.stringValue)
            let expected = try #require(json["expect"])
            let kind = json["type"]?.stringValue.flatMap(StateMachine.Kind.init) ?? .standard
            if expected["diagnostics"] != nil {
                let found = Self.diagnostics(json, kind)
                let answer: JSON = [
                    "diagnostics": .array(found.map(Self.json)), "truncated": false,
                    "result": .string(found.contains { $0.severity == .error } ? "FAIL" : "OK"),
                ]
                #expect(expected.hasSameValue(as: answer), "\(id): got \(answer)")
            } else {
                let definition = DocumentNode(json["definition"] ?? .null)
                let refusal = #expect(throws: DefinitionError.self, "\(id)") {
                    try StateMachine(definition, kind: kind)
                }
                #expect(refusal?.message == expected["cause"]?.stringValue, "\(id)")
            }
        }
    }

    private static func diagnostics(_ json: JSON, _ kind: StateMachine.Kind) -> [Diagnostic] {
        if let text = json["definition_text"]?.stringValue { return StateMachine.diagnostics(of: text, kind: kind) }
        return StateMachine.diagnostics(of: DocumentNode(json["definition"] ?? .null), kind: kind)
    }

    private static func json(_ diagnostic: Diagnostic) -> JSON {
        var object: JSONObject = [
            "code": .string(diagnostic.code), "message": .string(diagnostic.message),
            "severity": .string(diagnostic.severity.rawValue),
        ]
        object["location"] = diagnostic.location.map(JSON.string)
        return .object(object)
    }

    // MARK: Linters

    /// Verdicts that differ, each with its reason.
    private static let knownVerdicts: [String: String] = [
        "statelint/task-with-credentials/should_allow_Credentials_in_Task":
            "the service refuses credentials without RoleArn, as a recorded case shows"
    ]

    /// Numbers of problems that differ where the verdict is the same, each with its reason.
    private static let knownCounts: [String: String] = [
        "statelint/task-with-credentials/should_allow_Credentials_in_Task": "the verdict differs",
        "aslservice/008/Map_State_Shows_diagnostics_on_ItemProcessor_that_does_not_have_requir":
            "the service names all missing fields of an object in one diagnostic",
    ]

    @Test("Definitions are sound where the linters find them sound, with as many problems")
    func linters() throws {
        var verdicts: [String: String] = [:]
        var counts: [String: String] = [:]
        for json in try Conformance.cases("asl_lint.jsonl") {
            let id = try #require(json["id"]?.stringValue)
            let expected = try #require(json["expect"])
            let filtered = expected["filtered"]?.text() ?? ""
            let found = StateMachine.diagnostics(of: DocumentNode(json["definition"] ?? .null)).filter { diagnostic in
                !(filtered.contains("cannot be reached") && diagnostic.message.contains("not reachable"))
                    && !(filtered.contains("No terminal") && diagnostic.message.contains("No terminal"))
            }
            if expected["valid"] != .bool(found.isEmpty) { verdicts[id] = "found \(found)" }
            if expected["problems"]?.intValue != found.count { counts[id] = "found \(found)" }
        }
        Conformance.expect(verdicts, matches: Self.knownVerdicts)
        Conformance.expect(counts, matches: Self.knownCounts)
    }
}
