import Foundation
import JSONTree
import Testing

/// Workflows that start others, run by the real program.
@Suite("Workflows that start others", .timeLimit(.minutes(30)))
struct WorkflowChildTests {
    private static func start(_ child: String, _ pattern: String = "") -> String {
        """
        {"StartAt": "C", "States": {"C": {"Type": "Task",
          "Resource": "arn:aws:states:::states:startExecution\(pattern)", "Parameters": {"Input": {},
            "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:\(child)"}, "End": true}}}
        """
    }

    private static let files = [
        "ingot.yml": """
        name: accounts
        workflows:
          express: [quick]
          bindings:
            "glue:slow": {command: [sh, -c, 'echo $$ > process; sleep 300']}
        """,
        "workflows/parent.asl.json": start("child", ".sync"),
        "workflows/aliased.asl.json": start("quick:PROD"),
        "workflows/child.asl.json": """
        {"StartAt": "S", "States": {"S": {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync",
          "Parameters": {"JobName": "slow"}, "End": true}}}
        """,
        "workflows/quick.asl.json": #"{"StartAt": "F", "States": {"F": {"Type": "Fail"}}}"#,
        "workflows/unknown.asl.json": """
        {"StartAt": "S", "States": {"S": {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync",
          "Parameters": {"JobName.$": "$.job"}, "End": true}}}
        """,
        "job.json": #"{"job": "nightly"}"#,
    ]

    @Test func `A child ends with its parent, and so does the program that it runs`() async throws {
        let project = try TemporaryProject(Self.files)
        try await apart {
            let parent = try project.program.start("workflow", "start", "parent", "--name", "p", "--wait")
            let path = project.folder + "/process"
            var process: Int32?
            waitFor("the program of the child") {
                let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
                process = text.hasSuffix("\n") ? Int32(text.dropLast()) : nil
                return process != nil
            }
            let program = try #require(process)
            let stopped = try project.program.run("workflow", "stop", "p")
            #expect(stopped.output == "parent:p ABORTED\n", "\(stopped.messages)")
            #expect(try parent.finish().status == 1)
            #expect(kill(program, 0) != 0)
            let list = try project.program.run("workflow", "list", "-o", "json").output
            let statuses = try JSON(parsing: list).arrayValue?.map { $0["status"] }
            #expect(statuses == ["ABORTED", "ABORTED"], "\(list)")
        }
    }

    @Test func `An Express workflow is started by any of its ARNs, and its end is not that of the task`() async throws {
        let project = try TemporaryProject(Self.files)
        try await apart {
            let run = try project.program.run("workflow", "start", "aliased", "--wait", "-o", "json")
            let output = try JSON(parsing: run.output)["output"]?.objectValue
            #expect(output?.keys.sorted() == ["ExecutionArn", "StartDate"], "\(run.output)\(run.messages)")
        }
    }

    @Test func `What is not bound is named as it would be bound`() async throws {
        let project = try TemporaryProject(Self.files)
        try await apart {
            let run = try project.program.run("workflow", "start", "unknown", "-i", "job.json", "--wait", "-o", "json")
            let cause = try JSON(parsing: run.output)["cause"]?.stringValue
            #expect(cause?.contains("glue:nightly") == true, "\(run.output)")
        }
    }
}
