import ArgumentParser
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject
import JSONTree

/// `ingot status`.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how pipelines, models and tables stand.",
        discussion: """
            JSON has one object with the lists pipelines, models and tables; CSV is the list of pipelines.

            --watch shows how the work stands until Ctrl-C, as far as the state tells: a terminal is redrawn, and elsewhere \
            a block is written for each change, or with --output json a line with the lists pipelines, models and runs and \
            the number executions_running.
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var selection: SelectionOptions
    @OptionGroup var list: ListOptions

    @OptionGroup var watching: WatchOptions

    func validate() throws {
        guard !watching.watch || list.output != .csv && !list.quiet else {
            throw ValidationError("--watch writes a table, or JSON with --output json")
        }
    }

    func run() async throws {
        let console = global.console
        try await global.withEngine { local, project in
            let chosen = try await selection.choose(from: project, local.engine)
            guard !watching.watch else {
                return try await StatusWatch(
                    local: local,
                    pipelines: chosen.pipelines,
                    models: chosen.models,
                    output: list.output,
                    interval: watching.period,
                    console: console
                ).run()
            }
            let pipelines = try await local.engine.pipelineStatus(Set(chosen.pipelines))
            let models = try await local.engine.modelStatus(Set(chosen.models))
            let tables = try await local.engine.tables()
            let listings = [Self.listing(pipelines), Self.listing(models), TablesCommand.listing(tables)]
            console.warn(of: pipelines.flatMap(\.passedOver))
            for problem in pipelines.flatMap(\.problems) { console.message(problem.description) }
            guard list.output == .table, !list.quiet else {
                let json: JSON = [
                    "pipelines": listings[0].json, "models": listings[1].json, "tables": listings[2].json,
                ]
                if list.output == .json {
                    try console.print(json.text(.pretty))
                } else {
                    try listings[0].write(list, to: console)
                }
                return
            }
            for (index, listing) in listings.enumerated() where !listing.rows.isEmpty || index == 0 {
                if index > 0 { try console.print("") }
                try listing.write(list, to: console)
            }
        }
    }

    private static func listing(_ statuses: [PipelineStatus]) -> Listing {
        Listing(
            columns: [
                .init("pipeline"), .number("arrived"), .number("waiting"), .number("loaded"), .number("quarantined"),
                .number("failed"), .init("last_run"), .init("last_status"), .hidden("last_run_id"), .hidden("tables"),
            ],
            rows: statuses.map { status in
                let count = { (state: ObjectState) in Int64(status.objects[state] ?? 0) }
                return [
                    .text(status.pipeline), .number(Int64(status.arrived)), .number(count(.seen) + count(.leased)),
                    .number(count(.loaded)), .number(count(.quarantined)), .number(count(.failed)),
                    .time(status.lastRun?.started), .text(status.lastRun?.status.rawValue),
                    .text(status.lastRun?.id), .list(status.tables.map(\.description)),
                ]
            },
            emptyMessage: "The project has no pipelines."
        )
    }

    private static func listing(_ statuses: [ModelStatus]) -> Listing {
        Listing(
            columns: [.init("model"), .init("table"), .init("materialized"), .init("computed"), .init("pending")],
            rows: statuses.map { status in
                [
                    .text(status.model), .text(status.table.description), .text(status.materialized),
                    .time(status.computed), .text(PlanWords(plan: status.plan).text),
                ]
            },
            emptyMessage: "The project has no models."
        )
    }
}
