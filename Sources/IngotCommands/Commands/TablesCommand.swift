import ArgumentParser
import IngotEngine
import IngotLocal
import IngotProject
import JSONTree

/// `ingot tables`.
struct TablesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tables",
        abstract: "List the tables, or look at one.",
        subcommands: [List.self, Describe.self, History.self, Compact.self],
        defaultSubcommand: List.self
    )

    static func listing(_ tables: [TableSummary]) -> Listing {
        Listing(
            columns: [
                .init("table"), .number("rows"), .number("files"), .init("size", isRightAligned: true),
                .init("partitioned_by"), .number("snapshots"), .init("changed"), .hidden("load_id"),
            ],
            rows: tables.map { table in
                [
                    .text(table.name.description), .number(table.rows), .number(table.files), .bytes(table.bytes),
                    .text(table.partitionedBy.isEmpty ? nil : table.partitionedBy), .number(Int64(table.snapshots)),
                    .time(table.changed), .text(table.loadID),
                ]
            },
            emptyMessage: "There are no tables yet; `ingot run` makes them."
        )
    }

    /// `ingot tables list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the tables of the lake.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var list: ListOptions

        func run() async throws {
            try await global.withEngine { local, _ in
                try TablesCommand.listing(try await local.engine.tables()).write(list, to: global.console)
            }
        }
    }

    /// `ingot tables describe`.
    struct Describe: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a table's columns, partitioning, numbers and properties.",
            discussion: "CSV is the list of columns."
        )

        @OptionGroup var global: GlobalOptions
        @OptionGroup var record: RecordOptions

        @Argument(help: ArgumentHelp("The table: silver.users, or users.", valueName: "table"))
        var name: String

        func run() async throws {
            try await global.withEngine { local, _ in
                let details = try await local.engine.table(named: name)
                try Self.write(details, record.output, to: global.console)
            }
        }

        private static func write(_ details: TableDetails, _ format: OutputFormat, to console: Console) throws {
            let summary = TablesCommand.listing([details.summary])
            var members = zip(summary.columns, summary.rows[0]).map { Record.Member($0.name, $1) }
            members.append(.init("location", .text(details.location)))
            members.append(.init("metadata_location", .text(details.metadataLocation)))
            members.append(.init("uuid", .text(details.uuid)))
            let columns = Listing(
                columns: [.init("column"), .init("type"), .hidden("required"), .init("description")],
                rows: details.columns.map { column in
                    [
                        .text(column.name), .text(column.type.lowercased()), .flag(column.isRequired),
                        .text(column.description),
                    ]
                },
                emptyMessage: "The table has no columns."
            )
            let properties = details.properties.sorted { $0.key < $1.key }
            switch format {
            case .json:
                var object = JSONObject(members.map { ($0.name, $0.value.json) })
                object["columns"] = columns.json
                object["properties"] = .object(JSONObject(properties.map { ($0.key, .string($0.value)) }))
                try console.print(JSON.object(object).text(.pretty))
            case .csv, .table:
                if format == .table {
                    members += properties.map { .init($0.key, .text($0.value)) }
                    try console.write(Record(members).text() + "\n")
                }
                try columns.write(format, to: console)
            }
        }
    }

    /// `ingot tables history`.
    struct History: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List a table's snapshots that are kept.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var list: ListOptions

        @Argument(help: ArgumentHelp("The table: silver.users, or users.", valueName: "table"))
        var name: String

        func run() async throws {
            try await global.withEngine { local, _ in
                let snapshots = try await local.engine.history(ofTable: name)
                try Self.listing(snapshots).write(list, to: global.console)
            }
        }

        private static func listing(_ snapshots: [TableSnapshot]) -> Listing {
            Listing(
                columns: [
                    .init("snapshot_id"), .init("made"), .init("operation"), .number("added_rows"),
                    .number("removed_rows"), .number("added_files"), .number("removed_files"), .number("rows"),
                    .init("current"), .init("load_id"),
                ],
                rows: snapshots.map { snapshot in
                    [
                        .text(String(snapshot.id)), .time(snapshot.time), .text(snapshot.operation),
                        .number(snapshot.addedRows), .number(snapshot.removedRows), .number(snapshot.addedFiles),
                        .number(snapshot.removedFiles), .number(snapshot.rows), .flag(snapshot.isCurrent),
                        .text(snapshot.loadID),
                    ]
                },
                emptyMessage: "The table has no snapshots yet."
            )
        }
    }
}
