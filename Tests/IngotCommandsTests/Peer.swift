import Foundation
import Testing

/// Programs of others: Python scripts in `Tests/Peers`.
enum Peer {
    /// The package's folder, from the place of this file.
    private static let root: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url.path
    }()

    /// The Python that has the outside clients (see `Scripts/python-peers`).
    private static let python = "\(root)/.native/peers/bin/python"

    static var isPresent: Bool { FileManager.default.isExecutableFile(atPath: python) }

    /// Runs a script to its end, and expects that it finds nothing wrong.
    static func run(_ script: String, _ arguments: [String]) throws {
        let words = ([python, "-B", "\(root)/Tests/Peers/\(script)"] + arguments).map { "'\($0)'" }
        let outcome = try Shell.run(words.joined(separator: " "))
        #expect(outcome.status == 0, "\(script): \(outcome.text.suffix(4_000))")
    }

    /// Ends a script, which may have SIGTERM blocked by whoever started it.
    static func kill(_ process: Process) {
        _ = Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Starts a script, and waits until it has written a line.
    static func start(_ script: String, _ arguments: [String]) throws -> Process {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-B", "-u", "\(root)/Tests/Peers/\(script)"] + arguments
        process.standardOutput = output
        try process.run()
        _ = try output.fileHandleForReading.read(upToCount: 1)
        return process
    }
}
