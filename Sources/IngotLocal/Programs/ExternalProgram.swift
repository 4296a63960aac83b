import Foundation
import IngotCore
import IngotProject
import JSONTree
import Subprocess

#if canImport(System)
import System
#else
import SystemPackage
#endif

/// A program that gets JSON on its standard input.
///
/// One whose task is cancelled is asked to end, and after some seconds is ended, with the processes it started.
struct ExternalProgram: Sendable {
    /// How a run of the program ended.
    struct Outcome: Sendable {
        /// The status as a shell tells it.
        var status: Int32
        /// What it wrote to its standard output; `nil` where that was too much.
        var output: String?
        /// The end of what it wrote to its standard error.
        var messages: String
        fileprivate var secrets: [String]

        /// A text without the secrets that the program was given.
        func redacted(_ text: String) -> String {
            secrets.filter { !$0.isEmpty }.reduce(text) { $0.replacingOccurrences(of: $1, with: "<REDACTED>") }
        }
    }

    /// How much of what a program says of its failure is kept.
    private static let messageSizeMax = 4096
    /// How long a program that is asked to end may take.
    private static let patience = Duration.seconds(5)

    /// The program and its arguments.
    let arguments: [Template]
    /// Environment variables that it gets beside its own.
    let variables: [String: Template]
    /// Where it runs.
    let directory: String
    /// A folder for the files that it reads and writes.
    let scratch: String
    let resolver: TemplateResolver

    /// What messages call it.
    var name: String { arguments.first?.description ?? "" }

    /// Runs the program to its end.
    ///
    /// - Parameters:
    ///   - input: What it gets on its standard input.
    ///   - settings: Further environment variables.
    ///   - outputSizeMax: How many bytes it may write to its standard output.
    /// - Returns: How it ended, also where it failed.
    /// - Throws: `IngotError` where a variable or secret is missing; `CancellationError`.
    func run(_ input: JSON, _ settings: [String: String] = [:], outputSizeMax: Int) async throws -> Outcome {
        var secrets: [String] = []
        let words = try await resolved(arguments, &secrets)
        let names = variables.keys.sorted()
        let values = try await resolved(names.compactMap { variables[$0] }, &secrets)
        let environment = Dictionary(zip(names, values)) { $1 }.merging(settings) { $1 }
        let files = try ExchangeFiles(folder: scratch, input: input)
        defer { files.remove() }
        return Outcome(
            status: try await run(words, environment, files),
            output: try files.output(sizeMax: outputSizeMax),
            messages: try files.messages(sizeMax: Self.messageSizeMax),
            secrets: secrets
        )
    }

    private func resolved(_ templates: [Template], _ secrets: inout [String]) async throws -> [String] {
        var texts: [String] = []
        for template in templates {
            let text = try await resolver.secret(of: template).reveal()
            if template.holdsSecret { secrets.append(text) }
            texts.append(text)
        }
        return texts
    }

    /// Runs a program to its end, and gives its status as a shell does.
    private func run(_ words: [String], _ environment: [String: String], _ files: ExchangeFiles) async throws -> Int32 {
        let changes: [Subprocess.Environment.Key: String?] = Dictionary(
            environment.map { (.init(stringLiteral: $0.key), $0.value) }
        ) { $1 }
        var options = PlatformOptions()
        // A group of its own, so that what it starts ends with it.
        options.processGroupID = 0
        options.teardownSequence = [
            .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: Self.patience)
        ]
        try Task.checkCancellation()
        var group: pid_t?
        // The program has ended by then, and others of its group may have ignored that they were asked to.
        defer { if Task.isCancelled, let group { kill(-group, SIGKILL) } }
        let outcome = try await Subprocess.run(
            .path("/usr/bin/env"),
            arguments: Arguments(words),
            environment: .inherit.updating(changes),
            workingDirectory: FilePath(directory),
            platformOptions: options,
            input: .fileDescriptor(files.standardInput, closeAfterSpawningProcess: false),
            output: .fileDescriptor(files.standardOutput, closeAfterSpawningProcess: false),
            error: .fileDescriptor(files.standardError, closeAfterSpawningProcess: false)
        ) { group = $0.processIdentifier.value }
        try Task.checkCancellation()
        return switch outcome.terminationStatus {
        case .exited(let status): status
        case .signaled(let signal): 128 + signal
        }
    }
}

/// The files through which a program gets its input and answers: nobody has to read while it runs.
private struct ExchangeFiles {
    private let inputHandle: FileHandle
    private let outputHandle: FileHandle
    private let messageHandle: FileHandle
    private let path: String

    var standardInput: FileDescriptor { FileDescriptor(rawValue: inputHandle.fileDescriptor) }
    var standardOutput: FileDescriptor { FileDescriptor(rawValue: outputHandle.fileDescriptor) }
    var standardError: FileDescriptor { FileDescriptor(rawValue: messageHandle.fileDescriptor) }

    init(folder: String, input: JSON) throws {
        path = "\(folder)/task-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try (input.text() + "\n").write(toFile: path + ".in", atomically: false, encoding: .utf8)
        for suffix in [".out", ".err"] {
            guard FileManager.default.createFile(atPath: path + suffix, contents: nil) else {
                throw IngotError(.stateUnusable, "the folder \(folder) cannot be written")
            }
        }
        inputHandle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path + ".in"))
        outputHandle = try FileHandle(forWritingTo: URL(fileURLWithPath: path + ".out"))
        messageHandle = try FileHandle(forWritingTo: URL(fileURLWithPath: path + ".err"))
    }

    /// What the program wrote to its standard output; `nil` where that is more.
    func output(sizeMax: Int) throws -> String? {
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path + ".out"))
        defer { try? handle.close() }
        let bytes = try handle.read(upToCount: sizeMax + 1) ?? Data()
        return bytes.count <= sizeMax ? String(decoding: bytes, as: UTF8.self) : nil
    }

    /// The end of what the program wrote to its standard error.
    func messages(sizeMax: Int) throws -> String {
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path + ".err"))
        defer { try? handle.close() }
        let size = try handle.seekToEnd()
        try handle.seek(toOffset: size - min(size, UInt64(sizeMax)))
        let text = String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func remove() {
        for handle in [inputHandle, outputHandle, messageHandle] { try? handle.close() }
        for suffix in [".in", ".out", ".err"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }
}
