import Foundation
import JSONTree
import Testing

/// Exactly once, whatever dies and however many run: the tables are always those of one undisturbed run.
@Suite("Killed and simultaneous runs", .timeLimit(.minutes(30)))
struct CrashTests {
    /// Two records of every object are sound, one is rejected; objects revise each other's keys and share days.
    private static func object(_ number: Int) -> String {
        let day = 1 + number % 5
        return """
            id,day,amount
            \(number % 20),2026-01-0\(day),\(number).5
            \(100 + number),2026-01-0\(day),1.25
            \(200 + number),2026-01-0\(day),none

            """
    }

    private static let files = [
        "ingot.yml": "name: accounts\nsettings: {gc_min_age: 0s}\n",
        "pipelines/sales.yml": """
        pipeline: sales
        source: {path: landing/, format: csv}
        columns:
          - {name: id, data_type: bigint, not_null: true}
          - {name: day, data_type: date, not_null: true}
          - {name: amount, data_type: "decimal(18,2)", not_null: true}
        unique_key: [id]
        dedup_sort: [_source_file desc]
        silver: {table: silver.sales, event_time: day, partition_by: [day(day)]}
        """,
        "models/gold/daily.sql": """
        /* @ingot
        materialized: incremental
        incremental_strategy: delete+insert
        event_time: day
        batch_size: day
        */
        SELECT day, count(*) AS sales, sum(amount) AS total FROM silver.sales GROUP BY 1
        """,
    ]

    private static let rounds = 24

    private static func add(_ round: Int, to project: TemporaryProject) throws {
        for number in [round * 2, round * 2 + 1] {
            try project.write(object(number), to: "landing/\(number / 10)\(number % 10).csv")
        }
    }

    /// What the tables say, without what differs from run to run.
    private static func contents(of project: TemporaryProject) throws -> [String] {
        try project.answers(to: [
            "SELECT id, day, amount, _source_file FROM silver.sales ORDER BY ALL",
            "SELECT _source_file, _source_row, raw, reasons FROM quarantine.sales ORDER BY ALL",
            "SELECT * FROM gold.daily ORDER BY ALL",
        ])
    }

    private static func undisturbed() throws -> [String] {
        let project = try TemporaryProject(files)
        for round in 0..<rounds { try add(round, to: project) }
        #expect(try project.program.run("run").status == 0)
        return try contents(of: project)
    }

    @Test func `Runs that are killed at any moment lose nothing and double nothing`() throws {
        let project = try TemporaryProject(Self.files)
        var killed = 0
        for round in 0..<Self.rounds {
            try Self.add(round, to: project)
            // Later and later: the first dies before it has begun, the last when all is done.
            if try project.program.runAndKill(after: .milliseconds(round * round * 3), "run") { killed += 1 }
        }
        #expect(killed > Self.rounds / 2)
        let last = try project.program.run("run", "--output", "json")
        #expect(last.status == 0, "\(last.messages)")
        #expect(try Self.contents(of: project) == Self.undisturbed())

        let again = try project.program.run("run", "--output", "json")
        #expect(try JSON(parsing: again.output)["runs"]?[0]?["status"] == "up_to_date")
        let entries = try project.program.run("objects", "--output", "json")
        let objects = try #require(try JSON(parsing: entries.output).arrayValue)
        #expect(objects.count == Self.rounds * 2)
        #expect(objects.allSatisfy { $0["state"] == "loaded" }, "\(entries.output)")
        let left = try FileManager.default.subpathsOfDirectory(atPath: project.folder + "/lake")
        #expect(left.filter { $0.contains(".staging/") } == [], "staged files are left")
    }

    /// The program in a container of its own: another name of the machine, and process numbers that are its own.
    private static func contained(_ project: TemporaryProject, _ arguments: String...) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
        let script = "hostname container; exec \(Program.path) \(arguments.joined(separator: " "))"
        process.arguments = ["--uts", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", script]
        process.currentDirectoryURL = URL(fileURLWithPath: project.folder)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    #if os(Linux)
    @Test(.enabled(if: geteuid() == 0, "only root makes containers"))
    func `What a container that was killed had taken is taken over from another one, and of one that lives is not`()
        throws
    {
        let project = try TemporaryProject(Self.files)
        for round in 0..<Self.rounds {
            try Self.add(round, to: project)
            let process = try Self.contained(project, "run")
            usleep(UInt32(50_000 + round * 10_000))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        let last = try project.program.run("run")
        #expect(last.status == 0, "\(last.messages)")
        #expect(try Self.contents(of: project) == Self.undisturbed())
        let objects = try JSON(parsing: try project.program.run("objects", "--output", "json").output)
        #expect(objects.arrayValue?.allSatisfy { $0["state"] == "loaded" } == true, "\(objects)")
        // Both at once: each has its share, and neither takes what the other one holds.
        for round in Self.rounds..<2 * Self.rounds { try Self.add(round, to: project) }
        let other = try Self.contained(project, "run")
        #expect(try project.program.run("run").status == 0)
        other.waitUntilExit()
        #expect(other.terminationStatus == 0)
    }
    #endif

    @Test func `Runs at the same time share the work`() throws {
        let project = try TemporaryProject(Self.files)
        for round in 0..<Self.rounds {
            try Self.add(round, to: project)
            guard round % 8 == 7 else { continue }
            let running = try (0..<3).map { _ in try project.program.start("run") }
            for process in running {
                let outcome = try process.finish()
                #expect(outcome.status == 0, "\(outcome.output)\(outcome.messages)")
            }
        }
        #expect(try project.program.run("run").status == 0)
        #expect(try Self.contents(of: project) == Self.undisturbed())
    }
}
