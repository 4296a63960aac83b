import IngotCore
import IngotProject
import JSONTree
import StatesLanguage
import Testing

@Suite("Workflows of a project")
struct WorkflowTests {
    private static let task = """
        StartAt: Load
        States:
          Load:
            Type: Task
            Resource: arn:aws:states:::glue:startJobRun.sync
            Parameters: {JobName: load}
            TimeoutSeconds: 0x10
            End: true
        """

    private static func configuration(_ bindings: String) -> String {
        "name: test\nworkflows:\n  bindings: {\(bindings)}\n"
    }

    @Test("A definition in YAML is read with its numbers, and with the places of its problems")
    func yaml() throws {
        let project = try Diagnosing.project([
            "ingot.yml": Self.configuration(#""glue:load": {command: [cat]}"#), "workflows/load.asl.yml": Self.task,
        ])
        let workflow = try #require(project.workflow(named: "load"))
        #expect(workflow.definition.contains("\"TimeoutSeconds\":16"))
        #expect(workflow.machine.outline.map(\.name) == ["Load"])
        let findings = Diagnosing.findings([
            "ingot.yml": "name: test\n",
            "workflows/load.asl.yml": "StartAt: A\nStates:\n  A: {Type: Wait, Seconds: 1, Next: B}\n",
        ])
        #expect(
            findings.contains("workflows/load.asl.yml:3:37: error[ING0902]: MISSING_TRANSITION_TARGET"),
            "\(findings)"
        )
        #expect(findings.contains("Missing 'Next' target: B at /States/A/Next (in A)"), "\(findings)")
    }

    @Test("A resource that is not bound is an error that shows the binding")
    func unbound() {
        let findings = Diagnosing.findings(["ingot.yml": "name: test\n", "workflows/load.asl.yml": Self.task])
        #expect(findings.contains("workflows/load.asl.yml:5:15: error[ING0904]"), "\(findings)")
        #expect(findings.contains("the state \"Load\" asks for glue:load, to which nothing is bound"), "\(findings)")
        #expect(findings.contains(#"workflows: {bindings: {"glue:load": {pipeline: name}}}"#), "\(findings)")
    }

    @Test("Bindings name what exists, and do one thing")
    func bindings() {
        let findings = Diagnosing.findings([
            "ingot.yml": Self.configuration(
                #""glue:load": {pipeline: nothing}, "a": {sql: SELECT 1, command: [x]}, "b": {headers: {a: b}, sql: x}"#
            ),
            "workflows/load.asl.yml": Self.task,
        ])
        #expect(findings.contains("there is no pipeline \"nothing\"; the project has none"), "\(findings)")
        #expect(findings.contains("a binding needs exactly one of pipeline, model, load, sql, command, http, workflow"))
        #expect(findings.contains("\"headers\" goes with \"http\""))
    }

    @Test("A file that is no workflow is not read, and a name has letters and digits")
    func names() {
        let findings = Diagnosing.findings(["ingot.yml": "name: test\n", "workflows/notes.json": "{}"])
        #expect(findings.contains("workflows/notes.json: warning[ING0121]"), "\(findings)")
        let other = Diagnosing.findings(["ingot.yml": "name: test\n", "workflows/a b.asl.json": "{}"])
        #expect(other.contains("error[ING0109]"), "\(other)")
    }

    @Test("What a task asks for is named exactly, and bound by the most exact name")
    func targets() {
        func target(_ resource: String, _ arguments: [String: String] = [:]) -> TaskTarget {
            TaskTarget(TaskResource(resource), arguments: .object(.init(arguments.map { ($0.key, .string($0.value)) })))
        }
        let function = "arn:aws:lambda:us-east-1:123456789012:function:f:3"
        #expect(target(function).name == "lambda:f")
        #expect(target("arn:aws:states:::lambda:invoke", ["FunctionName": function]).name == "lambda:f")
        #expect(target("arn:aws:states:::lambda:invoke.waitForTaskToken", ["FunctionName": "f"]).name == "lambda:f")
        #expect(target("arn:aws:states:::sqs:sendMessage.waitForTaskToken").name == "arn:aws:states:::sqs:sendMessage")
        #expect(target("arn:aws:states:::glue:startJobRun", ["JobName": "{% $job %}"]).isComputed)
        #expect(
            target(
                "arn:aws:states:::states:startExecution.sync:2",
                [
                    "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:other"
                ]
            ).name == "states:other"
        )
        let machine = "arn:aws-cn:states:cn-north-1:123456789012:stateMachine:other"
        for qualified in [machine, "\(machine):PROD", "\(machine):7", "other"] {
            let found = target("arn:aws-cn:states:::states:startExecution", ["StateMachineArn": qualified])
            #expect(found.name == "states:other", "\(qualified)")
        }
        let place = SourceLocation(file: "ingot.yml")
        func binding(_ resource: String) -> TaskBinding {
            TaskBinding(resource: Located(resource, at: place), action: .sql(resource))
        }
        let bindings = ["glue:*", "glue:a*", "*:abc", "glue:ab", "arn:aws:states:::glue:startJobRun"].map(binding)
        func bound(_ job: String) -> String? {
            target("arn:aws:states:::glue:startJobRun.sync", ["JobName": job]).binding(among: bindings)?.resource.value
        }
        #expect(bound("ab") == "glue:ab")
        #expect(bound("x") == "arn:aws:states:::glue:startJobRun")
        let patterns = bindings.dropLast()
        func fits(_ job: String) -> String? {
            target("arn:aws:states:::glue:startJobRun.sync", ["JobName": job]).binding(among: Array(patterns))?
                .resource.value
        }
        #expect(fits("ax") == "glue:a*")
        #expect(fits("zz") == "glue:*")
    }
}
