import Foundation
import Synchronization
import Testing

/// Programs of others that speak with the catalog: Python scripts in `Tests/Peers`.
enum Peer {
    /// What a script said.
    struct Outcome: Sendable {
        var status: Int32
        var output: String
        var errors: String
    }

    /// The package's folder, from the place of this file.
    static let root: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url.path
    }()

    /// The Python that has pyiceberg and DuckDB (see `Scripts/python-peers`).
    static let python = "\(root)/.native/peers/bin/python"
    /// Where DuckDB's extensions are.
    static let extensions = "\(root)/.native/extensions"

    static var isPresent: Bool {
        FileManager.default.isExecutableFile(atPath: python)
    }

    /// Runs a script to its end, and expects that it finds nothing wrong.
    @discardableResult
    static func run(
        _ script: String,
        _ arguments: [String],
        sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) async throws -> Outcome {
        let outcome = try await start(script, arguments)
        #expect(
            outcome.status == 0,
            "\(script): \(outcome.output)\n\(outcome.errors.suffix(6_000))",
            sourceLocation: sourceLocation
        )
        return outcome
    }

    /// Runs a script to its end.
    static func start(_ script: String, _ arguments: [String]) async throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-B", "\(root)/Tests/Peers/\(script)"] + arguments
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": NSTemporaryDirectory(), "PYTHONUNBUFFERED": "1"]
        let name = NSTemporaryDirectory() + "ingot-peer-" + UUID().uuidString
        let (output, errors) = (try file(name + ".out"), try file(name + ".err"))
        defer {
            try? FileManager.default.removeItem(atPath: name + ".out")
            try? FileManager.default.removeItem(atPath: name + ".err")
        }
        process.standardOutput = output
        process.standardError = errors
        let status = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Int32, any Error>) in
                process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
                do {
                    try process.run()
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        } onCancel: {
            process.terminate()
        }
        return Outcome(status: status, output: try text(name + ".out"), errors: try text(name + ".err"))
    }

    private static func file(_ path: String) throws -> FileHandle {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs only where the outside clients are installed; says so where they are not.
    static var peers: Self {
        .enabled(if: Peer.isPresent, "outside clients are not installed: run Scripts/python-peers")
    }
}
