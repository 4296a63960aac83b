import Foundation
import JSONTree
import Testing

/// Files that are written while `ingot run` copies them: what is committed is always a state that the file had.
@Suite("Files that change while they are read", .timeLimit(.minutes(30)))
struct ChangingFileTests {
    private static let files = [
        "ingot.yml": "name: accounts\n",
        "pipelines/things.yml": """
        pipeline: things
        source: {path: landing/, format: csv}
        columns:
          - {name: id, data_type: bigint, not_null: true}
          - {name: mark, data_type: varchar, not_null: true}
        silver: {table: silver.things}
        """,
    ]

    private static let rounds = 6
    private static let rowCount = 200_000

    /// `count` records, each of the same length.
    private static func text(_ count: Int, from start: Int = 0, mark: String) -> Data {
        var text = start == 0 ? "id,mark\n" : ""
        for number in start..<start + count { text += "\(1_000_000_000 + number),\(mark)\n" }
        return Data(text.utf8)
    }

    private static func contents(of project: TemporaryProject) throws -> [String] {
        try [
            "SELECT count(*), count(DISTINCT id), min(id), max(id), min(mark), max(mark) FROM silver.things",
            "SELECT raw, reasons FROM quarantine.things ORDER BY ALL",
        ].map { sql in
            let outcome = try project.program.run("query", sql, "--output", "csv")
            try #require(outcome.status == 0, "\(outcome.messages)")
            return outcome.output
        }
    }

    /// Runs while the file changes again and again, then once when it is at rest; gives how many versions were taken.
    private static func run(
        _ project: TemporaryProject,
        changing change: (Int, () -> Bool) throws -> Void
    ) throws -> Int {
        for round in 0..<rounds {
            let running = try project.program.start("run")
            try change(round) { running.process.isRunning }
            let outcome = try running.finish()
            // A file that goes on changing is left to the next run, and nothing else may go wrong.
            #expect(outcome.status == 0 || outcome.messages.contains("error[ING0385]"), "\(outcome.messages)")
            if outcome.status != 0 {
                #expect(outcome.messages.contains("landing/a.csv"), "\(outcome.messages)")
                #expect(outcome.messages.contains("try: "), "\(outcome.messages)")
            }
        }
        let last = try project.program.run("run", "--output", "json")
        #expect(last.status == 0, "\(last.messages)")
        let again = try project.program.run("run", "--output", "json")
        #expect(try JSON(parsing: again.output)["runs"]?[0]?["status"] == "up_to_date")
        let objects = try project.program.run("objects", "--output", "json")
        return try #require(try JSON(parsing: objects.output).arrayValue).count
    }

    private static func fresh(_ path: String) throws -> [String] {
        let project = try TemporaryProject(files)
        try FileManager.default.createDirectory(atPath: project.folder + "/landing", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: path, toPath: project.folder + "/landing/a.csv")
        #expect(try project.program.run("run").status == 0)
        return try contents(of: project)
    }

    @Test func `A file that grows is taken as it was at some moment, and at last whole`() throws {
        let project = try TemporaryProject(Self.files)
        try project.write("", to: "landing/a.csv")
        let path = project.folder + "/landing/a.csv"
        try Self.text(Self.rowCount, mark: "a").write(to: URL(fileURLWithPath: path))
        let output = try #require(FileHandle(forWritingAtPath: path))
        try output.seekToEnd()
        var written = Self.rowCount
        let versions = try Self.run(project) { _, isRunning in
            while isRunning() {
                try output.write(contentsOf: Self.text(100, from: written, mark: "a"))
                written += 100
                usleep(2_000)
            }
        }
        try output.close()
        let contents = try Self.contents(of: project)
        #expect(try contents == Self.fresh(path))
        #expect(contents[0].hasSuffix("\n\(written),\(written),1000000000,\(1_000_000_000 + written - 1),a,a\n"))
        #expect(versions >= 1)
    }

    @Test func `A file that is cut and written anew is never a mixture of the two`() throws {
        let project = try TemporaryProject(Self.files)
        try project.write("", to: "landing/a.csv")
        let path = project.folder + "/landing/a.csv"
        try Self.text(Self.rowCount, mark: "first").write(to: URL(fileURLWithPath: path))
        _ = try Self.run(project) { round, isRunning in
            let whole = Self.text(Self.rowCount, mark: "round\(round)")
            repeat {
                let output = try #require(FileHandle(forWritingAtPath: path))
                try output.truncate(atOffset: 0)
                try output.write(contentsOf: whole.prefix(whole.count / 2))
                usleep(3_000)
                try output.write(contentsOf: whole.suffix(from: whole.count / 2))
                try output.close()
                usleep(20_000)
            } while isRunning()
        }
        let contents = try Self.contents(of: project)
        #expect(try contents == Self.fresh(path))
        let mark = "round\(Self.rounds - 1)"
        #expect(contents[0].hasSuffix("\n\(Self.rowCount),\(Self.rowCount),1000000000,1000199999,\(mark),\(mark)\n"))
    }

    @Test func `A file that is replaced is the old one or the new one at every moment`() throws {
        let project = try TemporaryProject(Self.files)
        try project.write("", to: "landing/a.csv")
        let path = project.folder + "/landing/a.csv"
        try Self.text(Self.rowCount, mark: "first").write(to: URL(fileURLWithPath: path))
        _ = try Self.run(project) { round, isRunning in
            var number = 0
            repeat {
                number += 1
                let next = project.folder + "/next.csv"
                try Self.text(Self.rowCount, mark: "\(round)-\(number)").write(to: URL(fileURLWithPath: next))
                #expect(rename(next, path) == 0)
            } while isRunning()
            guard round > 0 else { return }
            let seen = try Self.contents(of: project)[0].split(separator: "\n")[1].split(separator: ",")
            #expect(seen[0] == "\(Self.rowCount)" && seen[1] == "\(Self.rowCount)")
            #expect(seen[4] == seen[5], "silver holds rows of two files: \(seen)")
        }
        #expect(try Self.contents(of: project) == Self.fresh(path))
    }
}
