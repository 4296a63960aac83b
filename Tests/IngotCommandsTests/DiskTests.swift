#if os(Linux)
import Foundation
import Testing

/// A command that is ended right before any one of its changes of files, by kill -9 or by a loss of power.
///
/// The changes have names, such as `rename lake/silver/sales/metadata/#.metadata.json`. A loss of power takes all bytes and
/// names that were not synced.
@Suite("Ended before any change of a file", .timeLimit(.minutes(30)))
struct DiskTests {
    /// How a command ends before its time.
    enum End: Sendable, CaseIterable {
        case kill, lossOfPower
    }

    /// What is ended before its time.
    enum Work: Sendable, CaseIterable {
        case run, compaction

        var command: [String] { self == .run ? ["run"] : ["tables", "compact"] }
        /// How it ends that nothing disturbs: in a run, the file that fails does so each time.
        var status: Int32 { self == .run ? 1 : 0 }
        /// How many different changes it has to be ended at at least.
        var endings: Int { self == .run ? 30 : 15 }
    }

    /// A project in which there is work to do, and which can be put back to that state.
    private struct Stage: Sendable {
        let work: Work
        let project: TemporaryProject
        let saved: String
        let library: String

        init(_ work: Work) throws {
            self.work = work
            var files = SalesProject.files
            for number in 0..<2 { files["landing/\(number).csv"] = SalesProject.object(number, keys: 3) }
            project = try TemporaryProject(files)
            try #require(try project.program.run("run").status == 0)
            // A newer version of a file, a new file that takes a row's place, and a first file that fails as a whole.
            try project.write(SalesProject.object(7, keys: 3), to: "landing/1.csv")
            try project.write(SalesProject.object(3, keys: 3), to: "landing/2.csv")
            try project.write("id\nnone\n", to: "strict/a.csv")
            if work == .compaction { try #require(try project.program.run("run").status == 1) }
            saved = project.folder + ".saved"
            try Self.shell("cp -a '\(project.folder)' '\(saved)'")
            library = project.folder + ".disk.so"
            let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Faults/disk.c"
            try Self.shell("cc -shared -fPIC -O1 -o '\(library)' '\(source)' -ldl -lpthread")
        }

        /// Puts everything back, at the same place, since tables hold the paths of their files.
        func restore() throws {
            try Self.shell("rm -rf '\(project.folder)' && cp -a '\(saved)' '\(project.folder)'")
        }

        /// A program whose changes of files are watched.
        func program(_ variables: [String: String]) -> Program {
            let own = ["LD_PRELOAD": library, "DISK_ROOT": project.folder]
            return Program(folder: project.folder, variables: own.merging(variables) { $1 })
        }

        /// How often the work makes each change.
        func changes() throws -> [String: Int] {
            let log = project.folder + ".log"
            let outcome = try program(["DISK_LOG": log]).run(list: work.command)
            try #require(outcome.status == work.status, "\(outcome.messages)")
            let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
            return lines.reduce(into: [:]) { $0[String($1), default: 0] += 1 }
        }

        /// Starts the work, which ends at a change; says whether it came to that.
        func run(endingAt change: String, _ occurrence: Int, by end: End) throws -> Bool {
            var variables = ["DISK_STOP": "\(occurrence) \(change)"]
            if end == .lossOfPower { variables["DISK_POWER"] = "1" }
            let running = try program(variables).start(work.command)
            _ = try running.finish()
            return running.process.terminationReason == .uncaughtSignal
        }

        /// The rows of all tables, and what the ledger says.
        func contents() throws -> [String] {
            let objects = try project.program.run("objects", "--output", "csv")
            let columns = objects.output.split(separator: "\n").map { line in
                line.split(separator: ",", omittingEmptySubsequences: false).prefix(3).joined(separator: ",")
            }
            let rows = try project.program.run(
                "query",
                """
                SELECT id::VARCHAR, day::VARCHAR, _source_file FROM silver.sales UNION ALL
                SELECT _source_file, _source_row::VARCHAR, raw::VARCHAR FROM quarantine.sales UNION ALL
                SELECT 'gold', day::VARCHAR, sales::VARCHAR FROM gold.daily ORDER BY ALL
                """,
                "--output",
                "csv"
            )
            try #require(rows.status == 0 && objects.status == 0, "\(rows.messages)\(objects.messages)")
            return [rows.output] + columns.sorted()
        }

        private static func shell(_ script: String) throws {
            let outcome = try Shell.run(script)
            try #require(outcome.status == 0, "\(outcome.text)")
        }
    }

    /// What the same work brought about once it had ended before its time.
    private struct Recovery: Sendable {
        var status: Int32
        var messages: String
        var contents: [String]
        /// Staged files that nobody needs.
        var left: [String]
    }

    @Test(arguments: Work.allCases, End.allCases)
    func `Done again, it brings everything to where it would have come undisturbed`(
        work: Work,
        end: End
    ) async throws {
        let stage = try await apart { try Stage(work) }
        let (changes, expected) = try await apart { (try stage.changes(), try stage.contents()) }
        #expect(changes.keys.contains("rename lake/silver/sales/metadata/#.metadata.json"))
        #expect(changes.keys.contains("sync .ingot/state.db-wal"))
        var (ended, missed) = (0, 0)
        for (change, count) in changes.sorted(by: { $0.key < $1.key }) {
            // A kill keeps what is written, so it matters only where a file gets or loses its name; of the state's
            // writes, which are many, one in the middle is taken.
            if end == .kill && ["create", "write"].contains(change.prefix { $0 != " " }) { continue }
            let occurrence = change == "write .ingot/state.db-wal" ? count / 2 : end == .kill ? 1 : count
            guard let recovery = try await apart({ try Self.recovery(stage, change, occurrence, end) }) else {
                missed += 1
                continue
            }
            ended += 1
            #expect(recovery.status == work.status, "\(change): \(recovery.messages)")
            #expect(recovery.contents == expected, "\(change)")
            #expect(recovery.left == [], "\(change)")
        }
        // Threads may make a few changes less, or in another order.
        #expect(ended > work.endings && missed * 10 < ended, "\(ended) ended, \(missed) did not")
    }

    /// Ends the work at a change, and does it again; `nil` if it does not come to the change.
    private static func recovery(_ stage: Stage, _ change: String, _ occurrence: Int, _ end: End) throws -> Recovery? {
        try stage.restore()
        guard try stage.run(endingAt: change, occurrence, by: end) else { return nil }
        let next = try stage.project.program.run(list: stage.work.command)
        let left = try FileManager.default.subpathsOfDirectory(atPath: stage.project.folder + "/lake")
        return Recovery(
            status: next.status,
            messages: next.messages,
            contents: try stage.contents(),
            left: left.filter { $0.contains(".staging/") }
        )
    }

    @Test func `What a run has done when it says so survives a loss of power`() async throws {
        let (isEnded, contents, expected) = try await apart {
            let stage = try Stage(.run)
            _ = try stage.changes()
            let expected = try stage.contents()
            try stage.restore()
            return (try stage.run(endingAt: "exit", 1, by: .lossOfPower), try stage.contents(), expected)
        }
        #expect(isEnded)
        #expect(contents == expected)
    }
}
#endif
