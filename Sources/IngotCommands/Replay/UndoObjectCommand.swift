import ArgumentParser
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject

/// `ingot objects undo`.
struct UndoObjectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Take an object's rows out of the tables.",
        discussion: """
            One commit removes exactly the object's rows from silver and quarantine; the version that it had superseded, \
            and rows that had lost their key's place to it, come back. The next run restates the models that are \
            concerned. The object stays out until its file changes, or `ingot replay --object` lets it be loaded again.
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: ArgumentHelp(
            "The object: its key, or key@version with a beginning of the version.",
            valueName: "object"
        )
    )
    var object: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The object's pipeline.", valueName: "pipeline"))
    var select: String?

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The form of the output.", valueName: "form"))
    var output: OutputFormat = .table

    func run() async throws {
        let console = global.console
        let outcome = try await global.withEngine(for: .working) { local, project in
            if let select { try ObjectsCommand.check(select, in: project) }
            let entry = try await local.engine.object(named: object, of: select)
            let report = try await local.engine.undo(entry)
            // It says what is known afterwards, also of a version that came back.
            let versions = try await local.engine.entries(
                LedgerFilter(source: entry.object.source, keys: [entry.object.key])
            )
            return (entry: entry, report: report, versions: versions)
        }
        let now = outcome.versions.filter { $0.id == outcome.entry.id || $0.published != nil }
        try ObjectsCommand.listing(now).write(output, to: console)
        for notice in outcome.report.notices where notice.state != .undone {
            console.message("\(notice.key): \(notice.message)")
        }
        guard outcome.report.objects.undone == 0 else { return }
        console.message("Another process takes it out; see: ingot objects --key \(outcome.entry.object.key)")
    }
}
