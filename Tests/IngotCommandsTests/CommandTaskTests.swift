import Foundation
import JSONTree
import Testing

/// Programs that are tasks of workflows: how they end.
@Suite("Commands of workflows", .timeLimit(.minutes(30)))
struct CommandTaskTests {
    private static let files = [
        "ingot.yml": """
        name: accounts
        workflows:
          max_concurrency: 25
          bindings:
            "lambda:deaf": {command: [sh, -c, 'trap "" TERM; echo $$ > deaf; sleep 600 & sleep 600']}
            "lambda:parent": {command: [sh, -c, 'echo $$ > parent; (trap "" TERM; sleep 600) & wait']}
            "lambda:killed": {command: [sh, -c, 'kill -9 $$']}
            "lambda:slow": {command: [sleep, "600"]}
        """,
        "workflows/deaf.asl.json": call("deaf"),
        "workflows/parent.asl.json": call("parent"),
        "workflows/killed.asl.json": call("killed"),
        "workflows/many.asl.yml": """
        QueryLanguage: JSONata
        StartAt: Many
        States:
          Many:
            Type: Map
            Items: "{% [1..300] %}"
            MaxConcurrency: 25
            ItemProcessor:
              StartAt: Slow
              States:
                Slow:
                  Type: Task
                  Resource: arn:aws:lambda:us-east-1:123456789012:function:slow
                  TimeoutSeconds: 1
                  Catch: [{ErrorEquals: [States.Timeout], Output: late, Next: Late}]
                  End: true
                Late: {Type: Pass, End: true}
            Output: "{% $count($states.result[$ = 'late']) %}"
            End: true
        """,
    ]

    private static func call(_ function: String) -> String {
        """
        {"StartAt": "A", "States": {"A": {"Type": "Task", "TimeoutSeconds": 2,
          "Resource": "arn:aws:lambda:us-east-1:123456789012:function:\(function)", "End": true}}}
        """
    }

    @Test(arguments: ["deaf", "parent"])
    func `A program whose time is over is ended, with what it started`(name: String) async throws {
        try await apart {
            let project = try TemporaryProject(Self.files)
            let outcome = try project.program.run("workflow", "start", name, "--wait", "-o", "json")
            #expect(try JSON(parsing: outcome.output)["error"] == "States.Timeout", "\(outcome)")
            let text = try String(contentsOfFile: project.folder + "/" + name, encoding: .utf8)
            let group = try #require(pid_t(text.trimmingCharacters(in: .newlines)))
            waitFor("the end of the group") { kill(-group, 0) == -1 && errno == ESRCH }
        }
    }

    @Test func `A program that a signal ends fails with 128 and the signal's number`() async throws {
        try await apart {
            let project = try TemporaryProject(Self.files)
            let outcome = try project.program.run("workflow", "start", "killed", "--wait", "-o", "json")
            let result = try JSON(parsing: outcome.output)
            #expect(result["error"] == "Ingot.CommandFailed")
            let cause = try JSON(parsing: result["cause"]?.stringValue ?? "")
            #expect(cause["errorMessage"] == "sh ended with the status 137")
        }
    }

    @Test func `Hundreds of programs whose time is over are all ended`() async throws {
        try await apart {
            let project = try TemporaryProject(Self.files)
            let outcome = try project.program.run("workflow", "start", "many", "--wait", "-o", "json")
            #expect(try JSON(parsing: outcome.output)["output"] == 300, "\(outcome)")
        }
    }
}
