import ArgumentParser
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject
import JSONTree

/// `ingot trace`.
struct TraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Trace a row back to its object and runs, or an object forward to its rows.",
        discussion: """
            Examples:
              ingot trace silver.users id=42
              ingot trace gold.daily day=2026-01-31
              ingot trace --object january.csv
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var record: RecordOptions

    @Argument(help: ArgumentHelp("The table of the row.", valueName: "table"))
    var table: String?

    @Argument(help: ArgumentHelp("Columns and values that the row has: id=42.", valueName: "column=value"))
    var key: [String] = []

    @Option(name: .long, help: ArgumentHelp("Trace this object forward.", valueName: "key"))
    var object: String?

    @Option(name: .long, help: ArgumentHelp("How many rows.", valueName: "rows"))
    var limit = 5

    func validate() throws {
        try Limit.check(limit)
        guard (table == nil) != (object == nil) else {
            throw ValidationError("Give a table and column=value, or an object with --object.")
        }
        for pair in key where !pair.contains("=") {
            throw ValidationError("\"\(pair)\" is not column=value.")
        }
        if record.output == .csv { throw ValidationError("A trace is a tree, which CSV cannot show; use json.") }
    }

    func run() async throws {
        let console = global.console
        try await global.withEngine(for: .querying) { local, _ in
            if let object {
                let traces = try await local.engine.trace(object: object).map(TraceText.init)
                try TraceText.write(traces, record.output, to: console)
            } else if let table {
                let pairs = key.map { pair in
                    let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                    return (column: String(parts[0]), value: String(parts[1]))
                }
                let traces = try await local.engine.trace(rowOf: table, where: pairs, limit: limit)
                    .map(TraceText.init)
                try TraceText.write(traces, record.output, to: console)
            }
        }
    }
}
