import Foundation
import JSONTree
import Testing

/// Workflows in `ingot serve`, as real processes.
@Suite("Services and workflows", .timeLimit(.minutes(30)))
struct ServeWorkflowTests {
    private static let function = "arn:aws:lambda:us-east-1:123456789012:function"

    private static let files = [
        "ingot.yml": """
        name: accounts
        workflows:
          max_concurrency: 3
          bindings:
            "lambda:note": {command: [sh, -c, 'cat >> notes; echo "{}"']}
            "lambda:slow": {command: [sh, -c, 'echo begin >> slow; sleep 2; echo end >> slow; echo "{}"']}
          starts:
            arrival: {workflow: arrived, on_object: users,
              input: {key: "{% $states.input.key %}", year: "{% $states.input.year %}"}}
            loaded: {workflow: told, on_run: users, run_status: succeeded,
              input: {rows: "{% $states.input.rows.silver %}"}}
            after: {workflow: told, on_execution: arrived, execution_status: [succeeded],
              input: {after: "{% $states.input.output.key %}"}}
        """,
        "pipelines/users.yml": """
        pipeline: users
        source: {path: landing/, format: csv}
        columns: [{name: id, data_type: bigint}]
        silver: {table: silver.users}
        """,
        "workflows/arrived.asl.json": #"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#,
        "workflows/told.asl.json": """
        {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "\(function):note", "End": true}}}
        """,
        "workflows/slow.asl.json": """
        {"StartAt": "A", "States": {
          "A": {"Type": "Task", "Resource": "\(function):slow", "ResultPath": null, "Next": "W"},
          "W": {"Type": "Wait", "Seconds": 1, "Next": "B"},
          "B": {"Type": "Task", "Resource": "\(function):note", "ResultPath": null, "End": true}}}
        """,
        "input.json": "{\"n\": 1}",
    ]

    private func text(_ name: String, in project: TemporaryProject) -> String {
        (try? String(contentsOfFile: project.folder + "/" + name, encoding: .utf8)) ?? ""
    }

    private func statuses(of project: TemporaryProject, _ workflow: String) throws -> [String] {
        let list = try project.program.run("workflow", "list", "-o", "json")
        let executions = try JSON(parsing: list.output).arrayValue ?? []
        return executions.filter { $0["workflow"]?.stringValue == workflow }.compactMap { $0["status"]?.stringValue }
    }

    @Test func `An object, a run and the end of an execution each start one execution, also over a killed service`()
        throws
    {
        let project = try TemporaryProject(Self.files)
        try project.write("id\n1\n2\n", to: "landing/a.csv")
        var service = try project.program.start("serve", "--port", "0", "--log-format", "json")
        waitFor("what was started") {
            let notes = text("notes", in: project)
            return notes.contains(#"{"rows":2}"#) && notes.contains(#"{"after":"a.csv"}"#)
        }
        // A task notes before its execution has ended, and before that is logged.
        waitFor("the end of what was started") {
            service.messages.components(separatedBy: #""event":"execution_ended","workflow":"told""#).count == 3
        }
        kill(service.process.processIdentifier, SIGKILL)
        let log = try service.finish().messages
        #expect(log.contains(#""event":"execution_started","workflow":"arrived""#), "\(log)")
        // Two services, and a file that arrived while none ran and is loaded by another command.
        try project.write("id\n3\n", to: "landing/b.csv")
        #expect(try project.program.run("run").status == 0)
        service = try project.program.start("serve", "--port", "0")
        let second = try project.program.start("serve", "--port", "0")
        // One that has not come so far yet is not asked to end, but ended.
        waitFor("both addresses") { service.output.contains("http") && second.output.contains("http") }
        waitFor("what the second file starts") { text("notes", in: project).contains(#"{"after":"b.csv"}"#) }
        waitFor("the last run") { text("notes", in: project).contains(#"{"rows":1}"#) }
        for process in [service, second] { process.process.terminate() }
        for process in [service, second] { #expect(try process.finish().status == 0) }
        let notes = text("notes", in: project).split(separator: "\n").sorted()
        #expect(notes == [#"{"after":"a.csv"}"#, #"{"after":"b.csv"}"#, #"{"rows":1}"#, #"{"rows":2}"#])
        #expect(try statuses(of: project, "arrived") == ["SUCCEEDED", "SUCCEEDED"])
    }

    @Test func `A service with a selection leaves workflows to others, unless it is told to`() throws {
        let project = try TemporaryProject(Self.files)
        let chosen = try project.program.start("serve", "-s", "users", "--port", "0", "--log-format", "json")
        waitFor("the address") { chosen.output.contains("http") }
        #expect(try project.program.run("workflow", "start", "told", "-i", "input.json", "--name", "t").status == 0)
        try project.write("id\n1\n", to: "landing/a.csv")
        try waitFor("the commit") { try project.program.run("objects", "-o", "csv").output.contains("loaded") }
        chosen.process.terminate()
        let log = try chosen.finish().messages
        #expect(log.contains(#""event":"workflows_left_out""#), "\(log)")
        #expect(!log.contains(#""event":"execution_"#), "\(log)")
        #expect(try statuses(of: project, "told") == ["RUNNING"])
        #expect(text("notes", in: project).isEmpty)
        // What starts listen for was noted all the same, and the next one starts it.
        let next = try project.program.start("serve", "-s", "users", "--workflows", "--port", "0")
        waitFor("what was left") {
            let notes = text("notes", in: project)
            return [#"{"n":1}"#, #"{"rows":1}"#, #"{"after":"a.csv"}"#].allSatisfy(notes.contains)
        }
        next.process.terminate()
        #expect(try next.finish().messages.contains("workflows_left_out") == false)
    }

    @Test func `A service ends when its tasks have ended, and the next one goes on`() throws {
        let project = try TemporaryProject(Self.files)
        let service = try project.program.start("serve", "--port", "0")
        waitFor("the address") { service.output.contains("http") }
        #expect(try project.program.run("workflow", "start", "slow", "-i", "input.json", "--name", "s").status == 0)
        waitFor("the task") { text("slow", in: project) == "begin\n" }
        service.process.terminate()
        let outcome = try service.finish()
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(text("slow", in: project) == "begin\nend\n")
        #expect(try statuses(of: project, "slow") == ["RUNNING"])
        #expect(text("notes", in: project).isEmpty)
        let next = try project.program.start("serve", "--port", "0")
        waitFor("the end") { text("notes", in: project).contains(#"{"n":1}"#) }
        next.process.terminate()
        _ = try next.finish()
        #expect(text("slow", in: project) == "begin\nend\n")
        #expect(try statuses(of: project, "slow") == ["SUCCEEDED"])
    }

    @Test func `Services share what runs, no task runs twice, and their figures say what ended`() async throws {
        let project = try TemporaryProject(Self.files)
        for number in 0..<12 {
            try project.write("{\"n\": \(number)}", to: "input.json")
            let start = try project.program.run("workflow", "start", "told", "-i", "input.json")
            #expect(start.status == 0, "\(start.messages)")
        }
        let services = try (0..<3).map { _ in try project.program.start("serve", "--port", "0") }
        try waitFor("all ends") { try statuses(of: project, "told").allSatisfy { $0 == "SUCCEEDED" } }
        var ended = 0
        for service in services {
            let address = try #require(URL(string: service.output.trimmingCharacters(in: .newlines)))
            let figures = try await get("metrics", at: address).text
            let pattern = /ingot_executions_total\{workflow="told",status="SUCCEEDED"\} (\d+)/
            ended += figures.firstMatch(of: pattern).flatMap { Int($0.1) } ?? 0
            service.process.terminate()
        }
        for service in services { _ = try service.finish() }
        #expect(ended == 12)
        let notes = text("notes", in: project).split(separator: "\n").map(String.init)
        #expect(Set(notes) == Set((0..<12).map { "{\"n\":\($0)}" }) && notes.count == 12)
    }
}
