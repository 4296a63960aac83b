import ArgumentParser
import IngotEngine
import IngotLocal
import IngotProject

/// `ingot quarantine`.
struct QuarantineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine",
        abstract: "Look at rejected rows and why they were rejected.",
        subcommands: [List.self, Show.self],
        defaultSubcommand: List.self
    )

    /// `ingot quarantine list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Count rejected rows by table, rule and column.",
            discussion: "A row that has several reasons counts for each of them."
        )

        @OptionGroup var global: GlobalOptions
        @OptionGroup var list: ListOptions

        @Argument(help: ArgumentHelp("Only of this table.", valueName: "table"))
        var table: String?

        func run() async throws {
            try await global.withEngine(for: .querying) { local, _ in
                let counts = try await local.engine.quarantineCounts(table)
                try Self.listing(counts).write(list, to: global.console)
            }
        }

        private static func listing(_ counts: [QuarantineCount]) -> Listing {
            Listing(
                columns: [
                    .init("table"), .init("rule"), .init("column"), .number("rows"), .number("objects"),
                    .init("example"),
                ],
                rows: counts.map { count in
                    [
                        .text(count.table.description), .text(count.rule), .text(count.column), .number(count.rows),
                        .number(count.objects), .text(count.example),
                    ]
                },
                emptyMessage: "No rows are in quarantine.",
                nameColumn: 0
            )
        }
    }

    /// `ingot quarantine show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show rejected rows as they were read, with their reasons."
        )

        @OptionGroup var global: GlobalOptions
        @OptionGroup var list: ListOptions

        @Argument(help: ArgumentHelp("The table: users, silver.users or quarantine.users.", valueName: "table"))
        var table: String

        @Option(name: .long, help: ArgumentHelp("Only rows with this reason.", valueName: "rule"))
        var rule: String?

        @Option(name: .long, help: ArgumentHelp("Only rows of this object.", valueName: "key"))
        var object: String?

        @Option(name: .long, help: ArgumentHelp("How many rows.", valueName: "rows"))
        var limit = 20

        func validate() throws {
            try Limit.check(limit)
        }

        func run() async throws {
            try await global.withEngine(for: .querying) { local, _ in
                let rows = try await local.engine.quarantinedRows(table, rule: rule, object: object, limit: limit)
                try Self.listing(rows).write(list, to: global.console)
            }
        }

        private static func listing(_ rows: [QuarantinedRow]) -> Listing {
            Listing(
                columns: [
                    .init("object"), .number("row"), .init("reasons"), .init("raw"), .hidden("version"),
                    .hidden("load_id"),
                ],
                rows: rows.map { row in
                    [
                        .text(row.object), .number(row.row), .list(row.reasons), .text(row.raw), .text(row.version),
                        .text(row.loadID),
                    ]
                },
                emptyMessage: "No such rows are in quarantine."
            )
        }
    }
}
