import Foundation
import IngotCore
import IngotLocal
import JSONTree
import Testing

/// Replays, undos and retries as their users run them.
@Suite("Replay and undo", .timeLimit(.minutes(30)))
struct ReplayTests {
    private static let files = SalesProject.files.merging(
        ["ingot.yml": "name: accounts\nsettings: {gc_min_age: 0s, max_receives: 20, max_files_per_trigger: 5}\n"]
    ) { $1 }

    private static func object(_ number: Int) -> String {
        SalesProject.object(number, keys: 20)
    }

    private static func project(count: Int) throws -> TemporaryProject {
        let project = try TemporaryProject(files)
        for number in 0..<count { try project.write(object(number), to: "landing/\(1000 + number).csv") }
        return project
    }

    private static let everything = ["replay", "--start", "2000-01-01", "-s", "sales"]

    /// Puts other bytes into the place of an object's copy in bronze.
    private static func damage(_ key: String, in project: TemporaryProject, _ text: String) throws {
        let objects = try JSON(parsing: try project.program.run("objects", "--output", "json").output).arrayValue
        let object = try #require(objects?.first { $0["key"]?.stringValue == key })
        let copy = try #require(object["bronze"]?.stringValue)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: copy)
        try text.write(toFile: copy, atomically: false, encoding: .utf8)
    }

    @Test func `What is not in bronze any more as it arrived is not loaded again, and costs nothing`() throws {
        let project = try Self.project(count: 3)
        #expect(try project.program.run("run", "-s", "sales", "-s", "daily").status == 0)
        let contents = try SalesProject.contents(of: project)
        let whole = Self.object(1)
        for damaged in ["", whole.replacing("101", with: "191")] {
            try Self.damage("1001.csv", in: project, damaged)
            #expect(try project.program.run("replay", "--object", "1001.csv").status == 0)
            let run = try project.program.run("run", "-s", "sales", "-s", "daily")
            #expect(run.status == 1 && (run.output + run.messages).contains("ING0387"), "\(run)")
            #expect(try SalesProject.contents(of: project) == contents)
            let runs = try project.program.run("runs", "-s", "sales", "--output", "json").output
            let last = try JSON(parsing: runs)[0]
            #expect(last?["status"] == "failed" && last?["error"]?.stringValue?.contains("ING0387") == true, "\(runs)")
        }
        try Self.damage("1001.csv", in: project, whole)
        #expect(try project.program.run("run", "-s", "sales", "-s", "daily").status == 0)
        #expect(try SalesProject.contents(of: project) == contents)
        // One whose row would have to give its key away cannot be read either.
        try Self.damage("1002.csv", in: project, "")
        try project.write("id,day\n2,2026-01-01\n", to: "landing/2000.csv")
        let rival = try project.program.run("run", "-s", "sales", "-s", "daily")
        #expect(rival.status == 1 && (rival.output + rival.messages).contains("ING0387"), "\(rival)")
        #expect(try SalesProject.contents(of: project) == contents)
    }

    @Test func `Replays and services that are killed at any moment double nothing and lose nothing`() throws {
        let calm = try Self.project(count: 40)
        #expect(try calm.program.run("run", "-s", "sales", "-s", "daily").status == 0)
        let expected = try SalesProject.contents(of: calm)

        let project = try Self.project(count: 40)
        #expect(try project.program.run("run", "-s", "sales", "-s", "daily").status == 0)
        var random = SystemRandomNumberGenerator()
        for round in 0..<12 {
            let work = round % 3 == 2 ? ["run", "-s", "sales", "-s", "daily"] : ["serve", "--port", "0"]
            let worker = try project.program.start(work)
            let replay = try project.program.start(Self.everything)
            usleep(UInt32.random(in: 0..<900_000, using: &random))
            kill(replay.process.processIdentifier, SIGKILL)
            usleep(UInt32.random(in: 0..<900_000, using: &random))
            kill(worker.process.processIdentifier, SIGKILL)
            _ = try replay.finish()
            _ = try worker.finish()
        }
        let replay = try project.program.run(list: Self.everything)
        #expect(replay.status == 0 && replay.messages.contains("40 objects wait"), "\(replay.messages)")
        #expect(try project.program.run("run", "-s", "sales", "-s", "daily").status == 0)
        #expect(try SalesProject.contents(of: project) == expected)
        let open = try project.program.run("objects", "--state", "seen", "--state", "leased", "--output", "csv")
        #expect(open.output.split(separator: "\n").count == 1, "\(open.output)")
    }

    @Test func `Undos and backfills that are killed at any moment are ended by the next command`() throws {
        let project = try Self.project(count: 8)
        #expect(try project.program.run("run", "-s", "sales", "-s", "daily").status == 0)
        var random = SystemRandomNumberGenerator()
        for number in 4..<8 {
            let time = Duration.milliseconds(Int.random(in: 50..<700, using: &random))
            _ = try project.program.runAndKill(after: time, ["objects", "undo", "\(1000 + number).csv"])
            if Bool.random(using: &random) { #expect(try project.program.run("run", "-s", "sales").status == 0) }
            let again = try project.program.run("objects", "undo", "\(1000 + number).csv")
            #expect(again.status == 0 || again.messages.contains("it is undone already"), "\(again)")
        }
        #expect(try project.program.run("run", "-s", "sales", "-s", "daily").status == 0)
        let backfill = [
            "backfill", "daily", "--start", "2026-01-01", "--end", "2026-01-06", "--batch-size", "1", "--newest-first",
        ]
        for _ in 0..<3 {
            let time = Duration.milliseconds(Int.random(in: 50..<700, using: &random))
            _ = try project.program.runAndKill(after: time, backfill)
        }
        let done = try project.program.run(list: backfill + ["--output", "json"])
        #expect(done.status == 0 && !done.output.contains("to do"), "\(done)")

        let without = try Self.project(count: 4)
        #expect(try without.program.run("run", "-s", "sales", "-s", "daily").status == 0)
        #expect(try SalesProject.contents(of: project) == SalesProject.contents(of: without))
    }

    @Test func `A service takes up what is replayed, without its file`() throws {
        let project = try Self.project(count: 2)
        #expect(try project.program.run("run", "-s", "sales").status == 0)
        let loads = "SELECT count(DISTINCT _load_id) AS n FROM silver.sales"
        #expect(try project.program.run("query", loads, "--output", "csv").output == "n\n1\n")
        try FileManager.default.removeItem(atPath: project.folder + "/landing/1001.csv")
        let service = try project.program.start("serve", "--port", "0", "-s", "sales")
        #expect(try project.program.run("replay", "--object", "1001.csv").status == 0)
        try waitFor("the second load") {
            try project.program.run("query", loads, "--output", "csv").output == "n\n2\n"
        }
        service.process.terminate()
        _ = try service.finish()
    }

    @Test func `A service ends an undo that nobody ended, also where a newer version cannot be loaded`() async throws {
        let project = try TemporaryProject(Self.files)
        try project.write("id\n1\n", to: "strict/a.csv")
        #expect(try project.program.run("run", "-s", "strict").status == 0)
        try project.write("id\nx\n", to: "strict/a.csv")
        let state = try SQLiteState(path: project.folder + "/.ingot/state.db")
        // As a command does that is killed right after it.
        let loaded = try await state.entries(matching: LedgerFilter(source: "strict"))
        #expect(try await state.undo(#require(loaded.first).id))
        try state.close()

        try await apart {
            let service = try project.program.start("serve", "--port", "0", "-s", "strict")
            let objects = ["objects", "-s", "strict", "--output", "csv", "--quiet", "--state"]
            var undone = ""
            try waitFor("the undo") {
                undone = try project.program.run(list: objects + ["undone"]).output
                return !undone.isEmpty
            }
            #expect(undone == "a.csv\n")
            service.process.terminate()
            _ = try service.finish()
            let rows = try project.program.run("query", "SELECT id FROM silver.strict", "--output", "csv")
            #expect(rows.output == "id\n", "\(rows)")
            #expect(try project.program.run(list: objects + ["failed"]).output == "a.csv\n")
            let letters = try project.program.run("dlq", "list", "--output", "json")
            #expect(letters.output.components(separatedBy: #""work": "load""#).count == 2, "\(letters)")
            #expect(!letters.output.contains(#""work": "undo""#))
        }
    }

    @Test func `A copied object arrives as what it was, and a file that is there is not overwritten`() throws {
        let project = try Self.project(count: 3)
        #expect(try project.program.run("run", "-s", "sales", "-s", "daily").status == 0)
        let expected = try SalesProject.contents(of: project)
        let gone = project.folder + "/landing/1000.csv"
        let bytes = try Data(contentsOf: URL(fileURLWithPath: gone))
        try FileManager.default.removeItem(atPath: gone)
        try project.write("id,day\n7,2026-01-01\n", to: "landing/1001.csv")
        let replay = ["replay", "--start", "2000-01-01", "-s", "sales", "--mode", "copy", "--output", "json"]
        let dry = try project.program.run(list: replay + ["--dry-run"])
        #expect(!FileManager.default.fileExists(atPath: gone))
        let copied = try project.program.run(list: replay)
        #expect(copied.output == dry.output)
        #expect(copied.output.components(separatedBy: #""action": "copy""#).count == 2, "\(copied)")
        #expect(copied.output.contains("another file is there, which is not overwritten"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: gone)) == bytes)
        try FileManager.default.removeItem(atPath: project.folder + "/landing/1001.csv")
        let run = try project.program.run("run", "-s", "sales", "-s", "daily", "--output", "json")
        #expect(run.output.contains(#""loaded": 2"#), "\(run)")
        #expect(try SalesProject.contents(of: project) == expected)
        let objects = try project.program.run("objects", "--quiet")
        #expect(objects.output == "1000.csv\n1001.csv\n1002.csv\n", "no version is new")
    }

    @Test func `An object that is undone is gone from every table, and its file does not bring it back`() throws {
        let project = try Self.project(count: 6)
        #expect(try project.program.run("run", "-s", "sales", "-s", "daily").status == 0)
        let undone = try project.program.run("objects", "undo", "1005.csv", "--output", "json")
        #expect(undone.status == 0 && undone.output.contains(#""state": "undone""#), "\(undone)")
        #expect(try project.program.run("run", "-s", "sales", "-s", "daily").status == 0)

        let without = try Self.project(count: 5)
        #expect(try without.program.run("run", "-s", "sales", "-s", "daily").status == 0)
        #expect(try SalesProject.contents(of: project) == SalesProject.contents(of: without))
        let again = try project.program.run("objects", "undo", "1005.csv")
        #expect(again.status == 1 && again.messages.contains("ING0821"), "\(again)")

        #expect(try project.program.run("replay", "--object", "1005.csv").status == 0)
        #expect(try project.program.run("run", "-s", "sales", "-s", "daily").status == 0)
        let all = try Self.project(count: 6)
        #expect(try all.program.run("run", "-s", "sales", "-s", "daily").status == 0)
        #expect(try SalesProject.contents(of: project) == SalesProject.contents(of: all))
    }

    @Test func `A dry run lists what would be, and the end does not belong to the time`() throws {
        let project = try Self.project(count: 1)
        #expect(try project.program.run("run", "-s", "sales").status == 0)
        let dry = try project.program.run("replay", "--start", "2000-01-01", "--dry-run", "--output", "json")
        #expect(dry.status == 0 && dry.output.contains(#""action": "replay""#), "\(dry)")
        let objects = try project.program.run("objects", "list", "--state", "loaded", "--quiet")
        #expect(objects.output == "1000.csv\n")
        let none = try project.program.run("replay", "--end", "2000-01-01", "--dry-run")
        #expect(none.messages.contains("No objects arrived in that time."))
        for words in [["--start", "x"], ["--start", "2026-01-02", "--end", "2026-01-02"], []] {
            #expect(try project.program.run(list: ["replay"] + words).status == 2, "\(words)")
        }
        let gone = try project.program.run("replay", "--object", "none.csv")
        #expect(gone.status == 2 && gone.messages.contains("ING0820"), "\(gone)")
    }

    @Test func `What a retry loads leaves no dead letter`() async throws {
        let project = try TemporaryProject(Self.files)
        try project.write("id\nx\n", to: "strict/bad.csv")
        try project.write("id\ny\n", to: "strict/worse.csv")
        try await apart {
            let service = try project.program.start("serve", "--port", "0", "-s", "strict")
            func letters() throws -> [String] {
                let letters = try project.program.run("dlq", "list", "--output", "csv")
                return letters.output.split(separator: "\n").dropFirst().map(String.init)
            }
            try waitFor("two dead letters") { try letters().count == 2 }
            service.process.terminate()
            _ = try service.finish()
            let pipeline = try #require(Self.files["pipelines/strict.yml"])
            try project.write(pipeline.replacing("on_row_error: fail\n", with: ""), to: "pipelines/strict.yml")
            #expect(try project.program.run("retry", "-s", "strict").status == 0)
            #expect(try letters().isEmpty)
        }
    }

    @Test func `What failed is retried, and nothing else`() throws {
        let project = try TemporaryProject(Self.files)
        try project.write("id\nx\n", to: "strict/bad.csv")
        try project.write("id\n1\n", to: "strict/good.csv")
        let failed = try project.program.run("run", "-s", "strict", "--output", "json")
        #expect(failed.status == 1)
        let pipeline = try #require(Self.files["pipelines/strict.yml"])
        try project.write(pipeline.replacing("on_row_error: fail\n", with: ""), to: "pipelines/strict.yml")
        try project.write("id\n3\n", to: "strict/new.csv")
        let retried = try project.program.run("retry", "-s", "strict", "--output", "json")
        #expect(retried.status == 0 && retried.output.contains(#""quarantined": 1"#), "\(retried)")
        let rows = try project.program.run("query", "SELECT id FROM silver.strict ORDER BY 1", "--output", "csv")
        #expect(rows.output == "id\n1\n", "what is new waits for a run")
        #expect(try project.program.run("retry", "no-such-run").status != 0)
    }
}
