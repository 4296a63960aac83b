import Foundation
import JSONTree
import Testing

/// Workflows of a project, run by the real program.
@Suite("Executions of workflows", .timeLimit(.minutes(30)))
struct WorkflowExecutionTests {
    private static let files = [
        "ingot.yml": """
        name: accounts
        workflows:
          max_concurrency: 2
          express: [quick]
          bindings:
            "glue:copy": {command: [sh, -c, cat]}
            "lambda:secretive":
              command: [sh, -c, 'echo "the key is $KEY" >&2; exit 3']
              variables: {KEY: "${secret:key}"}
            "lambda:named":
              command: [sh, -c, 'echo "{\\"errorType\\": \\"NotNow\\", \\"errorMessage\\": \\"later\\"}"; exit 1']
            "lambda:count": {sql: "SELECT 40 + 2 AS answer"}
            "arn:aws:states:::sqs:sendMessage": {command: [sh, -c, 'cat > message.json']}
            "lambda:slot":
              command: [sh, -c, 'mkdir -p slots/$INGOT_TASK_TOKEN; ls slots | wc -l >> counts; sleep 0.5; rmdir slots/$INGOT_TASK_TOKEN; echo 1']
            "glue:gate": {command: [sh, -c, 'test -e open && echo 1']}
        """,
        "workflows/copy.asl.yml": """
        StartAt: Copy
        States:
          Copy:
            Type: Task
            Resource: arn:aws:states:::glue:startJobRun.sync
            Parameters: {JobName: copy, Arguments: {"--day.$": $.day}}
            ResultSelector: {state.$: $.JobRunState, given.$: $.Arguments}
            Next: Count
          Count:
            Type: Task
            Resource: arn:aws:lambda:us-east-1:123456789012:function:count
            ResultPath: $.rows
            End: true
        """,
        "workflows/parent.asl.json": """
        {"StartAt": "Child", "States": {"Child": {"Type": "Task",
          "Resource": "arn:aws:states:::states:startExecution.sync:2",
          "Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:copy",
            "Input": {"day": 9}}, "OutputPath": "$.Output", "End": true}}}
        """,
        "workflows/quick.asl.json": """
        {"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": 5, "End": true}}}
        """,
        "workflows/failing.asl.json": """
        {"StartAt": "A", "States": {
          "A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "named"}, "Catch": [{"ErrorEquals": ["NotNow"], "Next": "B"}], "End": true},
          "B": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:secretive", "End": true}}}
        """,
        "workflows/gated.asl.json": """
        {"StartAt": "A", "States": {
          "A": {"Type": "Pass", "Result": 1, "ResultPath": "$.a", "Next": "Gate"},
          "Gate": {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync",
            "Parameters": {"JobName": "gate"}, "ResultPath": null, "End": true}}}
        """,
        "workflows/waiting.asl.json": """
        {"StartAt": "Ask", "States": {"Ask": {"Type": "Task",
          "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
          "Parameters": {"MessageBody": {"token.$": "$$.Task.Token"}}, "End": true}}}
        """,
        "workflows/wide.asl.json": """
        {"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": {"StartAt": "T", "States": {"T": {
          "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:slot", "End": true}}}, "End": true}}}
        """,
        "workflows/computed.asl.json": """
        {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync",
          "Parameters": {"JobName.$": "$.job"}, "ResultSelector": {"state.$": "$.JobRunState"}, "End": true}}}
        """,
        "copy.json": "{\"job\": \"copy\"}",
        "six.json": "[1, 2, 3, 4, 5, 6]",
        "nothing.json": "{\"job\": \"nothing\"}",
        "input.json": "{\"day\": 7}",
        ".ingot/secrets": "",
    ]

    private func project() throws -> TemporaryProject {
        let project = try TemporaryProject(Self.files)
        return project
    }

    private func started(_ outcome: Program.Outcome) throws -> JSON {
        try JSON(parsing: outcome.output.split(separator: "\n").first.map(String.init) ?? "")
    }

    @Test func `Tasks run what they are bound to, and history, status and list show it`() throws {
        let project = try project()
        let checked = try project.program.run("validate")
        #expect(checked.messages.contains("8 workflows"), "\(checked.messages)")
        let run = try project.program.run(
            "workflow",
            "start",
            "copy",
            "-i",
            "input.json",
            "--name",
            "one",
            "--wait",
            "-o",
            "json"
        )
        #expect(run.status == 0, "\(run.messages)")
        let result = try started(run)
        #expect(result["status"] == "SUCCEEDED")
        #expect(result["output"]?["state"] == "SUCCEEDED")
        #expect(result["output"]?["given"] == ["--day": 7])
        #expect(result["output"]?["rows"] == [["answer": 42]])

        let history = try project.program.run("workflow", "history", "one", "-o", "json")
        let events = try #require(try JSON(parsing: history.output)["events"]?.arrayValue)
        let types = events.compactMap { $0["type"]?.stringValue }
        #expect(
            types == [
                "ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSubmitted",
                "TaskSucceeded", "TaskStateExited", "TaskStateEntered", "LambdaFunctionScheduled",
                "LambdaFunctionStarted", "LambdaFunctionSucceeded", "TaskStateExited", "ExecutionSucceeded",
            ]
        )
        let status = try project.program.run("workflow", "status", "copy:one")
        #expect(status.output.contains("copy:one SUCCEEDED"))
        #expect(status.output.contains("+ Count"))
        let list = try project.program.run("workflow", "list", "--status", "succeeded", "--quiet")
        #expect(list.output == "one\n")
    }

    @Test func `A name is given once, a child is driven with its parent, and an Express workflow leaves nothing`()
        throws
    {
        let project = try project()
        let first = try project.program.run("workflow", "start", "copy", "-i", "input.json", "--name", "one")
        #expect(first.status == 0, "\(first.messages)")
        let again = try project.program.run("workflow", "start", "copy", "-i", "input.json", "--name", "one", "--wait")
        #expect(again.status == 0, "\(again.messages)")
        let third = try project.program.run("workflow", "start", "copy", "-i", "input.json", "--name", "one")
        #expect(third.status == 2)
        #expect(third.messages.contains("error[ING0907]"), "\(third.messages)")
        let parent = try project.program.run("workflow", "start", "parent", "--wait", "-o", "json")
        #expect(try started(parent)["output"]?["given"] == ["--day": 9], "\(parent.output)\(parent.messages)")
        let quick = try project.program.run("workflow", "start", "quick", "-o", "json")
        #expect(try started(quick)["output"] == 5)
        let list = try project.program.run("workflow", "list", "-o", "json")
        #expect(try JSON(parsing: list.output).arrayValue?.count == 3, "\(list.output)")
        let unknown = try project.program.run("workflow", "start", "cpy")
        #expect(unknown.messages.contains("error[ING0905]"))
        #expect(unknown.messages.contains("copy"))
    }

    @Test func `A program names its error, and its secrets are not shown`() throws {
        let project = try project()
        var program = project.program
        program.variables["INGOT_SECRET_KEY"] = "hunter2"
        let run = try program.run("workflow", "start", "failing", "--name", "f", "--wait")
        #expect(run.status == 1)
        #expect(run.messages.contains("error[ING0910]"), "\(run.messages)")
        #expect(!(run.output + run.messages).contains("hunter2"), "\(run.output)\(run.messages)")
        #expect(run.output.contains("the key is <REDACTED>"), "\(run.output)\(run.messages)")
        let history = try program.run("workflow", "history", "f", "-o", "json")
        #expect(history.output.contains("\"NotNow\""))
        #expect(!history.output.contains("hunter2"))
    }

    @Test func `A job whose name is computed is found when the task runs, or fails there`() throws {
        let project = try project()
        let bound = try project.program.run("workflow", "start", "computed", "-i", "copy.json", "--wait", "-o", "json")
        #expect(try started(bound)["output"]?["state"] == "SUCCEEDED", "\(bound.messages)")
        let other = try project.program.run(
            "workflow",
            "start",
            "computed",
            "-i",
            "nothing.json",
            "--wait",
            "-o",
            "json"
        )
        #expect(try started(other)["error"] == "Ingot.Unbound", "\(other.messages)")
    }

    @Test func `Watching elsewhere than on a terminal waits for the end and writes once`() throws {
        let project = try project()
        #expect(try project.program.run("workflow", "start", "copy", "-i", "input.json", "--name", "one").status == 0)
        let watch = try project.program.start("workflow", "status", "one", "--watch", "--interval", "0.1")
        let lines = try project.program.start(
            "workflow",
            "status",
            "one",
            "--watch",
            "--interval",
            "0.1",
            "-o",
            "json"
        )
        let still = try project.program.run("workflow", "status", "one")
        #expect(still.output.contains("copy:one RUNNING") && still.output.contains("  - Copy"), "\(still.output)")
        sleep(1)
        #expect(watch.output.isEmpty && lines.output.isEmpty)
        #expect(try project.program.run("workflow", "drive").status == 0)
        let text = try watch.finish()
        #expect(text.status == 0)
        #expect(text.output.hasPrefix("copy:one SUCCEEDED") && text.output.contains("\n  + Copy "), "\(text.output)")
        #expect(text.output.matches(of: /copy:one/).count == 1 && !text.output.contains("\u{1B}"))
        let json = try JSON(parsing: lines.finish().output)
        #expect(json["status"] == "SUCCEEDED" && json["states"]?[1]?["exited"] == 1)
        #expect(try project.program.run("workflow", "status", "one", "--interval", "0").status == 2)
    }

    @Test func `No more tasks run at once than the project allows, whatever the machine does at once`() throws {
        let project = try project()
        let run = try project.program.run("workflow", "start", "wide", "-i", "six.json", "--wait", "-o", "json")
        #expect(try started(run)["output"] == [1, 1, 1, 1, 1, 1], "\(run.messages)")
        let counts = try String(contentsOfFile: project.folder + "/counts", encoding: .utf8)
        let numbers = counts.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        #expect(numbers.count == 6)
        #expect(numbers.max() == 2)
    }

    @Test func `An execution has the names that the service takes, and an input of 256 KiB at most`() throws {
        let project = try project()
        let names = ["2026-03-02T04.30+01=é(1)!'@", String(repeating: "n", count: 80)]
        for name in names {
            let run = try project.program.run("workflow", "start", "copy", "-i", "input.json", "--name", name)
            #expect(run.status == 0, "\(name): \(run.messages)")
        }
        let long = String(repeating: "n", count: 81)
        let refused = ["", "a b", "a/b", "a:b", "<a>", "a*", "\u{7F}", long, "{a}", "~", "\u{A0}"]
        for name in refused {
            let run = try project.program.run("workflow", "start", "copy", "--name", name)
            #expect(run.status == 2, "\(name): \(run.messages)")
        }
        let list = try project.program.run("workflow", "list", "--quiet")
        #expect(Set(list.output.split(separator: "\n").map(String.init)) == Set(names))
        // {"day":"..."} has ten bytes beside its text.
        for (count, status) in [(262_134, Int32(0)), (262_135, 2)] {
            let text = String(repeating: "x", count: count)
            try project.write("{\"day\": \"\(text)\"}", to: "large.json")
            let run = try project.program.run("workflow", "start", "copy", "-i", "large.json")
            #expect(run.status == status, "\(count): \(run.messages)")
        }
    }

    @Test func `An execution that failed goes on where it failed`() throws {
        let project = try project()
        let failed = try project.program.run("workflow", "start", "gated", "--name", "g", "--wait")
        #expect(failed.status == 1)
        let status = try project.program.run("workflow", "status", "g")
        #expect(status.output.contains("! Gate"), "\(status.output)")
        try project.write("", to: "open")
        let redriven = try project.program.run("workflow", "redrive", "g", "--wait", "-o", "json")
        #expect(redriven.status == 0, "\(redriven.messages)")
        #expect(try started(redriven)["output"] == ["a": 1])
        let history = try project.program.run("workflow", "history", "g", "-o", "csv")
        #expect(history.output.contains("ExecutionRedriven"))
        #expect(history.output.matches(of: /PassStateEntered/).count == 1)
        let again = try project.program.run("workflow", "redrive", "g")
        #expect(again.messages.contains("error[ING0908]"))
    }

    @Test func `A task waits for its token over the end of its process, is answered from outside, and can be stopped`()
        throws
    {
        let project = try project()
        for (name, answer) in [("w", ["--output", "input.json"]), ("v", ["--error", "No"])] {
            let process = try project.program.start("workflow", "start", "waiting", "--name", name, "--wait")
            let message = project.folder + "/message.json"
            waitForDocument(at: message)
            kill(process.process.processIdentifier, SIGKILL)
            _ = try process.finish()
            let body = try JSON(parsing: String(contentsOfFile: message, encoding: .utf8))
            let token = try #require(body["MessageBody"]?["token"]?.stringValue)
            try FileManager.default.removeItem(atPath: message)
            try project.write("\"\(String(repeating: "x", count: 262_143))\"", to: "large.json")
            let large = try project.program.run("workflow", "answer", token, "--output", "large.json")
            #expect(large.status == 2, "\(large.messages)")
            let sent = try project.program.run(list: ["workflow", "answer", token] + answer)
            #expect(sent.status == 0, "\(sent.messages)")
            // Nobody drives the execution, and its task is answered all the same.
            let second = try project.program.run("workflow", "answer", token, "--error", "Late")
            #expect(second.messages.contains("no execution waits for that token"), "\(second.messages)")
            #expect(try project.program.run("workflow", "drive").status == 0)
            let again = try project.program.run(list: ["workflow", "answer", token] + answer)
            #expect(again.status != 0)
            #expect(again.messages.contains("no execution waits for that token"), "\(again.messages)")
        }
        let list = try project.program.run("workflow", "list", "-o", "json")
        let executions = try #require(try JSON(parsing: list.output).arrayValue)
        #expect(executions.map { $0["status"]?.stringValue } == ["FAILED", "SUCCEEDED"], "\(list.output)")
        #expect(executions[0]["error"] == "No")

        let process = try project.program.start("workflow", "start", "waiting", "--name", "u", "--wait")
        waitForDocument(at: project.folder + "/message.json")
        let stopped = try project.program.run("workflow", "stop", "u", "--error", "Enough")
        #expect(stopped.output == "waiting:u ABORTED\n", "\(stopped.messages)")
        #expect(try process.finish().status == 1)
    }

    /// Waits for a file that is whole.
    private func waitForDocument(at path: String) {
        waitFor(path) {
            let text = try? String(contentsOfFile: path, encoding: .utf8)
            return text.flatMap { try? JSON(parsing: $0) } != nil
        }
    }
}
