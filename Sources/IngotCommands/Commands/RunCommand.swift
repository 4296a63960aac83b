import ArgumentParser
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject

/// `ingot run`.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Take in what is new and update what depends on it.",
        discussion: """
            Each new or changed object is taken in exactly once: its good rows go to silver, the others to quarantine \
            with their reasons. Then the gold models that are concerned are updated. Run it again at any time: what \
            is done is not done twice, and what was interrupted goes on.

            JSON has one object: {"runs": [{"run_id", "pipeline", "status", "objects": {"loaded", "quarantined", \
            "failed", "skipped"}, "rows": {"read", "silver", "quarantined"}, "seconds"}], "models": [{"model", \
            "status", "intervals", "rows", "seconds"}]}. A status is succeeded, failed, up_to_date, or skipped for a model \
            that reads what a failed one makes.
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var selection: SelectionOptions

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The form of the output.", valueName: "form"))
    var output: OutputFormat = .table

    @Flag(name: .long, help: "Hash every file again, also those that look as they did.")
    var verify = false

    @Flag(name: .long, help: "Compute the models as a whole, whatever changed.")
    var fullRefresh = false

    func run() async throws {
        let console = global.console
        let outcome = try await global.withRuns { local, project in
            let choice = try await selection.choose(from: project, local.engine)
            let outcome = try await ChosenWork(local: local, choice: choice, console: console)
                .run(isFullRefresh: fullRefresh) { await local.engine.ingest([$0], verifiesAll: verify) }
            try await local.engine.collectGarbage()
            return outcome
        }
        try outcome.write(output, to: console)
        if outcome.hasFailed { throw ExitStatus.failure }
    }
}
