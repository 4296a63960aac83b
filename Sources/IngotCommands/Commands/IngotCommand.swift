import ArgumentParser
import IngotProject

/// The root of the command line.
struct IngotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingot",
        abstract: "Turns files that arrive into tables that can be trusted.",
        discussion: """
            A project is a folder with an ingot.yml. Objects that arrive under its sources become typed and validated \
            rows of silver tables, every rejected row is kept in quarantine with its reasons, and gold models follow. \
            All tables are Apache Iceberg.

            Data goes to the standard output, everything else to the standard error. The exit status is 0 if all went \
            well, 1 if the work or a part of it failed, and 2 for wrong use or a mistake in the project's files.
            """,
        version: "ingot \(Version.current)",
        groupedSubcommands: [
            CommandGroup(name: "Project", subcommands: [InitCommand.self, ValidateCommand.self, PlanCommand.self]),
            CommandGroup(
                name: "Work",
                subcommands: [
                    RunCommand.self, ServeCommand.self, CheckCommand.self, LoadCommand.self, RetryCommand.self,
                    ReplayCommand.self, BackfillCommand.self, StatusCommand.self, RunsCommand.self,
                    ObjectsCommand.self, DeadLettersCommand.self, MaintainCommand.self,
                ]
            ),
            CommandGroup(
                name: "Tables",
                subcommands: [
                    QueryCommand.self, TablesCommand.self, QuarantineCommand.self, TraceCommand.self,
                    CatalogCommand.self,
                ]
            ),
            CommandGroup(name: "Workflows", subcommands: [WorkflowCommand.self, JSONataCommand.self]),
            CommandGroup(
                name: "Installation",
                subcommands: [DoctorCommand.self, StateCommand.self, GenerateCommand.self, ManualCommand.self]
            ),
        ]
    )
}
