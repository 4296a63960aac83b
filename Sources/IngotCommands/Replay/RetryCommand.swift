import ArgumentParser
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject

/// `ingot retry`.
struct RetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Do again what failed, and nothing else.",
        discussion: """
            The objects that failed, or all that a failed run held, are taken in again, and then models that are not up \
            to date are computed. Sources are not listed. The output is that of `ingot run`.

            Examples:
              ingot retry
              ingot retry 20261121T1738
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var selection: SelectionOptions

    @Argument(
        help: ArgumentHelp(
            "Only what this run left undone: its id, or a beginning of it that names only one.",
            valueName: "run"
        )
    )
    var id: String?

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The form of the output.", valueName: "form"))
    var output: OutputFormat = .table

    func validate() throws {
        guard id != nil, !selection.select.isEmpty else { return }
        throw ValidationError("Give a run or a selection, not both.")
    }

    func run() async throws {
        let console = global.console
        let outcome = try await global.withRuns { local, project in
            var chosen = try await selection.choose(from: project, local.engine)
            let failed: Run? = if let id { try await local.engine.run(id: id) } else { nil }
            if let failed, failed.kind == .ingest { chosen.pipelines = [failed.name] }
            if let failed, failed.kind == .model { chosen = .init(pipelines: [], models: [failed.name]) }
            return try await ChosenWork(local: local, choice: chosen, console: console)
                .run { await local.engine.retry($0, loadID: failed?.loadID) }
        }
        try outcome.write(output, to: console)
        if outcome.hasFailed { throw ExitStatus.failure }
    }
}
