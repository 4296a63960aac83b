import JSONTree
import StatesLanguage
import Testing

@Suite("Recorded tests of states", .conformance, .timeLimit(.minutes(30)))
struct StateTestCasesTests {
    private static let realCall = "calls a real Lambda function; the record holds no mock for it"

    /// Cases that come out differently, each with its reason.
    private static let knownDifferences: [String: String] = [
        "ts/state/state_scenarios::TestStateCaseScenarios::base_lambda_service_task_state[DEBUG]#test_case_response":
            realCall,
        "ts/state/state_scenarios::TestStateCaseScenarios::base_lambda_service_task_state[TRACE]#test_case_response":
            realCall,
        "ts/state/state_scenarios::TestStateCaseScenarios::base_lambda_task_state[DEBUG]#test_case_response": realCall,
    ]

    @Test("Every recorded test of a state is answered as the service answered it")
    func cases() throws {
        var found: [String: String] = [:]
        for json in try Conformance.cases("asl_teststate.jsonl") {
            let id = try #require(json["id"]?.stringValue)
            let recorded = try #require(json["expect"])
            let wantsInspection = recorded["inspectionData"] != nil
            let expected = Self.comparable(recorded, json)
            let answer = Self.comparable(Self.answer(json["args"] ?? .null, wantsInspection), json)
            if !expected.hasSameValue(as: answer) { found[id] = "expected \(expected), got \(answer)" }
        }
        Conformance.expect(found, matches: Self.knownDifferences)
    }

    private static func answer(_ arguments: JSON, _ wantsInspection: Bool) -> JSON {
        var object = JSONObject()
        do throws(StateTest.Refusal) {
            let answer = try StateTest(arguments).run()
            object["status"] = .string(answer.status)
            object["output"] = answer.output
            object["error"] = answer.error.map(JSON.string)
            object["cause"] = answer.cause.map(JSON.string)
            object["nextState"] = answer.nextState.map(JSON.string)
            if wantsInspection { object["inspectionData"] = .object(answer.inspection) }
        } catch {
            object["Error"] = ["Code": .string(error.code), "Message": .string(error.message)]
            object["message"] = .string(error.message)
        }
        return .object(object)
    }

    /// Inspection data are texts of values in the record, as far as they are no objects.
    private static func comparable(_ answer: JSON, _ json: JSON) -> JSON {
        var answer = answer
        for path in json["ignore"]?.arrayValue ?? [] { answer = answer.removing(path.stringValue ?? "") }
        return answer.mapping("inspectionData") { data in
            .object(JSONObject((data.objectValue ?? JSONObject()).map { ($0.key, $0.value.parsedText) }))
        }
    }
}
