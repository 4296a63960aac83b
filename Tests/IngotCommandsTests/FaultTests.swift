import Foundation
import JSONTree
import Testing

/// Faults of the machine: they are named, nothing is lost by them, and a run after they are mended does the rest.
@Suite("Faults of the machine", .timeLimit(.minutes(30)))
struct FaultTests {
    private static let files = [
        "ingot.yml": "name: accounts\n",
        "pipelines/things.yml": """
        pipeline: things
        source: {path: landing/, format: csv}
        columns:
          - {name: id, data_type: bigint, not_null: true}
          - {name: name, data_type: varchar}
        unique_key: [id]
        dedup_sort: [_source_file desc]
        silver: {table: silver.things}
        """,
        "models/gold/total.sql": """
        /* @ingot
        materialized: table
        */
        SELECT count(*) AS n, sum(id) AS total FROM silver.things
        """,
    ]

    private static let queries = [
        "SELECT id, name, _source_file FROM silver.things ORDER BY ALL",
        "SELECT _source_file, _source_row, raw, reasons FROM quarantine.things ORDER BY ALL",
        "SELECT * FROM gold.total",
    ]

    /// A project whose three objects compress badly, revise each other, and have a bad row each.
    private static func project() throws -> TemporaryProject {
        let project = try TemporaryProject(files)
        for file in 0..<3 {
            var text = "id,name\nx,bad\n"
            var state = UInt64(file + 1)
            for number in 0..<8_000 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += "\(file * 7_000 + number),\(String(state, radix: 36))\n"
            }
            try project.write(text, to: "landing/\(file).csv")
        }
        return project
    }

    private static func contents(of project: TemporaryProject) throws -> [String] {
        try queries.map { sql in
            let outcome = try project.program.run("query", sql, "--output", "csv")
            try #require(outcome.status == 0, "\(outcome.messages)")
            return outcome.output
        }
    }

    private static let noMounts: Comment =
        "the system does not let this user mount anything, so no disk can be filled up"

    /// What a script over disks of its own left behind in its folder of results.
    private struct DiskResults {
        let folder: String

        func text(_ name: String) throws -> String {
            try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        }

        /// What each run that failed said, in their order, each checked to name the disk and what to do.
        func failures() throws -> [String] {
            var failures: [String] = []
            while let status = try? text("\(failures.count).status"), status != "0\n" {
                let told = try text("\(failures.count).run")
                failures.append(told)
                #expect(status == "1\n")
                #expect(told.contains("disk is full") || told.contains("No space left on device"), "\(told)")
                #expect(told.contains("try: make room on that disk, and run again"), "\(told)")
            }
            return failures
        }
    }

    /// Runs a script that fills disks up, and checks that the project becomes what it does on a disk that never was full.
    ///
    /// The script leaves the shell in the folder into which it put the project, with room again. For each run that may
    /// fail it calls `attempt`.
    /// - Returns: What the runs said that failed.
    private static func runFilling(_ fill: String) throws -> [String] {
        let (project, folder) = (try Self.project(), try TemporaryProject([:]))
        let results = DiskResults(folder: folder.folder)
        let script = """
            set -eu
            number=0
            ballast() { # ballast FOLDER KILOBYTES: leaves that much room on the folder's disk
              rm -f "$1/ballast"
              fill=$(( $(df -Pk "$1" | awk 'NR == 2 {print $4}') - $2 ))
              dd if=/dev/zero of="$1/ballast" bs=1024 count=$fill 2>/dev/null || true
            }
            attempt() {
              status=0
              "$INGOT" run > "$RESULTS/$number.run" 2>&1 || status=$?
              echo $status > "$RESULTS/$number.status"
              number=$(( number + 1 ))
            }
            \(fill)
            "$INGOT" run
            "$INGOT" run --output json > "$RESULTS/again.json"
            "$INGOT" query "$QUERY0" --output csv > "$RESULTS/0.csv"
            "$INGOT" query "$QUERY1" --output csv > "$RESULTS/1.csv"
            "$INGOT" query "$QUERY2" --output csv > "$RESULTS/2.csv"
            ls lake/.staging > "$RESULTS/staged"
            find lake -name '*.parquet' | wc -l > "$RESULTS/data"
            """
        try FileManager.default.createDirectory(atPath: results.folder + "/disk", withIntermediateDirectories: true)
        var variables = [
            "DISK": results.folder + "/disk", "PROJECT": project.folder, "RESULTS": results.folder,
            "INGOT": Program.path,
        ]
        for (number, sql) in Self.queries.enumerated() { variables["QUERY\(number)"] = sql }
        let outcome = try Shell.run(script, by: try #require(Shell.ownMounts), variables: variables)
        try #require(outcome.status == 0, "\(outcome.text)")

        #expect(try JSON(parsing: results.text("again.json"))["runs"]?[0]?["status"] == "up_to_date")
        #expect(try results.text("staged") == "", "files of failed batches are left")
        #expect(try project.program.run("run").status == 0)
        #expect(try (0..<3).map { try results.text("\($0).csv") } == Self.contents(of: project))
        let live = try FileManager.default.subpathsOfDirectory(atPath: project.folder + "/lake")
            .filter { $0.hasSuffix(".parquet") }
        // The model's first table, without rows, is replaced when there are some, and waits for its readers.
        let left = try results.text("data").split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        #expect(left.count == 1 && left[0] <= live.count + 1, "data files that belong to no table: \(left)")
        return try results.failures()
    }

    @Test(.enabled(if: Shell.ownMounts != nil, noMounts))
    func `A disk that is full stops a run wherever that was, and with room again everything is there once`() throws {
        let failures = try Self.runFilling(
            """
            mount -t tmpfs -o size=16m tmpfs "$DISK"
            cp -R "$PROJECT"/. "$DISK" && cd "$DISK"
            for room in 0 16 64 128 256 384 416 448 480 512 576 640 768 1024 1536 2048 4096; do
              ballast . $room
              attempt
              [ $status -ne 0 ] || break
            done
            rm ballast
            """
        )
        #expect(failures.count > 3, "more than the first rooms are too small")
    }

    @Test(.enabled(if: Shell.ownMounts != nil, noMounts))
    func `The state, bronze and the lake each stop a run when theirs is the disk that is full`() throws {
        let failures = try Self.runFilling(
            """
            cp -R "$PROJECT"/. "$DISK" && cd "$DISK"
            for part in .ingot bronze lake; do
              mkdir "$part"
              mount -t tmpfs -o size=16m tmpfs "$part"
              ballast "$part" 64
            done
            for part in .ingot bronze lake; do
              attempt
              rm "$part/ballast"
            done
            """
        )
        try #require(failures.count == 3)
        let places = ["the state database", "/bronze/", "the pipeline things stopped: the disk is full"]
        for (place, failure) in zip(places, failures) { #expect(failure.contains(place), "\(failure)") }
    }

    private static let noOtherUser: Comment =
        "the tests may read everything, and cannot run the program as another user"

    @Test(.enabled(if: Shell.asNobody != nil, noOtherUser))
    func `What may not be read is named, and taken in once it may be`() throws {
        let project = try Self.project()
        try project.write("id,name\n90001,closed\n", to: "landing/closed/a.csv")
        try project.write("id,name\n90002,unreadable\n", to: "landing/unreadable.csv")
        let command = try #require(Shell.asNobody)
        func run(_ before: String) throws -> Shell.Outcome {
            _ = try Shell.run("chmod -R a+rwX '\(project.folder)/..'; cd '\(project.folder)'; \(before)")
            return try Shell.run("cd '\(project.folder)' && '\(Program.path)' run", by: command)
        }
        defer { _ = try? Shell.run("chmod -R a+rwX '\(project.folder)'") }
        let first = try run("chmod 0 landing/closed landing/unreadable.csv")
        #expect(first.status == 1)
        for place in ["landing/closed", "landing/unreadable.csv"] {
            let line = first.text.split(separator: "\n").first { $0.contains(place) } ?? ""
            #expect(line.hasPrefix("error[ING0382]: cannot "), "\(first.text)")
        }
        #expect(first.text.contains("cause: Permission denied"))
        #expect(first.text.contains("try: let the user who runs Ingot at it"))
        let count = try project.program.run("query", "SELECT count(*) AS n FROM silver.things", "--output", "csv")
        #expect(count.output == "n\n22000\n", "the objects that may be read are taken in")

        let mended = try run("")
        #expect(mended.status == 0, "\(mended.text)")
        let found = try project.program.run(
            "query",
            "SELECT id FROM silver.things WHERE id > 90000 ORDER BY id",
            "--output",
            "csv"
        )
        #expect(found.output == "id\n90001\n90002\n")
    }

    @Test(.enabled(if: Shell.asNobody != nil, noOtherUser), arguments: ["landing", ".ingot", "bronze", "lake"])
    func `A folder of the project that may not be used stops the run with its name`(folder: String) throws {
        let project = try Self.project()
        let command = try #require(Shell.asNobody)
        _ = try Shell.run("cd '\(project.folder)' && mkdir -p \(folder) && chmod -R a+rwX .. && chmod 0 \(folder)")
        let closed = try Shell.run("cd '\(project.folder)' && '\(Program.path)' run", by: command)
        #expect(closed.status == 1, "\(closed.text)")
        #expect(closed.text.contains("\(project.folder)/\(folder)"), "\(closed.text)")
        #expect(closed.text.contains("try: "), "\(closed.text)")

        _ = try Shell.run("cd '\(project.folder)' && chmod -R a+rwX .")
        let open = try Shell.run("cd '\(project.folder)' && '\(Program.path)' run", by: command)
        #expect(open.status == 0, "\(open.text)")
        let undisturbed = try Self.project()
        #expect(try undisturbed.program.run("run").status == 0)
        #expect(try Self.contents(of: project) == Self.contents(of: undisturbed))
    }

    #if os(Linux)
    @Test(arguments: ["csv", "jsonl"])
    func `A line of 200 MB is one rejected row, and is never held in memory`(format: String) throws {
        let project = try TemporaryProject([
            "ingot.yml": "name: accounts\nsettings: {memory_limit: 256MB, threads: 1}\n",
            "pipelines/lines.yml": """
            pipeline: lines
            source: {path: landing/, format: \(format)}
            columns:
              - {name: id, data_type: bigint, not_null: true}
              - {name: name, data_type: varchar}
            silver: {table: silver.lines}
            """,
        ])
        let (before, start, end, after) =
            format == "csv"
            ? ("id,name\n1,a\n", "2,", "\n", "3,c\n")
            : ("{\"id\":1,\"name\":\"a\"}\n", "{\"id\":2,\"name\":\"", "\"}\n", "{\"id\":3,\"name\":\"c\"}\n")
        try project.write(before + start, to: "landing/long.\(format)")
        try project.write(before, to: "landing/good.\(format)")
        let output = try #require(FileHandle(forWritingAtPath: "\(project.folder)/landing/long.\(format)"))
        try output.seekToEnd()
        let piece = Data(repeating: UInt8(ascii: "x"), count: 1 << 20)
        for _ in 0..<200 { try output.write(contentsOf: piece) }
        try output.write(contentsOf: Data((end + after).utf8))
        try output.close()

        let running = try project.program.start("run", "--output", "json")
        var peak = 0
        while running.process.isRunning {
            peak = max(peak, Self.peakMemory(of: running.process.processIdentifier) ?? 0)
            usleep(10_000)
        }
        let outcome = try running.finish()
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(peak > 0 && peak < 400 << 20, "\(peak >> 20) MiB")
        let run = try #require(try JSON(parsing: outcome.output)["runs"]?[0])
        #expect(run["objects"] == ["loaded": 2, "quarantined": 0, "failed": 0, "skipped": 0])
        #expect(run["rows"] == ["read": 4, "silver": 3, "quarantined": 1])
        let size = (200 << 20) + start.utf8.count + end.utf8.count - 1
        let rejected = try project.program.run(
            "query",
            "SELECT _source_file, _source_row, length(raw) AS size, reasons[1].message AS message FROM quarantine.lines",
            "--output",
            "json"
        )
        #expect(
            try JSON(parsing: rejected.output) == [
                [
                    "_source_file": .string("long.\(format)"), "_source_row": 2, "size": 65536,
                    "message": .string(
                        "the record has \(size) bytes, more than 16777216; the first 65536 are kept"
                    ),
                ]
            ]
        )
    }

    /// The most memory that a process had so far, in bytes.
    private static func peakMemory(of process: Int32) -> Int? {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else { return nil }
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(separator: " ").compactMap { Int($0) }.first.map { $0 << 10 }
    }
    #endif
}
