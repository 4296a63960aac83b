import Foundation
import JSONTree
import Testing

/// Whatever is typed, and wherever: one clear message, what to do next, and the documented exit status.
@Suite("Odd input to commands", .timeLimit(.minutes(30)))
struct OddInputTests {
    @Test func `A folder, files and fields of any name go from init to a trace`() throws {
        let project = try TemporaryProject([:])
        let folder = project.folder + "/it's a \"shop\" – Größe"
        let landing = folder + "/Ünï files"
        try FileManager.default.createDirectory(atPath: landing, withIntermediateDirectories: true)
        let (odd, plain) = ("-a b'c \"d\".csv", "日本 é.csv")
        let header = "Id,Größe (cm),na\"me,-x\n"
        try (header + "1,180,ann,a\n").write(toFile: landing + "/" + odd, atomically: true, encoding: .utf8)
        try (header + "2,17x,bob,\"b\n").write(toFile: landing + "/" + plain, atomically: true, encoding: .utf8)
        let program = Program(folder: folder)
        let made = try program.run("init", "--from", "Ünï files/" + odd, "--name", "My-Käufe")
        #expect(made.status == 0, "\(made.messages)")
        let pipeline = folder + "/pipelines/my_kaufe.yml"
        var text = try String(contentsOfFile: pipeline, encoding: .utf8)
        #expect(text.contains(#"{name: grosse_cm, from: "Größe (cm)""#))
        let path = try #require(text.split(separator: "\n").first { $0.contains("path:") })
        text = text.replacingOccurrences(of: path, with: "  path: \"Ünï files/\"")
        try text.write(toFile: pipeline, atomically: true, encoding: .utf8)
        let run = try program.run("run", "-o", "json")
        #expect(try JSON(parsing: run.output)["runs"]?[0]?["rows"]?["read"] == 2, "\(run.messages)")
        let keys = try program.run("objects", "--quiet")
        #expect(Set(keys.output.split(separator: "\n")) == [Substring(odd), Substring(plain)])
        let chosen = try program.run("objects", "--key=" + odd, "-o", "json")
        #expect(try JSON(parsing: chosen.output).arrayValue?.count == 1)
        let trace = try program.run("trace", "silver.my_kaufe", "id=1", "-o", "json")
        #expect(try JSON(parsing: trace.output)[0]?["object"]?["key"] == .string(odd), "\(trace.messages)")
    }

    @Test func `What can be no object in a source is named and passed over, and the others are taken in`() throws {
        let project = try TemporaryProject(TemporaryProject.users)
        let landing = "landing/users"
        let made = try Shell.run(
            """
            cd '\(project.folder)/\(landing)' && ln -s nowhere gone.csv && mkfifo pipe.csv && ln -s nowhere .hidden.csv &&
            cp "$(ls *.csv | head -n 1)" "$(printf 'caf\\351.csv')"
            """
        )
        try #require(made.status == 0, "\(made.text)")
        let messages = [
            "warning[ING0384]: passed over: a link that leads nowhere: \(project.folder)/\(landing)/gone.csv",
            "passed over: neither a file nor a folder: \(project.folder)/\(landing)/pipe.csv",
            "passed over: the name is not UTF-8: \(project.folder)/\(landing)/caf\\xE9.csv",
            "try: put the file itself there", "try: give it a shorter name, or one in UTF-8",
        ]
        for command in ["plan", "run", "run", "status"] {
            let outcome = try project.program.run(command)
            #expect(outcome.status == 0, "\(command): \(outcome.messages)")
            for message in messages { #expect(outcome.messages.contains(message), "\(command): \(outcome.messages)") }
            #expect(!outcome.messages.contains("hidden"))
        }
        let rows = try project.program.run("query", "SELECT count(*) > 0 AS n FROM silver.users", "-o", "csv")
        #expect(rows.output == "n\ntrue\n", "\(rows.messages)")
    }

    @Test func `An empty project says what to do`() throws {
        let project = try TemporaryProject([:])
        #expect(try project.program.run("init").status == 0)
        for command in ["run", "plan"] {
            let outcome = try project.program.run(command)
            #expect(outcome.status == 0)
            #expect(outcome.messages.contains("no pipelines and no models"), "\(outcome.messages)")
            #expect(outcome.messages.contains("try: ingot init --from"))
        }
        for list in ["runs", "objects", "tables", "quarantine"] {
            let outcome = try project.program.run(list, "-o", "json")
            #expect(outcome.status == 0)
            #expect(outcome.output == "[]\n", "\(list)")
        }
    }

    @Test func `A table without rejected rows has an empty quarantine, and one that nothing feeds has none`() throws {
        var files = TemporaryProject.users
        files["landing/users/a.csv"] = "id,email,created,updated\n1,a@example.com,,\n"
        let project = try TemporaryProject(files)
        for _ in 0..<2 {
            for name in ["users", "silver.users", "quarantine.users"] {
                let outcome = try project.program.run("quarantine", "show", name)
                #expect(outcome.status == 0, "\(outcome.messages)")
                #expect(outcome.messages == "No such rows are in quarantine.\n")
                #expect(try project.program.run("quarantine", "list", name, "-o", "json").output == "[]\n")
            }
            let wrong = try project.program.run("quarantine", "show", "usres")
            #expect(wrong.status == 2)
            #expect(wrong.messages.contains("try: ingot quarantine show users"), "\(wrong.messages)")
            _ = try project.program.run("run")
        }
    }

    @Test func `A command that is misspelled is named, and options of every command may come first`() throws {
        let project = try TemporaryProject()
        let wrong = try project.program.run("stauts")
        #expect(wrong.status == 2)
        #expect(wrong.messages.contains("there is no command \"stauts\""))
        #expect(wrong.messages.contains("try: ingot status"))
        let outside = Program(folder: NSTemporaryDirectory())
        let first = try outside.run("-C", project.folder, "--environment=dev", "query", "SELECT 1 AS n", "-o", "json")
        #expect(first.output == "[\n  {\"n\": 1}\n]\n", "\(first.messages)")
        let dashes = try outside.run("-C", project.folder, "query", "-o", "csv", "--", "SELECT 2 AS n")
        #expect(dashes.output == "n\n2\n", "\(dashes.messages)")
        #expect(try outside.run("--no-color", "--help").status == 0)
        #expect(try outside.run("-C").status == 2)
    }

    @Test(arguments: [
        (["runs", "--limit=-1"], 2, "--limit is a number from 1 on"),
        (["runs", "--limit", "-1"], 2, "--limit is a number from 1 on"),
        (["query", "SELECT 1", "--limit", "-1"], 2, "--limit is a number of rows, 0 or more"),
        (["objects", "--limit", "0"], 2, "--limit is a number from 1 on"),
        (["quarantine", "show", "users", "--limit=-3"], 2, "--limit is a number from 1 on"),
        (["trace", "silver.users", "id=1", "--limit=0"], 2, "--limit is a number from 1 on"),
        (["runs", "show", "zzz"], 2, "no run has an id that begins with \"zzz\""),
        (["runs", "show", ""], 2, "more than one run has an id that begins with \"\""),
        (["runs", "--select", "nobody"], 0, "There are no runs of nobody yet."),
        (["trace", "silver.users", "id=99"], 1, "try: ingot quarantine show users"),
        (["trace", "gold.silver", "id=99"], 1, "try: ingot query"),
        (["generate", "zebras"], 2, "try: ingot generate --list"),
        (["init", "--from", "nothing.csv"], 2, "there is no file nothing.csv"),
        (["query", "-f", "nothing.sql"], 2, "the file nothing.sql cannot be read"),
        (["query", "SELECT 1; SELECT 2"], 2, "try: run the statements one by one"),
        (["query", "SELECT id FROM silver.users ORDER BY 9"], 2, "error[ING0503]: ORDER term out of range"),
        (["status", "-C", "/nowhere"], 2, "try: ingot init"),
    ])
    func `Wrong use is answered with what to do`(arguments: [String], status: Int, message: String) throws {
        var files = TemporaryProject.users
        files["models/silver.sql"] = "SELECT id FROM silver.users"
        let project = try TemporaryProject(files)
        _ = try project.program.run("run")
        let outcome = try project.program.run(list: arguments)
        #expect(Int(outcome.status) == status, "\(outcome.messages)")
        #expect(outcome.output.isEmpty)
        #expect(outcome.messages.contains(message), "\(outcome.messages)")
    }

    @Test func `The doctor misses the templates of a program that was copied alone`() throws {
        let project = try TemporaryProject()
        let finding = { (program: Program) in
            let outcome = try program.run("doctor", "-o", "json")
            return try JSON(parsing: outcome.output).arrayValue?.first { $0["subject"] == "templates" }
        }
        #expect(try finding(project.program)?["verdict"] == "ok")
        var lost = project.program
        lost.variables["INGOT_EXAMPLES"] = "/nowhere"
        let found = try finding(lost)
        #expect(found?["verdict"] == "warn")
        #expect(found?["detail"] == "there are none in /nowhere")
    }

    @Test func `A reader that goes away is no error, and a full disk is one`() throws {
        let project = try TemporaryProject(["ingot.yml": "name: accounts\n"])
        let query = "query -o csv 'SELECT * FROM range(1000000)'"
        let closed = try project.shell("{ \"$INGOT\" \(query); echo $? >&2; } | head -n 1")
        #expect(closed.output == "range\n")
        #expect(closed.messages == "141\n")
        guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
        let full = try project.shell("\"$INGOT\" \(query) > /dev/full")
        #expect(full.status == 1)
        #expect(full.messages.contains("error[ING0811]: the output cannot be written"), "\(full.messages)")
    }

    @Test func `Ctrl-C ends a run with status 130, and the next run completes it`() throws {
        var files = TemporaryProject.users
        let row = "1,a@example.com,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z\n"
        files["landing/users/a.csv"] = "id,email,created,updated\n" + String(repeating: row, count: 300_000)
        let project = try TemporaryProject(files)
        let running = try project.program.start("run")
        // It has begun once it has taken the file to bronze.
        while running.process.isRunning, !FileManager.default.fileExists(atPath: project.folder + "/bronze") {
            usleep(1_000)
        }
        running.process.interrupt()
        let stopped = try running.finish()
        #expect(stopped.status == 130, "\(stopped.messages)")
        #expect(stopped.messages.contains("stopped by Ctrl-C"))
        let next = try project.program.run("run")
        #expect(next.status == 0, "\(next.messages)")
        let count = try project.program.run("query", "SELECT count(*) AS n FROM silver.users", "-o", "csv")
        #expect(count.output == "n\n300000\n")
    }
}

extension TemporaryProject {
    /// Runs a line of the shell in the project's folder; `$INGOT` is the program.
    fileprivate func shell(_ line: String) throws -> Program.Outcome {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", line]
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = ProcessInfo.processInfo.environment.merging(["INGOT": Program.path]) { $1 }
        let (output, messages) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, messages)
        try process.run()
        let texts = try [output, messages].map { pipe in
            String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        }
        process.waitUntilExit()
        return Program.Outcome(status: process.terminationStatus, output: texts[0], messages: texts[1])
    }
}
