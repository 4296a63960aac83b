import Foundation
import JSONTree
import Testing

/// Executions of which the process is killed before and after each operation of the store.
@Suite("Executions that are killed at named points", .timeLimit(.minutes(30)))
struct WorkflowKillPointTests {
    /// Two tasks in a row, two side by side and a wait; each attempt of a task leaves a line.
    private static let files: [String: String] = {
        func task(_ name: String, _ transition: String) -> String {
            """
            "\(name)": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:note",
              "Parameters": {"name": "\(name)"}, "ResultPath": null,
              "Retry": [{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 1, "BackoffRate": 1.0,
                "MaxAttempts": 9}], \(transition)}
            """
        }
        let branches = ["C", "D"].map { "{\"StartAt\": \"\($0)\", \"States\": {\(task($0, "\"End\": true"))}}" }
        return [
            "ingot.yml": """
            name: accounts
            workflows:
              bindings:
                "lambda:note": {command: [sh, -c, 'read line; echo "$INGOT_TASK_TOKEN $line" >> log']}
            """,
            "workflows/four.asl.json": """
            {"StartAt": "A", "States": {\(task("A", "\"Next\": \"B\"")), \(task("B", "\"Next\": \"W\"")),
              "W": {"Type": "Wait", "Seconds": 1, "Next": "P"},
              "P": {"Type": "Parallel", "Branches": [\(branches.joined(separator: ", "))],
                "ResultSelector": {"done": true}, "End": true}}}
            """,
        ]
    }()

    private func run(_ project: TemporaryProject, at moment: String? = nil) throws -> Program.Outcome {
        var program = project.program
        program.name = "KilledExecution"
        return try program.run(list: [project.folder, "four", "n"] + [moment].compactMap(\.self))
    }

    /// The operations of an undisturbed execution.
    private func operations() throws -> [String] {
        let outcome = try run(try TemporaryProject(Self.files))
        let answer = try JSON(parsing: outcome.output)
        #expect(answer["status"] == "SUCCEEDED", "\(outcome.output)\(outcome.messages)")
        return (answer["operations"]?.arrayValue ?? []).compactMap(\.stringValue)
    }

    @Test
    func `An execution that is killed at any operation goes on, and runs no attempt twice and no answered task again`()
        throws
    {
        let operations = try operations()
        #expect(operations.contains("create 1") && operations.contains("append 5") && operations.contains("release 1"))
        for moment in operations.flatMap({ ["before \($0)", "after \($0)"] }) {
            let project = try TemporaryProject(Self.files)
            // Two branches may be answered together, so the last operations are not always reached.
            let killed = try run(project, at: moment)
            let isKilled = killed.status == SIGKILL
            #expect(
                isKilled || moment.contains("append") || moment.contains("release"),
                "\(moment): \(killed.messages)"
            )
            let outcome = try run(project)
            let answer = try JSON(parsing: outcome.output)
            #expect(answer["status"] == "SUCCEEDED", "\(moment): \(outcome.output)\(outcome.messages)")
            #expect(answer["output"] == "{\"done\":true}", "\(moment)")
            try check(answer["events"]?.arrayValue ?? [], of: project, moment)
        }
    }

    private func check(_ events: [JSON], of project: TemporaryProject, _ moment: String) throws {
        #expect(events.compactMap { $0["id"]?.intValue } == Array(1...max(1, events.count)), "\(moment)")
        let types = events.compactMap { $0["type"]?.stringValue }
        let failures = types.count { $0 == "LambdaFunctionFailed" }
        #expect(types.count { $0 == "LambdaFunctionSucceeded" } == 4, "\(moment)")
        #expect(types.count { $0 == "LambdaFunctionScheduled" } == 4 + failures, "\(moment)")
        // One process died, so what it had started and not seen the end of was tried once more, and nothing else.
        #expect(failures <= 2, "\(moment)")
        let lines = try String(contentsOfFile: project.folder + "/log", encoding: .utf8).split(separator: "\n")
        let attempts = lines.map { $0.split(separator: " ")[0] }
        #expect(Set(attempts).count == attempts.count, "\(moment): an attempt, which has a token of its own, ran twice")
        #expect((4...4 + failures).contains(attempts.count), "\(moment)")
    }
}
