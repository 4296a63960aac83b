import Foundation
import JSONTree
import Testing

/// The commands around workflows, which need no project.
@Suite("Workflow commands", .timeLimit(.minutes(30)))
struct WorkflowCommandTests {
    private static let machine = """
        {
          "StartAt": "Ask",
          "States": {
            "Ask": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:ask", "Next": "Wait",
              "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 3600, "MaxAttempts": 1}]},
            "Wait": {"Type": "Wait", "Seconds": 86400, "End": true}
          }
        }
        """

    @Test func `An expression is evaluated over a file, over the standard input, and over nothing`() throws {
        let project = try TemporaryProject(["in.json": #"{"a": [1, 2, 3.5], "b": "é"}"#])
        let sum = try project.program.run("jsonata", "$sum(a)", "--input", "in.json")
        #expect(sum.output == "6.5\n" && sum.status == 0, "\(sum.messages)")
        let text = try project.program.run("jsonata", "b & '!'", "-i", "-", input: #"{"b": "é"}"#)
        #expect(text.output == "\"é!\"\n")
        let undefined = try project.program.run("jsonata", "a")
        #expect(undefined.output.isEmpty && undefined.status == 0)
        let nested = try project.program.run("jsonata", "$eval('1 + 1')")
        #expect(nested.output == "2\n")
    }

    @Test func `An expression that fails says JSONata's code and the place`() throws {
        let project = try TemporaryProject(["in.json": "{\"a\": 1,\n \"b\" 2}"])
        let wrong = try project.program.run("jsonata", "1 + 'a'")
        #expect(wrong.status == 1)
        #expect(wrong.messages.hasPrefix("error[ING0901]: T2002 at position"), "\(wrong.messages)")
        let endless = try project.program.run("jsonata", "($f := function($x){1 + $f($x)}; $f(1))")
        #expect(endless.messages.contains("U1001"), "\(endless.messages)")
        let file = try project.program.run("jsonata", "a", "--input", "in.json")
        #expect(file.messages.hasPrefix("in.json:2:6: error[ING0903]"), "\(file.messages)")
        #expect(try project.program.run("jsonata", "a", "--input", "none.json").status == 2)
        #expect(try project.program.run("jsonata").status == 2)
    }

    @Test func `Cases are answered line by line, up to one that is no JSON`() throws {
        let cases = """
            {"id": "sum", "expr": "$sum(n)", "dataset": "d"}

            {"id": "none", "expr": "x", "data": {}}
            {"id": "bad", "expr": "1 +"}
            nonsense
            """
        let project = try TemporaryProject(["c.jsonl": cases, "d.json": #"{"d": {"n": [1, 2]}}"#])
        let outcome = try project.program.run("jsonata", "--cases", "c.jsonl", "--datasets", "d.json")
        let lines = try outcome.output.split(separator: "\n").map { try JSON(parsing: String($0)) }
        #expect(lines.prefix(2) == [["id": "sum", "result": 3], ["id": "none", "undefined": true]])
        #expect(lines.count == 3 && lines[2]["code"] == "S0207")
        #expect(outcome.messages.hasPrefix("c.jsonl:5:1: error[ING0903]"), "\(outcome.messages)")
        // Strings may hold other line breaks of Unicode, and a line may end as on Windows.
        try project.write("{\"expr\": \"'a\u{2028}b'\"}\r\n", to: "breaks.jsonl")
        let breaks = try project.program.run("jsonata", "--cases", "breaks.jsonl")
        #expect(breaks.status == 0 && breaks.output.contains("\"a\u{2028}b\""), "\(breaks.messages)")
    }

    @Test func `A machine is simulated with mocks, and a day passes at once`() throws {
        let mocks = #"{"arn:aws:lambda:us-east-1:1:function:ask": {"sequence": [{"error": "Busy"}, {"return": 7}]}}"#
        let files = ["m.json": Self.machine, "mocks.json": mocks, "in.json": #"{"x": 1}"#]
        let project = try TemporaryProject(files)
        let arguments = ["workflow", "simulate", "--definition", "m.json", "--input", "in.json"]
        let found = try project.program.run(list: arguments + ["--mocks", "mocks.json", "--output", "json"])
        #expect(try JSON(parsing: found.output) == ["status": "SUCCEEDED", "output": 7], "\(found.messages)")
        try project.write("StartAt: A\nStates:\n  A: {Type: Pass, Result: 7, End: true}\n", to: "m.yml")
        let yaml = try project.program.run("workflow", "simulate", "--definition", "m.yml", "-o", "json")
        #expect(try JSON(parsing: yaml.output) == ["status": "SUCCEEDED", "output": 7], "\(yaml.messages)")
        let failed = try project.program.run(list: arguments)
        #expect(failed.status == 0)
        #expect(failed.output.hasPrefix("FAILED\nerror: States.TaskFailed\ncause: The simulation has no mock"))
    }

    @Test func `Every problem of a definition has its place, and a refused one is not simulated`() throws {
        let bad = """
            {
              "StartAt": "A",
              "States": {
                "A": {"Type": "Pass", "Next": "C"},
                "B": {"Type": "Nap", "End": true}
              }
            }
            """
        let project = try TemporaryProject(["bad.json": bad, "good.json": Self.machine, "no.json": "{"])
        let problems = try project.program.run("workflow", "validate", "good.json", "bad.json", "no.json")
        #expect(problems.status == 2)
        let lines = problems.messages.split(separator: "\n").filter { $0.contains("error[") }
        #expect(lines.contains { $0.hasPrefix("bad.json:4:") && $0.contains("MISSING_TRANSITION_TARGET") })
        #expect(lines.contains { $0.hasPrefix("bad.json:5:") })
        #expect(lines.contains { $0.hasPrefix("no.json:1:") })
        #expect(!problems.messages.contains("good.json"))
        let refused = try project.program.run("workflow", "simulate", "--definition", "bad.json", "-o", "json")
        #expect(try JSON(parsing: refused.output)["status"] == "INVALID_DEFINITION")
        #expect(refused.status == 2)
        #expect(refused.messages.contains("error[ING0902]: bad.json is refused"))
        #expect(try project.program.run("workflow", "validate", "good.json").status == 0)
        try project.write("StartAt: A\nStates:\n  A: {Type: Nap}\n", to: "bad.yml")
        let refusedYAML = try project.program.run("workflow", "simulate", "--definition", "bad.yml")
        #expect(refusedYAML.status == 2 && refusedYAML.messages.contains("bad.yml:3:"), "\(refusedYAML.messages)")
        try Data([0x7B, 0xFF, 0x7D]).write(to: URL(filePath: project.folder + "/bytes.json"))
        let bytes = try project.program.run("workflow", "validate", "bytes.json")
        #expect(bytes.status == 2 && bytes.messages.contains("bytes.json is not UTF-8"), "\(bytes.messages)")
    }
}
