import Foundation
import Testing

/// Does work that blocks on a thread of its own, so that other tests go on meanwhile.
func apart<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
    }
}

/// Waits for what another process does, which tells nobody here, for 5 minutes at most; then that is an issue.
func waitFor(_ what: String, _ condition: () throws -> Bool) rethrows {
    for _ in 0..<6_000 {
        if try condition() { return }
        usleep(50_000)
    }
    Issue.record("\(what) did not come")
}

/// The real program, run in a folder.
struct Program {
    /// What a run of the program left behind.
    struct Outcome {
        var status: Int32
        var output: String
        var messages: String
    }

    /// Where programs are built: beside the tests.
    private static let buildFolder: String = {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        while folder.path != "/", !FileManager.default.isExecutableFile(atPath: folder.path + "/ingot") {
            folder = folder.deletingLastPathComponent()
        }
        return folder.path
    }()

    /// The program `ingot`.
    static let path = buildFolder + "/ingot"

    var folder: String
    /// Which program it is.
    var name = "ingot"
    var variables: [String: String] = [:]

    /// Runs the program and waits for its end.
    func run(_ arguments: String..., input: String? = nil) throws -> Outcome {
        try run(list: arguments, input: input)
    }

    /// Runs the program with a list of arguments.
    func run(list arguments: [String], input: String? = nil) throws -> Outcome {
        try start(list: arguments, input: input).finish()
    }

    /// Starts the program.
    func start(_ arguments: String...) throws -> Running {
        try start(list: arguments, input: nil)
    }

    /// Starts the program with a list of arguments.
    func start(_ arguments: [String]) throws -> Running {
        try start(list: arguments, input: nil)
    }

    /// Runs the program, kills it after a time, and says whether it was still running then.
    func runAndKill(after time: Duration, _ arguments: String...) throws -> Bool {
        try runAndKill(after: time, arguments)
    }

    /// Runs the program with a list of arguments, and kills it after a time.
    func runAndKill(after time: Duration, _ arguments: [String]) throws -> Bool {
        let running = try start(list: arguments, input: nil)
        usleep(UInt32(time / .microseconds(1)))
        kill(running.process.processIdentifier, SIGKILL)
        _ = try running.finish()
        return running.process.terminationReason == .uncaughtSignal
    }

    private func start(list arguments: [String], input: String?) throws -> Running {
        let outputFile = folder + "/../\(UUID().uuidString).out"
        let messageFile = outputFile + ".err"
        for file in [outputFile, messageFile] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "\(Self.buildFolder)/\(name)")
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ProcessInfo.processInfo.environment.merging(variables) { _, new in new }
        // Files, not pipes: nobody has to read while the program runs.
        process.standardOutput = FileHandle(forWritingAtPath: outputFile)
        process.standardError = FileHandle(forWritingAtPath: messageFile)
        let standardInput = Pipe()
        process.standardInput = standardInput
        try process.run()
        try standardInput.fileHandleForWriting.write(contentsOf: Data((input ?? "").utf8))
        try standardInput.fileHandleForWriting.close()
        return Running(process: process, outputFile: outputFile, messageFile: messageFile)
    }

    /// The program while it runs.
    struct Running {
        let process: Process
        fileprivate let outputFile: String
        fileprivate let messageFile: String

        /// What it printed so far.
        var output: String { (try? String(contentsOfFile: outputFile, encoding: .utf8)) ?? "" }

        /// What it wrote to the standard error so far.
        var messages: String { (try? String(contentsOfFile: messageFile, encoding: .utf8)) ?? "" }

        /// Waits for its end.
        func finish() throws -> Outcome {
            defer { for file in [outputFile, messageFile] { try? FileManager.default.removeItem(atPath: file) } }
            process.waitUntilExit()
            return Outcome(
                status: process.terminationStatus,
                output: try String(contentsOfFile: outputFile, encoding: .utf8),
                messages: try String(contentsOfFile: messageFile, encoding: .utf8)
            )
        }
    }
}

/// A project folder that is removed when the test is done with it.
final class TemporaryProject: Sendable {
    let folder: String
    private let parent: String

    init(_ files: [String: String] = TemporaryProject.users) throws {
        parent = FileManager.default.temporaryDirectory.path + "/ingot-\(UUID().uuidString)"
        folder = parent + "/accounts"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (path, text) in files { try write(text, to: path) }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: parent)
    }

    var program: Program { Program(folder: folder) }

    /// The answers to queries, as CSV.
    func answers(to queries: [String]) throws -> [String] {
        try queries.map { sql in
            let outcome = try program.run("query", sql, "--output", "csv")
            try #require(outcome.status == 0, "\(outcome.messages)")
            return outcome.output
        }
    }

    func write(_ text: String, to path: String) throws {
        let file = URL(fileURLWithPath: folder + "/" + path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    /// Three records, of which one is good: the others have a bad address, and a bad id with times in the wrong order.
    static let users = [
        "ingot.yml": "name: accounts\n",
        "pipelines/users.yml": """
        pipeline: users
        source:
          path: landing/users/
          format: csv
        columns:
          - {name: id, data_type: bigint, not_null: true}
          - {name: email, data_type: varchar, matches: '@'}
          - {name: created, data_type: timestamptz}
          - {name: updated, data_type: timestamptz}
        rules:
          - {name: updated_after_created, expression: updated >= created}
        silver: {table: silver.users, event_time: created}
        """,
        "models/silver.sql": """
        /* @ingot
        materialized: view
        */
        SELECT 'users' AS record_type, created::date AS dt, id, email FROM silver.users
        """,
        "landing/users/a.csv": """
        id,email,created,updated
        1,a@example.com,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z
        2,nobody,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z
        x,c@example.com,2026-01-03T00:00:00Z,2026-01-02T00:00:00Z

        """,
    ]
}
