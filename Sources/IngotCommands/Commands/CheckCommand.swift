import ArgumentParser
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject
import JSONTree

/// `ingot check`.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Judge the checks of tables, and tell whom they name.",
        discussion: """
            A freshness check says how old the newest row of a table may be, a completeness check which slots of time have \
            to hold a row. Where one does not hold, its `notify` targets are told, and the message says why as far as that \
            is known: no file came, rows were rejected, or slots are missing. The exit status is 1 if a check fails; one \
            that warns lets it be 0. Notifications that cannot be sent make it 1, too.

            JSON has one object: {"checks": [{"check", "table", "time", "status", "reason", "summary", ...}]}. A status is \
            pass, warn, fail, or error for a check that could not be judged.
            """
    )

    @OptionGroup var global: GlobalOptions

    @Option(
        name: .shortAndLong,
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Only these checks: name, table, tag:x, path:x; x+ for those of what x leads to.",
            valueName: "selection"
        )
    )
    var select: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Judge them for this date or instant, such as 2026-01-31 or 2026-01-31T06:00:00Z; without it, for now.",
            valueName: "time"
        ),
        transform: CheckCommand.time
    )
    var at: Int64?

    @Flag(name: .long, help: "Tell nobody.")
    var noNotify = false

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The form of the output.", valueName: "form"))
    var output: OutputFormat = .table

    func run() async throws {
        let console = global.console
        let reports = try await global.withEngine(for: .querying) { local, project in
            // What goes to the log is what the table and its lines say already.
            let isSaid = output == .table
            let router =
                noNotify
                ? nil
                : local.notificationRouter(of: project) { notice in
                    if !isSaid { console.message(notice) }
                }
            let service = CheckService(local.engine, router: router)
            var reports: [CheckReport] = []
            for check in try await chosen(from: project, local.engine) {
                reports.append(try await service.run(check, at: at))
            }
            return reports
        }
        try write(reports, to: console)
        if let status = Self.status(of: reports) { throw status }
    }

    /// The checks that are selected.
    ///
    /// - Throws: `IngotError` with `invalidSelection` where no check is.
    private func chosen(from project: Project, _ engine: Engine) async throws -> [Check] {
        guard !select.isEmpty else { return project.checks }
        let names = try await SelectionOptions.nodes(select, of: project, engine).filter { $0.kind == .check }.map(
            \.name
        )
        guard !names.isEmpty else {
            let known = project.checks.map(\.name.value)
            throw IngotError(
                .invalidSelection,
                "\"\(select.joined(separator: " "))\" selects no check; "
                    + (known.isEmpty ? "there is none" : "checks: \(known.joined(separator: ", "))"),
                hint: "name+ for the checks of what a pipeline or model leads to"
            )
        }
        return project.checks.filter { names.contains($0.name.value) }
    }

    /// The time that a text names, in nanoseconds since 1970 UTC.
    private static func time(_ text: String) throws -> Int64 {
        let (time, overflow) = try TimeWindow.instant(text).multipliedReportingOverflow(by: 1_000)
        guard !overflow, time >= 0 else {
            throw ValidationError("\"\(text)\" is no time from 1970-01-01 to 2262-04-11.")
        }
        // The date's own signs stand before the clock.
        let clock = text.drop { $0 != "T" && $0 != " " }
        if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
            let hours = Int(clock[sign...].dropFirst().prefix(2)) ?? 0
            guard hours < 16 else { throw ValidationError("\"\(text)\" has an offset of 16 hours or more.") }
        }
        return time
    }

    private func write(_ reports: [CheckReport], to console: Console) throws {
        guard output != .json else {
            try console.print(JSON.object(["checks": .array(reports.map(\.json))]).text(.pretty))
            return
        }
        try Listing(
            columns: [
                .init("check"), .init("table"), .init("status"), .init("reason"), .init("summary"), .hidden("time"),
            ],
            rows: reports.map { report in
                [
                    .text(report.check), .text(report.table.description), .text(report.status.rawValue),
                    .text(report.reason?.rawValue), .text(report.summary), .time(report.time),
                ]
            },
            emptyMessage: "The project has no checks."
        ).write(output, to: console)
        for report in reports {
            for line in report.lines where output == .table { console.message("\(report.check): \(line)") }
            for error in report.receipts.compactMap(\.error) { console.message(error.description) }
        }
    }

    /// What the shell is told, where not all went well.
    private static func status(of reports: [CheckReport]) -> ExitStatus? {
        let errors = reports.compactMap(\.error).map { ExitStatus($0) }
        if errors.contains(.wrongUse) { return .wrongUse }
        let hasFailed = reports.contains { $0.status == .fail || $0.receipts.contains { $0.error != nil } }
        return hasFailed || !errors.isEmpty ? .failure : nil
    }
}
