import Foundation
import JSONTree
import Testing

/// Others are told of every run: the real program, the official schemas, a receiver that comes and goes.
@Suite("Lineage", .timeLimit(.minutes(30)))
struct LineageTests {
    private static func files(_ lineage: String) -> [String: String] {
        var files = SalesProject.files
        files["ingot.yml"] = "name: accounts\nsettings: {gc_min_age: 0s, max_receives: 2}\nlineage: \(lineage)\n"
        return files
    }

    private static func events(_ path: String) throws -> [JSON] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return try text.split(separator: "\n").map { try JSON(parsing: String($0)) }
    }

    /// Every run of the log, with its kind, has a start and the end that the log says.
    private static func expectAgreement(of path: String, with project: TemporaryProject) throws {
        let listed = try project.program.run("runs", "--limit", "10000", "--output", "json")
        let runs = try #require(try JSON(parsing: listed.output).arrayValue)
        var ends: [String: Int] = [:]
        for run in runs {
            switch run["status"]?.stringValue {
            case "succeeded": ends["COMPLETE", default: 0] += 1
            case "failed": ends["FAIL", default: 0] += 1
            default: ends["ABORT", default: 0] += 1
            }
        }
        var told: [String: Int] = [:]
        var seen: Set<String> = []
        for event in try events(path) where seen.insert(event.text()).inserted {
            told[event["eventType"]?.stringValue ?? "", default: 0] += 1
        }
        #expect(told["START"] == runs.count)
        for type in ["COMPLETE", "FAIL", "ABORT"] { #expect(told[type] == ends[type], "\(type)") }
    }

    @Test func `Runs are told to a file with their inputs, outputs and counts`() throws {
        let project = try TemporaryProject(Self.files("{file: lineage/events.jsonl}"))
        try project.write(SalesProject.object(1), to: "landing/1.csv")
        try project.write("id\nx\n", to: "strict/bad.csv")
        #expect(try project.program.run("run").status == 1, "an object is refused")
        let path = project.folder + "/lineage/events.jsonl"
        let events = try Self.events(path)
        let sales = events.filter { $0["job"]?["name"] == "sales" }
        #expect(sales.map { $0["eventType"] } == ["START", "COMPLETE"])
        let end = try #require(sales.last)
        #expect(end["job"]?["namespace"] == "accounts/dev")
        let source = try #require(end["inputs"]?[0])
        let folder = URL(fileURLWithPath: project.folder).path
        #expect(source["namespace"] == "file" && source["name"] == .string("\(folder)/landing"))
        #expect(source["inputFacets"]?["inputStatistics"]?["rowCount"] == 3)
        #expect(source["inputFacets"]?["inputStatistics"]?["fileCount"] == 1)
        let size = Int64(SalesProject.object(1).utf8.count)
        #expect(source["inputFacets"]?["inputStatistics"]?["size"] == .integer(size))
        let outputs = end["outputs"]?.arrayValue ?? []
        let names = outputs.map { $0["facets"]?["symlinks"]?["identifiers"]?[0]?["name"] }
        #expect(names == ["silver.sales", "quarantine.sales"])
        #expect(outputs.map { $0["outputFacets"]?["outputStatistics"]?["rowCount"] } == [2, 1])
        #expect(outputs[0]["facets"]?["columnLineage"]?["fields"]?["day"]?["inputFields"]?[0]?["field"] == "day")
        let snapshots = try project.program.run("tables", "history", "silver.sales", "--output", "json")
        let snapshot = try JSON(parsing: snapshots.output)[0]?["snapshot_id"]
        let version = outputs[0]["facets"]?["version"]?["datasetVersion"]?.stringValue
        #expect(version != nil && version == snapshot?.stringValue ?? snapshot?.text())

        let model = events.filter { $0["job"]?["name"] == "daily" }
        #expect(model.map { $0["eventType"] } == ["START", "COMPLETE"])
        #expect(model.last?["inputs"]?[0]?["name"] == outputs[0]["name"], "the model reads what the pipeline wrote")
        #expect(model.last?["inputs"]?[0]?["facets"]?["version"] == outputs[0]["facets"]?["version"])
        #expect(try project.program.run("run").status == 1)
        try Self.expectAgreement(of: path, with: project)
        guard Peer.isPresent else { return }
        try Peer.run("openlineage_events.py", [path])
    }

    @Test func `A run that fails says why, and one that was killed is ended by the next`() throws {
        let project = try TemporaryProject(Self.files("{file: events.jsonl, namespace: house}"))
        try project.write(SalesProject.object(1), to: "landing/1.csv")
        let broken = "/* @ingot\nmaterialized: table\n*/\nSELECT CAST(day AS INT) AS m FROM silver.sales\n"
        try project.write(broken, to: "models/gold/broken.sql")
        _ = try project.program.run("run")
        let path = project.folder + "/events.jsonl"
        let failures = try Self.events(path).filter { $0["eventType"] == "FAIL" }
        #expect(failures.map { $0["job"]?["name"] } == ["broken"])
        #expect(failures[0]["run"]?["facets"]?["errorMessage"]?["message"]?.stringValue?.contains("ING") == true)
        #expect(failures[0]["job"]?["namespace"] == "house")
        try FileManager.default.removeItem(atPath: project.folder + "/models/gold/broken.sql")
        var killed = 0
        for round in 0..<40 {
            try project.write(SalesProject.object(10 + round), to: "landing/\(10 + round).csv")
            if try project.program.runAndKill(after: .milliseconds(60 + round * 6), "run") { killed += 1 }
        }
        #expect(killed > 5)
        _ = try project.program.run("run")
        let aborted = try Self.events(path).filter { $0["eventType"] == "ABORT" }
        #expect(!aborted.isEmpty, "none of \(killed) killed runs had begun")
        try Self.expectAgreement(of: path, with: project)
        guard Peer.isPresent else { return }
        try Peer.run("openlineage_events.py", [path])
    }

    @Test(.enabled(if: Peer.isPresent, "outside clients are not installed: run Scripts/python-peers"))
    func `A receiver that is down gets everything later, also from services that are killed`() throws {
        let port = UInt16.random(in: 20_000...30_000)
        let project = try TemporaryProject(
            Self.files("{url: \"http://127.0.0.1:\(port)/api/v1/lineage\", token: \"${secret:lineage}\"}")
        )
        var program = project.program
        program.variables = ["INGOT_SECRET_LINEAGE": "lineage-token"]
        let path = project.folder + "/received.jsonl"
        try project.write(SalesProject.object(0), to: "landing/0.csv")
        let alone = try program.run("run")
        #expect(alone.status == 0, "nobody to tell holds up nothing: \(alone.messages)")
        #expect(alone.messages.contains("error[ING0823]") && !alone.messages.contains("lineage-token"))
        var random = SystemRandomNumberGenerator()
        let words = ["\(port)", path, "lineage-token"]
        for round in 1...12 {
            let receiver = round % 3 == 0 ? nil : try Peer.start("lineage_receiver.py", words)
            let service = try program.start("serve", "--port", "0")
            for number in 0..<4 {
                try project.write(SalesProject.object(round * 4 + number), to: "landing/\(round * 4 + number).csv")
                usleep(UInt32.random(in: 0..<120_000, using: &random))
            }
            usleep(UInt32.random(in: 0..<900_000, using: &random))
            kill(service.process.processIdentifier, SIGKILL)
            _ = try service.finish()
            receiver.map(Peer.kill)
        }
        let receiver = try Peer.start("lineage_receiver.py", words)
        #expect(try program.run("run").status == 0)
        var messages = "waiting"
        for _ in 0..<100 where messages.contains("wait") { messages = try program.run("maintain").messages }
        Peer.kill(receiver)
        #expect(!messages.contains("error"), "\(messages)")
        try Self.expectAgreement(of: path, with: project)
        try Peer.run("openlineage_events.py", [path])
    }

    /// A program whose project has 24 events that nobody has taken yet, and the words for the receiver that they go to.
    private static func waiting(_ port: UInt16) throws -> (TemporaryProject, Program, words: [String]) {
        let project = try TemporaryProject(
            files("{url: \"http://127.0.0.1:\(port)/api/v1/lineage\", token: \"${secret:lineage}\"}")
        )
        var program = project.program
        program.variables = ["INGOT_SECRET_LINEAGE": "lineage-token"]
        for number in 0..<6 {
            try project.write(SalesProject.object(number), to: "landing/\(number).csv")
            try #require(try program.run("run").status == 0)
        }
        return (project, program, ["\(port)", project.folder + "/received.jsonl", "lineage-token"])
    }

    @Test(.enabled(if: Peer.isPresent, "outside clients are not installed: run Scripts/python-peers"))
    func `A slow receiver holds up a command, and the end of a service, for ten seconds at most`() async throws {
        try await apart {
            let (project, program, words) = try Self.waiting(UInt16.random(in: 20_000...30_000))
            defer { withExtendedLifetime(project) {} }
            let receiver = try Peer.start("lineage_receiver.py", words + ["201", "4"])
            defer { Peer.kill(receiver) }
            let clock = ContinuousClock()
            var start = clock.now
            #expect(try program.run("maintain").status == 0)
            let command = clock.now - start
            // All that waits takes a minute and a half.
            #expect(command > .seconds(8) && command < .seconds(60), "\(command)")
            let service = try program.start("serve", "--port", "0")
            sleep(6)
            service.process.terminate()
            start = clock.now
            #expect(try service.finish().status == 0)
            let end = clock.now - start
            #expect(end < .seconds(60), "\(end)")
            // Two by the command and some by the service; at each end one may have been on its way.
            let received = try Self.events(words[1]).map { $0.text() }
            #expect(received.count >= 4 && Set(received).count >= received.count - 2, "\(received.count)")
        }
    }

    @Test(.enabled(if: Peer.isPresent, "outside clients are not installed: run Scripts/python-peers"))
    func `Events that are refused are told once for a reason, with their number and the first one's run`() async throws
    {
        try await apart {
            let (project, program, words) = try Self.waiting(UInt16.random(in: 20_000...30_000))
            defer { withExtendedLifetime(project) {} }
            let receiver = try Peer.start("lineage_receiver.py", words + ["422", "0"])
            defer { Peer.kill(receiver) }
            let said = try program.run("maintain").messages
            let run = try #require(try Self.events(words[1]).first?["run"]?["runId"]?.stringValue)
            #expect(said.contains("refused for good: START of the run \(run) of sales and 23 more: http"), "\(said)")
            #expect(said.ranges(of: "answered 422").count == 1)
            #expect(try program.run("maintain").messages.contains("refused") == false)
        }
    }

    @Test func `Runs at once append whole lines, and the piece of a line that was left is cut off`() throws {
        let project = try TemporaryProject(Self.files("{file: events.jsonl}"))
        let path = project.folder + "/events.jsonl"
        for round in 0..<6 {
            for number in 0..<3 {
                try project.write(SalesProject.object(round * 3 + number), to: "landing/\(round * 3 + number).csv")
            }
            let running = try (0..<3).map { _ in try project.program.start("run") }
            for process in running { #expect(try process.finish().status == 0) }
            let handle = try #require(FileHandle(forWritingAtPath: path))
            try handle.seekToEnd()
            try handle.write(contentsOf: Data("{\"eventType\": \"STA".utf8))
            try handle.close()
        }
        try project.write(SalesProject.object(99), to: "landing/99.csv")
        #expect(try project.program.run("run").status == 0)
        try Self.expectAgreement(of: path, with: project)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let lines = text.split(separator: "\n")
        #expect(text.hasSuffix("\n") && Set(lines).count == lines.count, "nobody died, so nothing is there twice")
    }
}
