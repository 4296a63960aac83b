import ArgumentParser
import Foundation
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject

/// What every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(
        name: [.customShort("C"), .long],
        help: ArgumentHelp(
            "The project folder; without it, this folder or the nearest one above that has an ingot.yml.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var projectDir: String?

    @Option(
        name: [.customShort("e"), .long],
        help: ArgumentHelp("The environment; without it, the project's default.", valueName: "name")
    )
    var environment: String?

    @Flag(name: .long, help: "Print without colours, as NO_COLOR does.")
    var noColor = false

    @Flag(name: .long, help: "Tell more of what is done.")
    var verbose = false

    /// Where the command writes.
    var console: Console {
        Console(isColoured: !noColor)
    }

    /// The project folder, as an absolute path.
    var directory: String {
        let start = URL(fileURLWithPath: projectDir ?? ".").standardizedFileURL.path
        guard projectDir == nil else { return start }
        var folder = start
        while folder != "/" {
            if FileManager.default.fileExists(atPath: "\(folder)/ingot.yml") { return folder }
            folder = URL(fileURLWithPath: folder).deletingLastPathComponent().path
        }
        return start
    }

    /// Reads the project.
    ///
    /// - Throws: `DiagnosticsError` with everything that is wrong with its files.
    func project() throws -> Project {
        let (project, warnings) = try Project.load(directory: directory, environment: environment)
        if verbose {
            for warning in warnings { console.message(warning.description) }
        }
        return project
    }

    /// How long others are told of runs at the end of a command; what is left waits for the next one.
    static let lineageTime = Duration.seconds(10)

    /// Does something that may run pipelines or models, and tells others of these runs.
    func withRuns<Value: Sendable>(
        for purpose: LocalEngine.Purpose = .working,
        _ body: (LocalEngine, Project) async throws -> Value
    ) async throws -> Value {
        let console = console
        return try await withEngine(for: purpose) { local, project in
            let value = try await body(local, project)
            guard purpose == .working, let lineage = local.lineageDelivery(of: project) else { return value }
            for problem in await lineage.deliverAtEnd(atMost: Self.lineageTime).problems { console.message(problem) }
            return value
        }
    }

    /// Does something with the project's engine, and closes it whatever happens.
    func withEngine<Value: Sendable>(
        for purpose: LocalEngine.Purpose = .reading,
        _ body: (LocalEngine, Project) async throws -> Value
    ) async throws -> Value {
        let project = try project()
        let local = try LocalEngine(project, variables: ProcessInfo.processInfo.environment, for: purpose)
        do {
            if purpose != .reading { try await local.engine.checkState() }
            let value = try await body(local, project)
            await local.close()
            return value
        } catch {
            await local.close()
            throw error
        }
    }
}
