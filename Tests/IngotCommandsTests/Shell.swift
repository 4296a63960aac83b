import Foundation

/// Programs of the system that give a test what a process alone cannot have: another user, a disk of its own.
enum Shell {
    /// What a script left behind.
    struct Outcome {
        var status: Int32
        /// What it wrote, to either stream.
        var text: String
    }

    /// How a script gets mounts that nobody else sees; `nil` where the system does not allow it.
    static let ownMounts: [String]? = [["unshare", "-m"], ["unshare", "-r", "-m"]].first { command in
        let probe = "mount -t tmpfs -o size=1m tmpfs /tmp && touch /tmp/probe"
        return (try? run(probe, by: command))?.status == 0
    }

    /// How a program is run by a user without rights: as it is, or as nobody where the tests have all rights.
    static let asNobody: [String]? = {
        guard geteuid() == 0 else { return [] }
        let command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        return (try? run("test -x '\(Program.path)'", by: command))?.status == 0 ? command : nil
    }()

    /// Runs a script by `sh`.
    ///
    /// - Parameters:
    ///   - script: The script.
    ///   - command: The command that runs the shell; none for the tests' own rights.
    ///   - variables: Environment variables beside those that are there.
    /// - Returns: How it ended.
    /// - Throws: What keeps it from being started.
    static func run(_ script: String, by command: [String] = [], variables: [String: String] = [:]) throws -> Outcome {
        let file = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString).out"
        try Data().write(to: URL(fileURLWithPath: file))
        let output = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command + ["sh", "-c", script]
        process.environment = ProcessInfo.processInfo.environment.merging(variables) { _, new in new }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, text: try String(contentsOfFile: file, encoding: .utf8))
    }
}
