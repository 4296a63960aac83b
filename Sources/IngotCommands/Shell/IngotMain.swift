import ArgumentParser
import Foundation
import IngotCore

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The program: reads the arguments, runs the command, and says by the exit status how it went.
public enum IngotMain: Sendable {
    /// Runs the command of the process's arguments, and ends the process.
    public static func run() async -> Never {
        exit(await status(of: Array(CommandLine.arguments.dropFirst())).rawValue)
    }

    /// Runs a command.
    static func status(of arguments: [String]) async -> ExitStatus {
        let console = Console(isColoured: !arguments.contains("--no-color"))
        do {
            try await Interruption.guarding { try await run(arguments) }
            return .success
        } catch {
            return report(error, console)
        }
    }

    private static func run(_ arguments: [String]) async throws {
        let arguments = try CommandLineWords(arguments).arranged()
        var command = try IngotCommand.parseAsRoot(arguments)
        if var asynchronous = command as? any AsyncParsableCommand {
            try await asynchronous.run()
        } else {
            try command.run()
        }
    }

    /// Says what went wrong, and which status that is.
    private static func report(_ error: any Error, _ console: Console) -> ExitStatus {
        switch error {
        case let status as ExitStatus: return status
        case is Console.OutputClosed: return .outputClosed
        case let interruption as Interruption:
            console.message(IngotError(.interrupted, "stopped by \(interruption.name)").description)
            return interruption.status
        case let error as IngotError:
            console.message(error.description)
            return ExitStatus(error)
        case let error as DiagnosticsError:
            console.message(error.description)
            return .wrongUse
        case is CancellationError: return .failure
        default: return reportParsing(error, console)
        }
    }

    /// What the argument parser has to say: help and version are no errors.
    private static func reportParsing(_ error: any Error, _ console: Console) -> ExitStatus {
        let code = IngotCommand.exitCode(for: error)
        let text = IngotCommand.fullMessage(for: error)
        if code.isSuccess {
            try? console.print(text)
            return .success
        }
        if code == .validationFailure {
            console.message(text)
            return .wrongUse
        }
        console.message(IngotError(.runFailed, "the command stopped", cause: "\(error)").description)
        return .failure
    }
}
