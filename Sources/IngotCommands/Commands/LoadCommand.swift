import ArgumentParser
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject

/// `ingot load`.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Bring tables into other databases.",
        discussion: """
            Runs the loads of the folder loads/, by name. A load whose source is as it was when it was loaded last is up to \
            date, and changes nothing. Rows and the record of the load become visible at once; a load that fails or is \
            killed changes nothing, and may be run again at any time.
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var list: ListOptions

    @Option(
        name: .shortAndLong,
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Only these loads: name, tag:x, path:x, load:x.", valueName: "selection")
    )
    var select: [String] = []

    @Flag(name: .long, help: "Load also what is up to date.")
    var force = false

    func run() async throws {
        let (console, isForced) = (global.console, force)
        let reports = try await global.withRuns { local, project in
            var reports: [LoadReport] = []
            for name in try chosen(of: project) {
                reports += try await ProgressLine(name, console: console).during {
                    try await local.engine.load([name], isForced: isForced)
                } status: {
                    await local.activity
                }
                if let error = reports.last?.error { console.message(error.description) }
            }
            try await local.engine.collectGarbage()
            return reports
        }
        try Self.listing(reports).write(list, to: console)
        if reports.contains(where: { $0.status == .failed }) { throw ExitStatus.failure }
    }

    private func chosen(of project: Project) throws -> [String] {
        guard !select.isEmpty else { return project.loads.map(\.name.value) }
        let graph = SelectionGraph(nodes: project.loadNodes, edges: [])
        return try SelectionSyntax(select.joined(separator: " ")).evaluate(in: graph).map(\.name)
    }

    private static func listing(_ reports: [LoadReport]) -> Listing {
        Listing(
            columns: [
                .init("load"), .init("status"), .number("rows"), .number("deletions"), .number("seconds"),
                .hidden("load_id"), .hidden("run_id"), .hidden("error"),
            ],
            rows: reports.map { report in
                [
                    .text(report.load), .text(report.status.rawValue), .number(Int64(report.rows)),
                    .number(Int64(report.deletions)), .decimal(report.seconds), .text(report.loadID),
                    .text(report.runID),
                    .text(report.error?.description),
                ]
            },
            emptyMessage: "The project has no loads: a file loads/<name>.yml is one."
        )
    }
}
