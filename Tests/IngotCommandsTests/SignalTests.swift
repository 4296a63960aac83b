import Foundation
import Testing

/// Signals that ask the program to stop, sent to real processes.
@Suite("Signals", .timeLimit(.minutes(30)))
struct SignalTests {
    private static let slowTask = [
        "ingot.yml": """
        name: accounts
        workflows:
          bindings:
            "lambda:slow": {command: [sh, -c, 'echo begin >> slow; sleep 60; echo end >> slow; echo "{}"']}
        """,
        "pipelines/users.yml": """
        pipeline: users
        source: {path: landing/, format: csv}
        columns: [{name: id, data_type: bigint}]
        silver: {table: silver.users}
        """,
        "workflows/slow.asl.json": """
        {"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
          "Resource": "arn:aws:lambda:us-east-1:123456789012:function:slow"}}}
        """,
    ]

    #if os(Linux)
    /// The signals that a process ignores, a bit for each.
    private static func ignoredSignals(of process: Process) -> UInt64 {
        let status = FileManager.default.contents(atPath: "/proc/\(process.processIdentifier)/status") ?? Data()
        guard let name = status.range(of: Data("SigIgn:\t".utf8)) else { return 0 }
        return UInt64(String(decoding: status[name.upperBound...].prefix(16), as: UTF8.self), radix: 16) ?? 0
    }

    /// What is ignored is lost: nobody would end the service later.
    @Test func `A service never ignores SIGTERM while it begins, and ends in order once it has told its address`()
        async throws
    {
        try await apart {
            let project = try TemporaryProject(Self.slowTask)
            for command in [["serve"], ["catalog", "serve"]] {
                for _ in 0..<5 {
                    let service = try project.program.start(command + ["--port", "0"])
                    var looks = 0
                    repeat {
                        for _ in 0..<50 {
                            #expect(Self.ignoredSignals(of: service.process) & (1 << UInt64(SIGTERM - 1)) == 0)
                        }
                        looks += 1
                    } while !service.output.contains("http") && looks < 10_000
                    service.process.terminate()
                    let outcome = try service.finish()
                    #expect(outcome.status == 0, "\(outcome.messages)")
                }
            }
        }
    }

    @Test func `What nohup started outlives its terminal, and nothing else does`() async throws {
        try await apart {
            let project = try TemporaryProject(Self.slowTask)
            for (trap, isEnded) in [("trap '' HUP", false), ("true", true)] {
                let outcome = try Shell.run(
                    """
                    cd '\(project.folder)'; rm -f out
                    sh -c "\(trap); exec '\(Program.path)' serve --port 0 > out 2> err" &
                    until grep -qs http out; do sleep 0.1; done
                    kill -HUP "$!"; sleep 2
                    grep -o stopping err; kill -TERM "$!" 2> kill
                    wait "$!"; echo "status $?"
                    """
                )
                #expect(outcome.text == (isEnded ? "stopping\n" : "") + "status 0\n")
            }
        }
    }
    #endif

    @Test func `SIGTERM at any moment ends a service`() async throws {
        try await apart {
            let project = try TemporaryProject(Self.slowTask)
            for round in 0..<20 {
                let service = try project.program.start("serve", "--port", "0")
                usleep(UInt32(round * 15_000))
                service.process.terminate()
                waitFor("the end") { !service.process.isRunning }
                if service.process.isRunning { kill(service.process.processIdentifier, SIGKILL) }
                _ = try service.finish()
            }
        }
    }

    @Test func `A second SIGTERM ends a service at once, and nothing is lost by it`() async throws {
        try await apart {
            let project = try TemporaryProject(Self.slowTask)
            #expect(try project.program.run("workflow", "start", "slow").status == 0)
            let service = try project.program.start("serve", "--port", "0", "--log-format", "json")
            waitFor("the task") { FileManager.default.fileExists(atPath: project.folder + "/slow") }
            try project.write("id\n1\n", to: "landing/a.csv")
            service.process.terminate()
            waitFor("its stopping") { service.messages.contains(#""event":"stopping""#) }
            #expect(service.process.isRunning, "the task is waited for")
            service.process.terminate()
            waitFor("the end") { !service.process.isRunning }
            #expect(service.process.terminationReason == .uncaughtSignal)
            #expect(try service.finish().status == SIGTERM)

            let next = try project.program.start("serve", "--port", "0")
            try waitFor("the row") {
                try project.program.run("query", "SELECT id FROM silver.users", "--output", "csv").output == "id\n1\n"
            }
            try waitFor("the end of the execution") {
                try project.program.run("workflow", "list", "--output", "csv").output.contains("FAILED")
            }
            next.process.terminate()
            #expect(try next.finish().status == 0)
            #expect(try String(contentsOfFile: project.folder + "/slow", encoding: .utf8) == "begin\n")
        }
    }
}
