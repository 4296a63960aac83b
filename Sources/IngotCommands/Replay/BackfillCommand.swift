import ArgumentParser
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject

/// `ingot backfill`.
struct BackfillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backfill",
        abstract: "Compute intervals of a model again, in slices.",
        discussion: """
            Each slice has a commit of its own, so that readers see the table get better, and a backfill that was \
            interrupted goes on where it stopped when the same command is given again. It changes nothing where the rows \
            are the same as before, and models downstream are computed by the next run.

            Example:
              ingot backfill daily --start 2025-01-01 --end 2026-01-01 --batch-size 30 --newest-first
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var window: TimeWindow
    @OptionGroup var list: ListOptions

    @Argument(help: ArgumentHelp("The model: incremental, with a batch_size.", valueName: "model"))
    var model: String

    @Option(name: .long, help: ArgumentHelp("How many intervals a slice holds.", valueName: "intervals"))
    var batchSize = 30

    @Flag(name: .long, help: "Begin with the newest slice.")
    var newestFirst = false

    @Flag(name: .long, help: "List the slices, and compute nothing.")
    var dryRun = false

    func validate() throws {
        guard window.start != nil, window.end != nil else { throw ValidationError("Give --start and --end.") }
        guard (1...10_000).contains(batchSize) else { throw ValidationError("--batch-size is from 1 to 10,000.") }
    }

    func run() async throws {
        let console = global.console
        guard let start = window.start, let end = window.end else { return }
        let request = BackfillRequest(
            model: model,
            start: start,
            end: end,
            sliceSize: batchSize,
            isNewestFirst: newestFirst
        )
        let report = try await global.withRuns(for: dryRun ? .reading : .working) { local, _ in
            let progress = BackfillProgress()
            let ticker = ProgressLine(model, console: console)
            return try await ticker.during {
                try await local.engine.backfill(request, isDryRun: dryRun) { progress.set($0.fraction) }
            } status: {
                EngineActivity(fraction: progress.fraction)
            }
        }
        try listing(report).write(list, to: console)
        let done = report.doneBefore
        if done > 0 { console.message("\(HumanText.count(done, "slice")) had been done before.") }
    }

    private func listing(_ report: BackfillReport) -> Listing {
        Listing(
            columns: [.init("start"), .init("end"), .init("status"), .number("rows")],
            rows: report.slices.enumerated().map { number, slice in
                let status = number < report.doneBefore ? "done before" : slice.rows == nil ? "to do" : "done"
                return [
                    .time(Self.nanoseconds(slice.start)), .time(Self.nanoseconds(slice.end)), .text(status),
                    .number(slice.rows.map(Int64.init)),
                ]
            },
            emptyMessage: "There are no intervals in that time."
        )
    }

    private static func nanoseconds(_ instant: Int64) -> Int64 {
        instant.multipliedReportingOverflow(by: 1_000).partialValue
    }
}
