import Foundation
import JSONTree
import Testing

/// Tasks and Map states that reach out of the project, and the commands that look at definitions.
@Suite("Workflows and the world", .timeLimit(.minutes(30)))
struct WorkflowServiceTests {
    /// A server that says what it was asked, until its standard input ends; paths that begin with /no answer with an
    /// error, with /moved by a redirection to /yes, and with /endless with more and more.
    private static let server = """
        import http.server, json, os, sys, threading
        class Echo(http.server.BaseHTTPRequestHandler):
            def answer(self):
                if self.path.startswith("/moved"):
                    self.send_response(307)
                    self.send_header("Location", self.path.replace("moved", "yes"))
                    return self.end_headers()
                if self.path.startswith("/endless"):
                    self.send_response(200)
                    self.end_headers()
                    while True: self.wfile.write(b"1" * 65536)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                said = {"method": self.command, "path": self.path, "body": body and json.loads(body) if body[:1] in "{" else body,
                        "token": self.headers.get("X-Token"), "kind": self.headers.get("X-Kind")}
                self.send_response(503 if self.path.startswith("/no") else 201)
                self.send_header("X-Answer", "a")
                self.end_headers()
                self.wfile.write(json.dumps(said).encode())
            do_GET = do_POST = do_PUT = answer
            def log_message(self, *_): pass
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
        open("port", "w").write(str(server.server_port) + "\\n")
        server.serve_forever()
        """

    private static func ask(_ endpoint: String, _ more: String = "") -> String {
        """
        {"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": "arn:aws:states:::http:invoke",
          "Parameters": {"ApiEndpoint": "\(endpoint)", "Method": "PUT", "RequestBody": {"n": 1},
            "QueryParameters": {"day": "1 2+3", "n": 7}, "Headers": {"X-Kind": "k"}, "Authentication": {
              "ConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/c/1"}}, \(more)
          "ResultSelector": {"body.$": "$.ResponseBody", "code.$": "$.StatusCode",
            "words.$": "$.StatusText", "header.$": "$.Headers.X-Answer"}, "End": true}}}
        """
    }

    private func run(_ project: TemporaryProject, _ workflow: String) throws -> JSON {
        let outcome = try project.program.run("workflow", "start", workflow, "--wait", "-o", "json")
        return try JSON(parsing: outcome.output.isEmpty ? "{\"messages\": \"\"}" : outcome.output)
    }

    @Test func `http:invoke sends what it says to a server, and errors of the server are errors of the task`() throws {
        let project = try TemporaryProject([
            "server.py": Self.server, "workflows/good.asl.json": Self.ask("https://api.example.com/good"),
            "workflows/form.asl.json": """
            {"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": "arn:aws:states:::http:invoke",
              "Parameters": {"ApiEndpoint": "https://api.example.com/form", "Method": "POST",
                "RequestBody": {"n": [1, "a &+é"], "o": {"p": true}, "q": null},
                "Transform": {"RequestBodyEncoding": "URL_ENCODED"}},
              "ResultSelector": {"body.$": "$.ResponseBody"}, "End": true}}}
            """,
            "workflows/bad.asl.json": Self.ask("https://api.example.com/bad"),
            "workflows/deaf.asl.json": Self.ask("https://api.example.com/deaf"),
            "workflows/moved.asl.json": Self.ask("https://api.example.com/moved"),
            "workflows/endless.asl.json": Self.ask("https://api.example.com/endless"),
        ])
        let server = Process()
        server.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        server.arguments = ["python3", "server.py"]
        server.currentDirectoryURL = URL(fileURLWithPath: project.folder)
        // The program may be a script around the real one, so it is not ended by a signal.
        let input = Pipe()
        server.standardInput = input
        (server.standardOutput, server.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try server.run()
        defer { try? input.fileHandleForWriting.close() }
        var port = ""
        waitFor("the port of python3") {
            port = (try? String(contentsOfFile: project.folder + "/port", encoding: .utf8)) ?? ""
            return port.hasSuffix("\n")
        }
        let address = "http://127.0.0.1:\(port.dropLast())"
        try project.write(
            """
            name: accounts
            workflows:
              bindings:
                "http:https://api.example.com/good": {http: "\(address)/yes?a=b+c", headers: {X-Token: "${secret:token}"}}
                "http:https://api.example.com/form": {http: "\(address)/yes"}
                "http:https://api.example.com/bad": {http: "\(address)/no"}
                "http:https://api.example.com/deaf": {http: "http://127.0.0.1:1/${secret:token}"}
                "http:https://api.example.com/moved": {http: "\(address)/moved"}
                "http:https://api.example.com/endless": {http: "\(address)/endless"}
            """,
            to: "ingot.yml"
        )
        try project.write("token: hunter2\n", to: ".ingot/secrets")
        var program = project.program
        program.variables["INGOT_SECRET_TOKEN"] = "hunter2"
        let good = try program.run("workflow", "start", "good", "--wait", "-o", "json")
        let body = try JSON(parsing: good.output)["output"]?["body"]
        #expect(body?["method"] == "PUT" && body?["body"] == ["n": 1], "\(good.output)\(good.messages)")
        #expect(body?["path"] == "/yes?a=b+c&day=1%202%2B3&n=7")
        let answer = try JSON(parsing: good.output)["output"]
        #expect(answer?["code"] == 201 && answer?["words"] == "Created" && answer?["header"] == ["a"])
        let form = try run(project, "form")["output"]?["body"]
        #expect(form?["body"] == "n%5B0%5D=1&n%5B1%5D=a+%26%2B%C3%A9&o%5Bp%5D=true&q=")
        #expect(body?["token"] == "hunter2" && body?["kind"] == "k")
        #expect(try run(project, "bad")["error"] == "States.Http.StatusCode.503")
        let deaf = try program.run("workflow", "start", "deaf", "--wait", "-o", "json")
        #expect(try JSON(parsing: deaf.output)["error"] == "States.Http.Socket")
        #expect(!deaf.output.contains("hunter2") && !deaf.messages.contains("hunter2"), "\(deaf)")
        let moved = try run(project, "moved")["output"]?["body"]
        #expect(moved?["path"]?.stringValue?.hasPrefix("/yes") == true && moved?["method"] == "PUT")
        #expect(moved?["body"] == ["n": 1])
        #expect(try run(project, "endless")["error"] == "States.DataLimitExceeded")
    }

    private static func map(_ reader: String, _ more: String = "") -> String {
        """
        {"StartAt": "Each", "States": {"Each": {"Type": "Map", \(reader),
          "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "Check",
            "States": {
              "Check": {"Type": "Choice", "Choices": [{"Variable": "$.bad", "IsPresent": true, "Next": "Bad"}],
                "Default": "Good"},
              "Bad": {"Type": "Fail", "Error": "Bad", "Cause": "it is"},
              "Good": {"Type": "Pass", "End": true}}},
          "ToleratedFailureCount": 1, \(more) "End": true}}}
        """
    }

    private static func reader(_ type: String, _ key: String) -> String {
        """
        "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "\(type)"\
        \(type == "CSV" ? ", \"CSVHeaderLocation\": \"FIRST_ROW\"" : "")},
          "Parameters": {"Bucket": "data", "Key": "\(key)"}}
        """
    }

    private static let writer = """
        "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "out", "Prefix": "r"}},
        """

    @Test func `A distributed Map reads items from the folders that stand for buckets`() throws {
        let list = """
            "ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2",
              "Parameters": {"Bucket": "data", "Prefix": "items."}}
            """
        let project = try TemporaryProject([
            "ingot.yml": "name: accounts\nworkflows: {buckets: {data: data/, out: out/}}\n",
            "workflows/csv.asl.json": Self.map(Self.reader("CSV", "items.csv")),
            "workflows/json.asl.json": Self.map(Self.reader("JSON", "items.json")),
            "workflows/lines.asl.json": Self.map(Self.reader("JSONL", "items.jsonl")),
            "workflows/list.asl.json": Self.map(list),
            "workflows/gone.asl.json": Self.map(Self.reader("JSON", "none.json")),
            "data/items.csv": "a,b\n1,x\n2,\"y,z\"\n", "data/items.json": "[{\"a\": 1}, {\"a\": 2}]",
            "data/items.jsonl": "{\"a\": 1}\n{\"a\": 3}\n", "data/other": "",
        ])
        #expect(try run(project, "csv")["output"] == [["a": "1", "b": "x"], ["a": "2", "b": "y,z"]])
        #expect(try run(project, "json")["output"] == [["a": 1], ["a": 2]])
        #expect(try run(project, "lines")["output"] == [["a": 1], ["a": 3]])
        let keys = try run(project, "list")["output"]?.arrayValue?.compactMap { $0["Key"]?.stringValue }
        #expect(keys?.sorted() == ["items.csv", "items.json", "items.jsonl"])
        #expect(try run(project, "gone")["error"] == "States.ItemReaderFailed")
    }

    @Test func `A distributed Map writes results and failures, with a manifest that names the files`() throws {
        let project = try TemporaryProject([
            "ingot.yml": "name: accounts\nworkflows: {buckets: {data: data/, out: out/}}\n",
            "workflows/write.asl.json": Self.map(Self.reader("JSON", "items.json"), Self.writer),
            "data/items.json": "[{\"a\": 1}, {\"bad\": 2}, {\"a\": 3}]",
        ])
        let details = try #require(try run(project, "write")["output"]?["ResultWriterDetails"])
        #expect(details["Bucket"] == "out")
        func read(_ key: String?) throws -> JSON {
            try JSON(parsing: String(contentsOfFile: project.folder + "/out/" + (key ?? ""), encoding: .utf8))
        }
        let key = try #require(details["Key"]?.stringValue)
        #expect(key.hasPrefix("r/") && key.hasSuffix("/manifest.json"))
        let files = try #require(try read(key)["ResultFiles"])
        func entries(_ status: String) throws -> [JSON] {
            try (files[status]?.arrayValue ?? []).flatMap { try read($0["Key"]?.stringValue).arrayValue ?? [] }
        }
        #expect(try entries("SUCCEEDED").map { $0["Output"]?.stringValue } == ["{\"a\":1}", "{\"a\":3}"])
        #expect(try entries("FAILED").map { $0["Error"]?.stringValue } == ["Bad"])
        #expect(try entries("FAILED").map { $0["Input"]?.stringValue } == ["{\"bad\":2}"])
    }

    @Test func `Results that could not be written are written by a redrive, and no item is done again`() throws {
        let project = try TemporaryProject([
            "ingot.yml": """
            name: accounts
            workflows: {buckets: {data: data/, out: out/}, bindings: {"lambda:f": {command: [sh, -c, "cat; echo >>done"]}}}
            """,
            "workflows/write.asl.json": """
            {"StartAt": "Each", "States": {"Each": {"Type": "Map", \(Self.reader("JSON", "items.json")), \(Self.writer)
              "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "T",
                "States": {"T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
                  "End": true}}}, "End": true}}}
            """,
            "data/items.json": "[1, 2, 3]", "out/r": "This file is in the way of a folder.",
        ])
        let failed = try run(project, "write")
        #expect(failed["error"] == "States.ResultWriterFailed", "\(failed)")
        try FileManager.default.removeItem(atPath: project.folder + "/out/r")
        let name = try #require(failed["name"]?.stringValue)
        let redriven = try project.program.run("workflow", "redrive", name, "--wait", "-o", "json")
        #expect(redriven.status == 0, "\(redriven)")
        let details = try JSON(parsing: redriven.output)["output"]?["ResultWriterDetails"]
        let folder = try #require(details?["Key"]?.stringValue).replacing("/manifest.json", with: "")
        let text = try String(contentsOfFile: "\(project.folder)/out/\(folder)/SUCCEEDED_0.json", encoding: .utf8)
        #expect(try JSON(parsing: text).arrayValue?.map { $0["Input"] } == ["1", "2", "3"])
        #expect(try String(contentsOfFile: project.folder + "/done", encoding: .utf8) == "\n\n\n")
    }

    // MARK: Definitions

    private static let machine = """
        {"StartAt": "Load", "States": {
          "Load": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "Next": "Good?",
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Bad"}], "ResultPath": "$.r"},
          "Good?": {"Type": "Choice", "Choices": [{"Variable": "$.r", "NumericEquals": 1, "Next": "Both"}],
            "Default": "Bad"},
          "Both": {"Type": "Parallel", "End": true, "Branches": [
            {"StartAt": "Left", "States": {"Left": {"Type": "Pass", "End": true}}},
            {"StartAt": "<Right>", "States": {"<Right>": {"Type": "Pass", "Next": "Ring \\u0007"},
              "Ring \\u0007": {"Type": "Pass", "End": true}}}]},
          "Bad": {"Type": "Fail"}}}
        """

    @Test func `A definition is drawn with every state, and as a picture that is XML`() throws {
        let project = try TemporaryProject([
            "workflows/m.asl.json": Self.machine,
            "ingot.yml": """
            name: accounts
            workflows: {bindings: {"lambda:f": {command: [cat]}}}
            """,
        ])
        let text = try project.program.run("workflow", "graph", "m")
        #expect(text.status == 0, "\(text.messages)")
        for name in ["Load", "Good?", "Both", "Left", "<Right>", "Bad"] { #expect(text.output.contains(name)) }
        #expect(text.output == (try project.program.run("workflow", "graph", "workflows/m.asl.json").output))
        let picture = try project.program.run("workflow", "graph", "m", "-o", "svg").output
        #expect(picture.contains("&lt;Right&gt;") && !picture.contains("<Right>"))
        #expect(Self.isWellFormed(picture))
        let unknown = try project.program.run("workflow", "graph", "n")
        #expect(unknown.status == 2 && unknown.messages.contains("error[ING0905]"))
    }

    @Test func `One state is tested by itself, with what it makes of its data`() throws {
        let project = try TemporaryProject([
            "m.json": Self.machine, "in.json": "{\"x\": 1}", "one.json": "{\"r\": 1}",
            "good.json": "{\"result\": \"1\"}", "bad.json": "{\"errorOutput\": {\"error\": \"E\", \"cause\": \"c\"}}",
        ])
        func test(_ arguments: String...) throws -> (status: Int32, result: JSON) {
            let start = ["workflow", "test-state", "--definition", "m.json"]
            let outcome = try project.program.run(list: start + arguments)
            return (outcome.status, try JSON(parsing: outcome.output.isEmpty ? "{}" : outcome.output))
        }
        let good = try test("--state", "Load", "-i", "in.json", "--mock", "good.json")
        #expect(good.result["status"] == "SUCCEEDED" && good.result["nextState"] == "Good?", "\(good)")
        #expect(good.result["output"] == ["x": 1, "r": 1], "\(good)")
        let caught = try test("--state", "Load", "-i", "in.json", "--mock", "bad.json")
        #expect(caught.result["status"] == "CAUGHT_ERROR" && caught.result["nextState"] == "Bad", "\(caught)")
        let choice = try test("--state", "Good?", "-i", "one.json")
        #expect(choice.result["nextState"] == "Both", "\(choice)")
        let failed = try test("--state", "Bad")
        #expect(failed.status == 1 && failed.result["status"] == "FAILED", "\(failed)")
    }

    /// Whether all tags of a text are closed in order.
    private static func isWellFormed(_ text: String) -> Bool {
        var open: [Substring] = []
        for tag in text.matches(of: /<(\/?)([a-zA-Z]+)[^<>]*?(\/?)>/) {
            if !tag.1.isEmpty {
                guard open.popLast() == tag.2 else { return false }
            } else if tag.3.isEmpty {
                open.append(tag.2)
            }
        }
        return open.isEmpty && !text.contains("& ")
    }
}
