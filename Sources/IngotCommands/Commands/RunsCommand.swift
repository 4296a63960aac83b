import ArgumentParser
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject
import JSONTree

/// `ingot runs`.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List the runs, or show one.",
        subcommands: [List.self, Show.self],
        defaultSubcommand: List.self
    )

    /// `ingot runs list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the newest runs.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var list: ListOptions

        @Option(name: .shortAndLong, help: ArgumentHelp("Only of this pipeline, model or load.", valueName: "name"))
        var select: String?

        @Option(name: .long, help: ArgumentHelp("How many.", valueName: "runs"))
        var limit = 20

        func validate() throws {
            try Limit.check(limit)
        }

        func run() async throws {
            try await global.withEngine { local, _ in
                let runs = try await local.engine.runs(of: select, limit: limit)
                var listing = Self.listing(runs)
                if let select { listing.emptyMessage = "There are no runs of \(select) yet." }
                try listing.write(list, to: global.console)
            }
        }

        static func listing(_ runs: [Run]) -> Listing {
            Listing(
                columns: [
                    .init("run_id"), .init("kind"), .init("name"), .init("status"), .init("started"),
                    .number("seconds"), .number("inputs"), .number("rows_read"), .number("rows_silver"),
                    .number("rows_quarantined"), .hidden("rows_skipped"), .hidden("load_id"), .hidden("ended"),
                    .hidden("error"),
                ],
                rows: runs.map { run in
                    [
                        .text(run.id), .text(run.kind.rawValue), .text(run.name), .text(run.status.rawValue),
                        .time(run.started), .decimal(run.ended.map { Double($0 - run.started) / 1e9 }),
                        .number(Int64(run.inputs)), .number(Int64(run.counts.read)), .number(Int64(run.counts.silver)),
                        .number(Int64(run.counts.quarantined)), .number(Int64(run.counts.skipped)),
                        .text(run.loadID), .time(run.ended), .text(run.error),
                    ]
                },
                emptyMessage: "There are no runs yet."
            )
        }
    }

    /// `ingot runs show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one run with what it read and wrote.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var record: RecordOptions

        @Argument(help: ArgumentHelp("The run's id, or a beginning of it that names only one.", valueName: "run"))
        var id: String

        func run() async throws {
            try await global.withEngine { local, _ in
                let run = try await local.engine.run(id: id)
                let listing = List.listing([run])
                var members = zip(listing.columns, listing.rows[0]).map { Record.Member($0.name, $1) }
                members.append(Record.Member("sources", .list(run.sources)))
                members.append(Record.Member("targets", .list(run.targets)))
                try Record(members).write(record.output, to: global.console)
            }
        }
    }
}
