import Foundation
import IngotCore
import IngotEngine
import IngotProject
import JSONTree
import StatesLanguage
import Subprocess

#if canImport(System)
import System
#else
import SystemPackage
#endif

/// Runs a program: the input goes to its standard input, its standard output is the result.
///
/// A program whose task is cancelled is asked to end, and after some seconds is ended, with the processes it started.
struct CommandHandler: TaskHandler {
    /// More is no result: the data of a state has 256 KiB.
    private static let outputSizeMax = 1 << 20
    /// How much of what a program says of its failure becomes the cause.
    private static let causeSizeMax = 4096
    /// How many characters of an output that is no JSON the cause shows.
    private static let excerptSizeMax = 200
    /// How long a program that is asked to end may take.
    private static let patience = Duration.seconds(5)

    let arguments: [Template]
    let variables: [String: Template]
    let directory: String
    /// A folder for the files that the program reads and writes.
    let scratch: String
    let resolver: TemplateResolver

    func perform(_ task: WorkflowTask) async throws -> JSON {
        var secrets: [String] = []
        let words = try await resolved(arguments, &secrets)
        let names = variables.keys.sorted()
        let values = try await resolved(names.compactMap { variables[$0] }, &secrets)
        var environment = Dictionary(zip(names, values)) { $1 }
        environment["INGOT_WORKFLOW"] = task.workflow
        environment["INGOT_EXECUTION"] = task.execution
        environment["INGOT_TASK_TOKEN"] = task.request.token
        let files = try ExchangeFiles(folder: scratch, input: task.input)
        defer { files.remove() }
        let status = try await run(words, environment, files)
        let output = try files.output(sizeMax: Self.outputSizeMax)
        guard status == 0 else {
            let said = try files.messages(sizeMax: Self.causeSizeMax)
            let failure = Self.failure(output, said, status, program: arguments.first?.description ?? "")
            throw TaskFailure(error: failure.error, cause: Self.redacted(failure.cause, secrets))
        }
        if output.allSatisfy(\.isWhitespace) { return .object(JSONObject()) }
        do throws(JSONSyntaxError) {
            return try JSON(parsing: output, options: JSONParserOptions(duplicateKeys: .keepLast))
        } catch {
            let shown = Self.redacted(String(output.prefix(Self.excerptSizeMax)), secrets)
            let cause = "The standard output of the program is no JSON (\(error.description)): \(shown)"
            throw TaskFailure(error: "Ingot.InvalidOutput", cause: cause)
        }
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

    /// A program may name its error on the standard output, as a function does.
    private static func failure(_ output: String, _ said: String, _ status: Int32, program: String) -> TaskFailure {
        if let value = try? JSON(parsing: output), let error = value["errorType"]?.stringValue {
            return TaskFailure(error: error, cause: value["errorMessage"]?.stringValue ?? said)
        }
        let cause = said.isEmpty ? "\(program) ended with the status \(status)" : said
        return TaskFailure(error: "Ingot.CommandFailed", cause: cause)
    }

    private static func redacted(_ text: String, _ secrets: [String]) -> String {
        secrets.filter { !$0.isEmpty }.reduce(text) { $0.replacingOccurrences(of: $1, with: "<REDACTED>") }
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

    func output(sizeMax: Int) throws -> String {
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path + ".out"))
        defer { try? handle.close() }
        let bytes = try handle.read(upToCount: sizeMax + 1) ?? Data()
        guard bytes.count <= sizeMax else {
            throw TaskFailure(error: "States.DataLimitExceeded", cause: "The program wrote more than \(sizeMax) bytes")
        }
        return String(decoding: bytes, as: UTF8.self)
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
