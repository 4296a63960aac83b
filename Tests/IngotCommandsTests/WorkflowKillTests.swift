import Foundation
import JSONTree
import Testing

/// Executions of which the process is killed at any moment.
@Suite("Killed executions", .timeLimit(.minutes(30)))
struct WorkflowKillTests {
    /// Ten tasks in a row and five side by side; each leaves a line when it begins and one when it ends.
    private static let files: [String: String] = {
        var states: [String] = []
        func task(_ name: String, _ transition: String) -> String {
            """
            "\(name)": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:note",
              "Parameters": {"name": "\(name)"}, "ResultPath": null,
              "Retry": [{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 1, "MaxAttempts": 50,
                "BackoffRate": 1.0}], \(transition)}
            """
        }
        for number in 0..<10 {
            states.append(task("S\(number)", "\"Next\": \"\(number < 9 ? "S\(number + 1)" : "P")\""))
        }
        let branches = (0..<5).map { "{\"StartAt\": \"B\($0)\", \"States\": {\(task("B\($0)", "\"End\": true"))}}" }
        states.append(
            """
            "P": {"Type": "Parallel", "Branches": [\(branches.joined(separator: ","))], "ResultPath": null, "Next": "W"}
            """
        )
        states.append("\"W\": {\"Type\": \"Wait\", \"Seconds\": 1, \"End\": true}")
        return [
            "ingot.yml": """
            name: accounts
            workflows:
              bindings:
                "lambda:note":
                  command: [sh, -c, 'read line; echo "begin $INGOT_TASK_TOKEN $line" >> log;
                    echo "end $INGOT_TASK_TOKEN $line" >> log']
            """,
            "workflows/many.asl.json": "{\"StartAt\": \"S0\", \"States\": {\(states.joined(separator: ",\n"))}}",
            "input.json": "{\"day\": 7}",
        ]
    }()

    private static let start = [
        "workflow", "start", "many", "--name", "n", "-i", "input.json", "--wait", "-o", "json",
    ]

    @Test
    func `An execution whose process is killed again and again ends as one that is not, and no attempt runs twice`()
        throws
    {
        let project = try TemporaryProject(Self.files)
        var killed = 0
        for round in 0..<40 {
            // Every moment of a process's life comes up: while it opens the project, replays, and works.
            let time = Duration.milliseconds(60 + (round * 37) % 400)
            if try !project.program.runAndKill(after: time, Self.start) { break }
            killed += 1
        }
        #expect(killed > 3)
        var last = try project.program.run(list: Self.start)
        if last.status == 2 {
            // It had ended before the last process was killed.
            last = try project.program.run("workflow", "status", "n", "-o", "json")
        }
        let result = try JSON(parsing: last.output)
        #expect(result["status"] == "SUCCEEDED", "\(last.output)\(last.messages)")
        #expect(result["output"] == ["day": 7])

        let lines = try String(contentsOfFile: project.folder + "/log", encoding: .utf8).split(separator: "\n")
        let begun = lines.filter { $0.hasPrefix("begin") }.map { $0.split(separator: " ")[1] }
        #expect(Set(begun).count == begun.count, "an attempt, which has a token of its own, ran twice")
        // Everything ran; what ran more than once had been started and not answered.
        let history = try project.program.run("workflow", "history", "n", "--limit", "100000", "-o", "json")
        let events = try #require(try JSON(parsing: history.output)["events"]?.arrayValue)
        #expect(events.compactMap { $0["id"]?.intValue } == Array(1...events.count))
        let types = events.compactMap { $0["type"]?.stringValue }
        let failures = types.count { $0 == "LambdaFunctionFailed" }
        #expect(types.count { $0 == "LambdaFunctionSucceeded" } == 15)
        #expect(types.count { $0 == "LambdaFunctionScheduled" } == 15 + failures)
        #expect(begun.count <= 15 + failures)
        #expect(begun.count >= 15)
        for name in (0..<10).map({ "S\($0)" }) + (0..<5).map({ "B\($0)" }) {
            #expect(lines.contains { $0.hasPrefix("end") && $0.contains("\"\(name)\"") }, "\(name) did not run")
        }
    }

    @Test func `Two processes that drive at once share an execution without doing anything twice`() throws {
        let project = try TemporaryProject(Self.files)
        let running = try (0..<3).map { _ in try project.program.start(Self.start) }
        for process in running {
            let outcome = try process.finish()
            // One that comes when all is done is told that the name is taken.
            #expect(outcome.status == 0 || outcome.messages.contains("ING0907"), "\(outcome.messages)")
        }
        let log = try String(contentsOfFile: project.folder + "/log", encoding: .utf8)
        #expect(log.split(separator: "\n").count == 30)
    }
}
