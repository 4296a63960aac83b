import Foundation
import Testing

/// Faults of the machine under a running service: they are named in its log, and when they are gone, it goes on by
/// itself and loses nothing.
@Suite("Faults of the machine under a service", .timeLimit(.minutes(15)))
struct ServeFaultTests {
    /// Something that goes wrong, and is put right.
    struct Fault: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Shell commands before the service starts.
        var before = ""
        /// What brings the fault.
        var begin: String
        /// What the service's log must say, as `grep -E` takes it; nothing where the service need not notice.
        var seen = ""
        /// What puts it right.
        var end: String
        /// What the service is started with.
        var starter = ""
    }

    /// Calls the service `$server`, its landing `$LANDING`, the project `$PWD`.
    private static let script = """
        set -eu
        rows() { "$INGOT" query "SELECT count(*) AS n FROM silver.things" --output csv 2>/dev/null | tail -n 1; }
        give_up() { echo "never: $1"; cat "$RESULTS/log"; kill -9 $server; exit 1; }
        await() { n=0; until eval "$1"; do n=$((n + 1)); [ $n -lt 900 ] || give_up "$1"; sleep 0.1; done; }
        drop() { cp "$FILES/$1" "$LANDING/.$1" && mv "$LANDING/.$1" "$LANDING/$1"; }
        cd "$PROJECT"
        eval "$BEFORE"
        $STARTER "$INGOT" serve --port 0 --log-format json > "$RESULTS/out" 2> "$RESULTS/log" &
        server=$!
        drop 0.csv
        await '[ "$(rows)" = 2000 ]'
        eval "$BEGIN"
        drop 1.csv
        [ -z "$SEEN" ] || await 'grep -Eq "$SEEN" "$RESULTS/log"'
        sleep 1
        eval "$END"
        drop 2.csv
        await '[ "$(rows)" = 6000 ]'
        kill -TERM $server
        wait $server
        "$INGOT" query "SELECT id, name, _source_file FROM silver.things ORDER BY ALL" --output csv > "$RESULTS/rows"
        [ "$("$INGOT" dlq --output json)" = "[]" ]
        """

    /// Lets a service live through a fault while three objects arrive, and compares the table with what arrived.
    private func play(_ fault: Fault, by command: [String], _ variables: [String: String] = [:]) throws {
        let landing = try TemporaryProject([:])
        let results = try TemporaryProject([:])
        let project = try TemporaryProject([
            "ingot.yml": "name: faults\nsettings: {backfill_interval: 1s}\n",
            "pipelines/things.yml": """
            pipeline: things
            source: {path: "\(landing.folder)/landing", format: csv}
            columns:
              - {name: id, data_type: bigint, not_null: true}
              - {name: name, data_type: varchar}
            unique_key: [id]
            silver: {table: silver.things}
            """,
        ])
        var expected = ["id,name,_source_file"]
        var state: UInt64 = 1
        for file in 0..<3 {
            var lines = ["id,name"]
            for number in 0..<2_000 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                lines.append("\(10_000 + file * 2_000 + number),\(String(state, radix: 36))")
                expected.append("\(lines[lines.count - 1]),\(file).csv")
            }
            try results.write(lines.joined(separator: "\n") + "\n", to: "files/\(file).csv")
        }
        try FileManager.default.createDirectory(
            atPath: landing.folder + "/landing",
            withIntermediateDirectories: true
        )
        _ = try Shell.run("chmod -R a+rwX '\(landing.folder)' '\(results.folder)' '\(project.folder)'")
        defer { _ = try? Shell.run("chmod -R a+rwX '\(project.folder)'") }
        let given = [
            "PROJECT": project.folder, "LANDING": landing.folder + "/landing", "RESULTS": results.folder,
            "FILES": results.folder + "/files", "INGOT": Program.path, "BEFORE": fault.before, "BEGIN": fault.begin,
            "SEEN": fault.seen, "END": fault.end, "STARTER": fault.starter,
        ]
        let outcome = try Shell.run(Self.script, by: command, variables: given.merging(variables) { $1 })
        try #require(outcome.status == 0, "\(outcome.text)")
        let rows = try String(contentsOfFile: results.folder + "/rows", encoding: .utf8)
        #expect(rows.split(separator: "\n").map(String.init) == expected)
    }

    private static let faults = [
        Fault(
            testDescription: "the state is locked by another program",
            before: """
                hold() { python3 -c 'import sqlite3, sys, time
                connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
                connection.execute("BEGIN IMMEDIATE")
                open(sys.argv[2], "w").close()
                time.sleep(35)' .ingot/state.db "$RESULTS/held" & until [ -e "$RESULTS/held" ]; do sleep 0.05; done; }
                """,
            begin: "hold",
            seen: #""event":"(paused|failed)".*cannot be locked"#,
            end: "true"
        ),
        Fault(
            testDescription: "the source's folder is moved away and back",
            begin: #"mv "$LANDING" "$LANDING.away"; mkdir "$LANDING""#,
            end: #"mv "$LANDING/1.csv" "$LANDING.away"; rmdir "$LANDING"; mv "$LANDING.away" "$LANDING""#
        ),
        Fault(
            testDescription: "the source's folder is replaced by a link",
            begin: #"mkdir "$LANDING.other"; mv "$LANDING" "$LANDING.away"; ln -s "$LANDING.other" "$LANDING""#,
            end: #"mv "$LANDING/1.csv" "$LANDING.away"; rm "$LANDING"; mv "$LANDING.away" "$LANDING""#
        ),
        Fault(
            testDescription: "the source's folder is gone",
            begin: #"mv "$LANDING" "$LANDING.away"; drop() { cp "$FILES/$1" "$LANDING.away"; }"#,
            seen: "listing the source",
            end: #"mv "$LANDING.away" "$LANDING"; drop() { cp "$FILES/$1" "$LANDING"; }"#
        ),
    ]

    @Test(arguments: faults)
    func `A service goes on by itself after`(_ fault: Fault) throws {
        try play(fault, by: [])
    }

    private static let noMounts: Comment =
        "the system does not let this user mount anything, so no disk can be filled up"

    @Test(.enabled(if: Shell.ownMounts != nil, noMounts), arguments: [0, 40, 160])
    func `A service waits for room on a full disk`(room: Int) throws {
        let fault = Fault(
            testDescription: "the disk is full",
            before: """
                mount -t tmpfs -o size=24m tmpfs lost+found 2>/dev/null || { mkdir -p disk; \
                mount -t tmpfs -o size=24m tmpfs disk; }
                cp -R ingot.yml pipelines disk && cd disk
                """,
            begin: """
                fill=$(( $(df -Pk . | awk 'NR == 2 {print $4}') - \(room) ))
                dd if=/dev/zero of=ballast bs=1024 count=$fill 2>/dev/null || true
                """,
            seen: #""event":"(paused|failed)".*(disk is full|No space left)"#,
            end: "rm ballast"
        )
        try play(fault, by: try #require(Shell.ownMounts))
    }

    private static let noOtherUser: Comment =
        "the tests may read everything, and cannot run the program as another user"

    @Test(.enabled(if: Shell.asNobody != nil, noOtherUser), arguments: ["bronze", "lake/silver", "lake/.staging"])
    func `A service waits for permission to use a folder`(folder: String) throws {
        let fault = Fault(
            testDescription: "no permission",
            begin: "chmod 0 \(folder)",
            seen: #""event":"paused".*(Permission denied|cannot be used)"#,
            end: "chmod 755 \(folder)"
        )
        try play(fault, by: try #require(Shell.asNobody))
    }

    #if os(Linux)
    @Test(arguments: [-3_600, 86_400])
    func `A service lives with a clock that is put`(seconds: Int) throws {
        let tools = try TemporaryProject([
            "clock.c": """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <stdlib.h>
            #include <time.h>
            #include <unistd.h>
            int clock_gettime(clockid_t clock, struct timespec *time) {
                static int (*real)(clockid_t, struct timespec *);
                if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
                int result = real(clock, time);
                if (clock == CLOCK_REALTIME && access(getenv("CLOCK_PUT"), F_OK) == 0) time->tv_sec += \(seconds);
                return result;
            }
            """
        ])
        let built = try Shell.run("cc -shared -fPIC -o '\(tools.folder)/clock.so' '\(tools.folder)/clock.c' -ldl")
        try #require(built.status == 0, "\(built.text)")
        let fault = Fault(
            testDescription: "the clock is put",
            begin: #"touch "$RESULTS/put""#,
            end: "true",
            starter: #"env LD_PRELOAD=\#(tools.folder)/clock.so CLOCK_PUT="# + "$RESULTS/put"
        )
        try play(fault, by: [])
    }
    #endif
}
