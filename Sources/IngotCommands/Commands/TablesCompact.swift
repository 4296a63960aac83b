import ArgumentParser
import IngotEngine
import IngotLocal
import IngotProject

extension TablesCommand {
    /// `ingot tables compact`.
    struct Compact: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write small data files of tables anew as few large ones.",
            discussion: """
                No row changes, models need not be computed again, and earlier snapshots can still be read. `ingot serve` \
                and `ingot maintain` compact where many small files have gathered; this leaves as few files as possible, \
                each of auto_compact_max_file_size at most. A table that is written to meanwhile may be left as it is, and \
                so is one in which another engine has deleted rows by delete files.
                """
        )

        @OptionGroup var global: GlobalOptions
        @OptionGroup var list: ListOptions

        @Argument(help: ArgumentHelp("The tables: silver.users, or users. Without any, all.", valueName: "table"))
        var names: [String] = []

        func run() async throws {
            let (compacted, failures) = try await global.withRuns { local, _ in
                var tables: [TableName] = []
                for name in names { tables.append(try await local.engine.table(named: name).summary.name) }
                let outcome = try await local.engine.compact(names.isEmpty ? nil : tables, isWhole: true)
                try await local.engine.collectGarbage()
                return outcome
            }
            for failure in failures { global.console.message("\(failure)") }
            try Self.listing(compacted).write(list, to: global.console)
            if !failures.isEmpty { throw ExitStatus.failure }
        }

        private static func listing(_ tables: [CompactedTable]) -> Listing {
            Listing(
                columns: [.init("table"), .number("files"), .number("new_files"), .init("run_id")],
                rows: tables.map { table in
                    [
                        .text(table.table.description), .number(Int64(table.fileCount)),
                        .number(Int64(table.newFileCount)), .text(table.runID),
                    ]
                },
                emptyMessage: "There was nothing to compact."
            )
        }
    }
}
