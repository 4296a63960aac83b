import ArgumentParser
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject

/// `ingot maintain`.
struct MaintainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maintain",
        abstract: "Compact tables, and delete what the project does not keep.",
        discussion: """
            Does at once what `ingot serve` does from time to time: takes files out of sources whose rows are committed \
            (clean_source), deletes what is older than retention says, writes many small data files of a table anew as few \
            (auto_compact_min_files), and deletes files of tables that no snapshot names. Where nothing serves, run it \
            daily. `ingot runs` lists what retention deleted and what was compacted.
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var list: ListOptions

    func run() async throws {
        let console = global.console
        let (listing, hasLeft) = try await global.withRuns { local, _ in
            let engine = local.engine
            var rows: [[Listing.Cell]] = []
            var hasLeft = false
            for (pipeline, cleaned, left) in try await engine.cleanSources() {
                for (key, reason) in left { console.message("\(pipeline)/\(key) stays in its source: \(reason)") }
                hasLeft = hasLeft || !left.isEmpty
                if cleaned > 0 {
                    rows.append([
                        .text("clean_source"), .text(pipeline), .number(Int64(cleaned)), .time(nil), .text(nil),
                    ])
                }
            }
            for swept in try await engine.sweepRetention() {
                rows.append([
                    .text(swept.kind), .text(swept.name), .number(Int64(swept.count)), .time(swept.before),
                    .text(swept.runID),
                ])
            }
            let (compacted, failures) = try await engine.compact()
            for failure in failures { console.message("\(failure)") }
            hasLeft = hasLeft || !failures.isEmpty
            for table in compacted {
                rows.append([
                    .text("compaction"), .text(table.table.description), .number(Int64(table.fileCount)), .time(nil),
                    .text(table.runID),
                ])
            }
            try await engine.collectGarbage()
            return (Self.listing(rows), hasLeft)
        }
        try listing.write(list, to: console)
        if hasLeft { throw ExitStatus.failure }
    }

    private static func listing(_ rows: [[Listing.Cell]]) -> Listing {
        Listing(
            columns: [.init("kind"), .init("name"), .number("count"), .init("before"), .init("run_id")],
            rows: rows,
            emptyMessage: "There was nothing to do."
        )
    }
}
