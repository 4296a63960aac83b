import JSONTree
import StatesLanguage
import Testing

@Suite("Tests of states")
struct StateTestTests {
    private static let task: JSON = ["Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true]
    private static let mock: JSON = ["result": "{}"]

    private static func refusal(_ arguments: JSON) -> String? {
        do throws(StateTest.Refusal) {
            _ = try StateTest(arguments).run()
            return nil
        } catch {
            return error.message
        }
    }

    @Test(
        "A context object may hold what the service knows, and nothing else",
        arguments: [
            (["Execution": ["Id": "x", "Input": [1]], "State": ["RetryCount": 2], "StateMachine": [:]], nil),
            (["Execution": ["Color": "red"]], "Field 'Color' is not allowed"),
            (["State": ["Name": 1]], "State.Name must be a string"),
            (["State": ["RetryCount": "2"]], "State.RetryCount must be a number"),
            (["StateMachine": "m"], "StateMachine must be an object"),
            (["Map": ["Item": ["Index": 0]]], "'Map' field is not supported when mocking a Context object"),
        ] as [(JSON, String?)]
    )
    func context(context: JSON, problem: String?) {
        let refusal = Self.refusal(["definition": Self.task, "mock": Self.mock, "context": context])
        #expect(refusal == problem.map { "Invalid Context object provided: \($0)" })
    }

    @Test("A context object holds a token only where the state's task has one", arguments: ["", ".sync:2"])
    func token(pattern: String) {
        let resource = JSON.string("arn:aws:states:::states:startExecution\(pattern)")
        let refusal = Self.refusal([
            "definition": ["Type": "Task", "Resource": resource, "End": true], "context": ["Task": ["Token": "t"]],
            "mock": ["result": "{}", "fieldValidationMode": "NONE"],
        ])
        #expect((refusal == nil) == !pattern.isEmpty)
    }

    @Test("A call that makes no sense is refused in the service's words")
    func refusals() {
        let machine: JSON = ["StartAt": "A", "States": ["A": ["Type": "Succeed"]]]
        let unknown = Self.refusal(["definition": machine, "stateName": "B"])
        #expect(unknown == "State not found in definition")
        let secrets = Self.refusal(["definition": Self.task, "mock": Self.mock, "revealSecrets": true])
        #expect(secrets == "TestState does not support RevealSecrets when a mock is specified.")
        let branches: JSON = [machine, machine]
        let parallel: JSON = ["Type": "Parallel", "Branches": branches, "End": true]
        #expect(Self.refusal(["definition": parallel, "mock": Self.mock]) == "Mocked result must be an array.")
    }

    @Test("A failure is told without a place in a history, for there is none")
    func failure() throws {
        let state: JSON = [
            "Type": "Map", "ItemsPath": "$$.Execution.Input.list", "End": true,
            "ItemProcessor": ["StartAt": "A", "States": ["A": ["Type": "Succeed"]]],
        ]
        let answer = try StateTest([
            "definition": state, "mock": ["result": "[]"], "context": ["Execution": ["Input": ["list": 1]]],
        ]).run()
        #expect(answer.error == "States.Runtime")
        #expect(answer.cause == #"Reference path "$.Execution.Input.list" must point to array."#)
    }

    @Test("The variables that a test starts with are shown")
    func variables() throws {
        let state: JSON = ["Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $v + 1 %}", "End": true]
        let answer = try StateTest(["definition": state, "variables": ["v": 1]]).run()
        #expect(answer.output == 2)
        #expect(answer.inspection["variables"] == ["v": 1])
    }
}
