import Foundation
import JSONTree
import Testing

/// What keeps a project in order: sources that are cleaned, a state that is made anew, moved or lost, retention.
@Suite("Upkeep", .timeLimit(.minutes(30)))
struct UpkeepTests {
    private static func files(_ source: String = "", project: String = "") -> [String: String] {
        [
            "ingot.yml": "name: accounts\nsettings: {gc_min_age: 0s}\n\(project)",
            "pipelines/sales.yml": """
            pipeline: sales
            source: {path: landing/, format: csv\(source)}
            columns:
              - {name: id, data_type: bigint, not_null: true}
              - {name: amount, data_type: bigint, not_null: true}
            unique_key: [id]
            dedup_sort: [_source_file desc]
            silver: {table: silver.sales}
            """,
            "models/gold/total.sql": "SELECT count(*) AS sales, sum(amount) AS total FROM silver.sales",
        ]
    }

    private static func object(_ number: Int) -> String {
        "id,amount\n\(number % 20),\(number)\n\(100 + number),1\n\(200 + number),none\n"
    }

    private static func query(_ project: TemporaryProject, _ sql: String) throws -> String {
        let outcome = try project.program.run("query", sql, "--output", "csv")
        try #require(outcome.status == 0, "\(outcome.messages)")
        return outcome.output
    }

    private static func contents(of project: TemporaryProject) throws -> [String] {
        try [
            "SELECT id, amount, _source_file FROM silver.sales ORDER BY ALL",
            "SELECT _source_file, _source_row, raw FROM quarantine.sales ORDER BY ALL",
            "SELECT * FROM gold.total",
        ].map { try query(project, $0) }
    }

    /// The ledger, without what a rebuild cannot know.
    private static func ledger(of project: TemporaryProject) throws -> [String] {
        let outcome = try project.program.run("objects", "--limit", "10000", "--output", "json")
        let objects = try #require(try JSON(parsing: outcome.output).arrayValue)
        return objects.map { object in
            ["key", "version", "state", "load_id", "run_id", "rows_silver", "rows_quarantined", "error"]
                .map { "\(object[$0] ?? .null)" }.joined(separator: " ")
        }
    }

    private static func names(in project: TemporaryProject, _ folder: String) -> [String] {
        let found = try? FileManager.default.contentsOfDirectory(atPath: "\(project.folder)/\(folder)")
        return (found ?? []).filter { !$0.hasPrefix(".ingot-tmp") }.sorted()
    }

    @Test(arguments: ["serve", "maintain"])
    func `Small files become few from time to time`(command: String) throws {
        let settings = "environments: {dev: {settings: {max_files_per_trigger: 1, auto_compact_min_files: 4}}}"
        let project = try TemporaryProject(Self.files(project: settings))
        for number in 0..<6 { try project.write(Self.object(number), to: "landing/\(number).csv") }
        try #require(try project.program.run("run").status == 0)
        let before = try Self.contents(of: project)
        if command == "serve" {
            let service = try project.program.start("serve", "--port", "0")
            func runs() throws -> String { try project.program.run("runs", "--output", "json").output }
            try waitFor("compaction") {
                try JSON(parsing: runs()).arrayValue?.count { $0["kind"] == "compaction" } == 3
            }
            service.process.terminate()
            let log = try service.finish().messages
            #expect(log.contains("compacted"), "\(log)")
        } else {
            let outcome = try project.program.run("maintain", "--output", "json")
            let done = try JSON(parsing: outcome.output).arrayValue
            #expect(done?.allSatisfy { $0["kind"] == "compaction" && $0["count"] == 6 } == true, "\(outcome.messages)")
            let names = done?.compactMap { $0["name"]?.stringValue }
            #expect(names == ["ops.objects", "quarantine.sales", "silver.sales"])
        }
        #expect(try Self.contents(of: project) == before)
        let tables = try JSON(parsing: try project.program.run("tables", "--output", "json").output).arrayValue
        #expect(tables?.compactMap { $0["files"]?.intValue } == [1, 1, 1, 1])
        let checked = try project.program.run("runs", "--output", "json")
        #expect(try JSON(parsing: checked.output).arrayValue?.allSatisfy { $0["status"] == "succeeded" } == true)
    }

    @Test func `Killed runs that clean their source lose nothing and double nothing`() throws {
        let source = ", clean_source: move, clean_source_move_destination: archive/"
        let project = try TemporaryProject(Self.files(source))
        let undisturbed = try TemporaryProject(Self.files())
        var killed = 0
        for round in 0..<16 {
            for number in [2 * round, 2 * round + 1] {
                try project.write(Self.object(number), to: "landing/\(10 + number).csv")
                try undisturbed.write(Self.object(number), to: "landing/\(10 + number).csv")
            }
            if try project.program.runAndKill(after: .milliseconds(60 + 35 * round), "run") { killed += 1 }
        }
        #expect(killed > 0)
        let last = try project.program.run("run")
        #expect(last.status == 0, "\(last.messages)")
        #expect(try undisturbed.program.run("run").status == 0)
        #expect(Self.names(in: project, "landing") == [])
        #expect(Self.names(in: project, "archive") == Self.names(in: undisturbed, "landing"))
        #expect(try Self.contents(of: project) == Self.contents(of: undisturbed))
        let objects = try JSON(parsing: try project.program.run("objects", "--output", "json").output)
        let cleanings = Set((objects.arrayValue ?? []).compactMap { $0["cleaning"]?.stringValue })
        #expect(cleanings.contains("moved") && cleanings.isSubset(of: ["moved", "gone"]))
    }

    @Test func `A service takes files out of its source, and what it could not take away before`() throws {
        let project = try TemporaryProject(Self.files(", clean_source: delete"))
        try project.write(Self.object(1), to: "landing/1.csv")
        let service = try project.program.start("serve", "--port", "0", "--log-format", "json")
        waitFor("the empty source") { Self.names(in: project, "landing").isEmpty }
        // The same bytes once more: nothing to load, and again nothing left.
        try project.write(Self.object(1), to: "landing/1.csv")
        waitFor("the empty source") { Self.names(in: project, "landing").isEmpty }
        service.process.terminate()
        #expect(try service.finish().messages.contains(#""event":"cleaned""#))
        #expect(try Self.query(project, "SELECT count(*) AS n FROM silver.sales") == "n\n2\n")
    }

    @Test func `A state that was lost is rebuilt, also by a rebuild after others that were killed`() throws {
        let project = try TemporaryProject(Self.files())
        for number in 0..<20 {
            try project.write(Self.object(number), to: "landing/\(10 + number % 7).csv")
            if number % 4 == 3 { #expect(try project.program.run("run").status == 0) }
        }
        let (ledger, contents) = (try Self.ledger(of: project), try Self.contents(of: project))
        let refused = try project.program.run("state", "rebuild")
        #expect(refused.status == 1 && refused.messages.contains("ING0607"))
        for delay in [20, 60, 100, 150, 200, 300] {
            _ = try project.program.runAndKill(after: .milliseconds(delay), "state", "rebuild", "--force")
            #expect(try Self.ledger(of: project) == ledger)
        }
        let rebuilt = try project.program.run("state", "rebuild", "--force", "--output", "json")
        #expect(rebuilt.status == 0, "\(rebuilt.messages)")
        #expect(try JSON(parsing: rebuilt.output)["problems"]?.arrayValue == [])
        #expect(try Self.ledger(of: project) == ledger)
        try FileManager.default.removeItem(atPath: "\(project.folder)/.ingot")
        #expect(try project.program.run("state", "rebuild").status == 0)
        #expect(try Self.ledger(of: project) == ledger)
        let run = try project.program.run("run", "--output", "json")
        #expect(
            try JSON(parsing: run.output)["runs"]?.arrayValue?.compactMap { $0["status"]?.stringValue } == [
                "up_to_date"
            ]
        )
        #expect(try Self.contents(of: project) == contents)
    }

    @Test func `A state is exported and imported, and holds no secret`() throws {
        let files = Self.files(project: "connections:\n  db: {type: postgres, url: \"${secret:url}\"}\n")
        let project = try TemporaryProject(files)
        try project.write(Self.object(1), to: "landing/1.csv")
        try project.write("url=postgres://user:hunter2@host/db\n", to: ".ingot/secrets")
        #expect(try project.program.run("run").status == 0)
        let ledger = try Self.ledger(of: project)
        let exported = try project.program.run("state", "export")
        #expect(exported.status == 0 && !exported.output.contains("hunter2"))
        #expect(try project.program.run("state", "export", "saved.jsonl").status == 0)
        #expect(try String(contentsOfFile: "\(project.folder)/saved.jsonl", encoding: .utf8) == exported.output)
        #expect(try project.program.run("state", "export", "saved.jsonl").status == 2)
        #expect(try project.program.run("state", "import", "saved.jsonl").messages.contains("ING0607"))
        try FileManager.default.removeItem(atPath: "\(project.folder)/.ingot/state.db")
        let broken = try project.program.run("state", "import", input: String(exported.output.dropLast(30)))
        #expect(broken.status == 1 && broken.messages.contains("ING0608"))
        #expect(try project.program.run("objects", "--quiet").output == "")
        #expect(try project.program.run("state", "import", input: exported.output).status == 0)
        #expect(try Self.ledger(of: project) == ledger)
        let run = try project.program.run("run", "--output", "json")
        #expect(try JSON(parsing: run.output)["runs"]?[0]?["status"]?.stringValue == "up_to_date")
        #expect(!Self.names(in: project, ".ingot").contains { $0.hasSuffix(".new") })
        // Also where not even the folder of the state is left.
        try FileManager.default.removeItem(atPath: "\(project.folder)/.ingot")
        #expect(try project.program.run("state", "import", "saved.jsonl").status == 0)
        #expect(try Self.ledger(of: project) == ledger)
    }

    @Test func `Work on a lake whose state was lost is refused, and goes on once it is rebuilt`() throws {
        let project = try TemporaryProject(Self.files(", clean_source: delete"))
        try project.write(Self.object(1), to: "landing/1.csv")
        #expect(try project.program.run("run").status == 0)
        let contents = try Self.contents(of: project)
        try FileManager.default.removeItem(atPath: "\(project.folder)/.ingot")
        for work in [["run"], ["serve", "--port", "0"]] {
            let refused = try project.program.run(list: work)
            #expect(refused.status == 1 && refused.messages.contains("ING0609"), "\(refused.messages)")
            #expect(refused.messages.contains("ingot state rebuild"))
        }
        #expect(try project.program.run("state", "rebuild", "--force").status == 0)
        #expect(try project.program.run("run").status == 0)
        #expect(try Self.contents(of: project) == contents)
    }

    @Test func `maintain does what a service does from time to time`() throws {
        let project = try TemporaryProject(Self.files(project: "retention: {quarantine: 1 s, logs: 1 s}\n"))
        try project.write(Self.object(1), to: "landing/1.csv")
        #expect(try project.program.run("run").status == 0)
        sleep(2)
        let swept = try project.program.run("maintain", "--output", "json")
        #expect(swept.status == 0, "\(swept.messages)")
        let kinds = try JSON(parsing: swept.output).arrayValue?.compactMap { $0["kind"]?.stringValue }
        #expect(kinds == ["quarantine", "logs"])
        #expect(try Self.query(project, "SELECT count(*) AS n FROM quarantine.sales") == "n\n0\n")
        let runs = try JSON(parsing: try project.program.run("runs", "--output", "json").output)
        let kept = Set((runs.arrayValue ?? []).compactMap { $0["kind"]?.stringValue })
        #expect(kept == ["retention"])
    }
}
