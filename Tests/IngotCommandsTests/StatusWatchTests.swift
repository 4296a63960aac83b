import Foundation
import IngotCore
import IngotLocal
import JSONTree
import Testing

/// What `ingot status --watch` writes while others work.
@Suite("Watching", .timeLimit(.minutes(30)))
struct StatusWatchTests {
    @Test func `A line is written for each change, and Ctrl-C ends it well`() throws {
        let project = try TemporaryProject(SalesProject.files)
        let watch = try project.program.start("status", "--watch", "--interval", "0.1", "--output", "json")
        func lines() throws -> [JSON] {
            try watch.output.split(separator: "\n").map { try JSON(parsing: String($0)) }
        }
        waitFor("the first line") { !watch.output.isEmpty }
        try project.write(SalesProject.object(1), to: "landing/1.csv")
        #expect(try project.program.run("run").status == 0)
        try waitFor("the commit") { try lines().last?["pipelines"]?[0]?["last_commit"] ?? .null != .null }
        sleep(1)
        let seen = try lines()
        kill(watch.process.processIdentifier, SIGINT)
        let outcome = try watch.finish()
        #expect(outcome.status == 0 && outcome.messages.isEmpty, "\(outcome.messages)")
        let first = try #require(seen.first)
        let last = try #require(seen.last)
        #expect(first["pipelines"]?[0]?["pipeline"] == "sales" && first["pipelines"]?[0]?["loaded"] == 0)
        #expect(last["pipelines"]?[0]?["loaded"] == 1 && last["pipelines"]?[0]?["dead_letters"] == 0)
        #expect(last["models"]?[0]?["model"] == "daily" && last["models"]?[0]?["computed"]?.stringValue != nil)
        #expect(last["runs"] == [] && last["executions_running"] == 0)
        #expect(seen.count < 12, "what does not change is not repeated")
    }

    @Test func `A run whose process is gone is shown as interrupted, until the next one of its name`() async throws {
        let project = try TemporaryProject(SalesProject.files)
        #expect(try project.program.run("run").status == 0)
        let state = try SQLiteState(path: project.folder + "/.ingot/state.db")
        let here = ProcessIdentity(stateFolder: project.folder + "/.ingot").current
        var gone = here
        gone.start = "before"
        for (name, owner) in [("sales", gone), ("daily", here)] {
            let started = Int64(Date().timeIntervalSince1970 * 1e9)
            let run = Run(id: "of-\(name)", loadID: name, kind: .ingest, name: name, started: started, owner: owner)
            try await state.begin(run, lineage: nil)
        }
        try state.close()
        try await apart {
            let watch = try project.program.start("status", "--watch", "--interval", "0.1", "--output", "json")
            defer { watch.process.terminate() }
            func runs() throws -> [String] {
                let line = try watch.output.split(separator: "\n").last.map { try JSON(parsing: String($0)) }
                let runs = line?["runs"]?.arrayValue ?? []
                return runs.map { "\($0["running"]?.stringValue ?? "") \($0["status"]?.stringValue ?? "")" }.sorted()
            }
            try waitFor("the first line") { try !runs().isEmpty }
            #expect(try runs() == ["daily running", "sales interrupted"])
            let listed = try project.program.run("runs", "--select", "sales", "--output", "csv")
            #expect(listed.output.contains("interrupted") && !listed.output.contains("running"), "\(listed)")
            let shown = try project.program.run("runs", "show", "of-daily", "--output", "json")
            #expect(shown.output.contains(#""status": "running""#), "\(shown)")
            try project.write(SalesProject.object(1), to: "landing/1.csv")
            #expect(try project.program.run("run", "-s", "sales").status == 0)
            try waitFor("the end of the interrupted run") { try runs() == ["daily running"] }
        }
    }

    @Test func `Elsewhere than on a terminal it writes blocks; other forms are refused`() throws {
        let project = try TemporaryProject(SalesProject.files)
        let watch = try project.program.start("status", "--watch", "--interval", "0.1")
        waitFor("the first line") { !watch.output.isEmpty }
        sleep(1)
        kill(watch.process.processIdentifier, SIGTERM)
        let outcome = try watch.finish()
        #expect(outcome.status == 0)
        #expect(outcome.output.split(separator: "\n").count { $0.hasPrefix("pipeline ") } == 1, "\(outcome.output)")
        #expect(!outcome.output.contains("\u{1B}"))
        #expect(try project.program.run("status", "--watch", "--output", "csv").status == 2)
        #expect(try project.program.run("status", "--watch", "--interval", "0").status == 2)
    }
}
