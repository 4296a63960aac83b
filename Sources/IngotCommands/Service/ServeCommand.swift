import ArgumentParser
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject
import IngotServer
import Logging

/// `ingot serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Take in what arrives as it arrives, until stopped.",
        discussion: """
            Watches the sources of the pipelines and loads what arrives, each object exactly once, and updates the gold \
            models that are concerned. Events tell of arrivals at once; a listing every backfill_interval finds what no \
            event told of. An object that cannot be loaded is tried again, ever later, and becomes a dead letter in the \
            end (see `ingot dlq`); it never holds up others. Several may serve one project.

            Executions of workflows that run are driven, and new ones started as `workflows: {starts: ...}` says. With a \
            selection the service does what is selected and nothing else: workflows are left to another one, unless \
            --workflows is given.

            Ctrl-C and SIGTERM let what is under way end; a second one stops at once, and nothing is lost by it either.

            The log goes to the standard error, one line an event. /health, /ready and /metrics (in Prometheus's format) \
            answer on the port.
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var selection: SelectionOptions

    @Flag(inversion: .prefixedNo, help: "Whether workflows run here; without either, where nothing is selected.")
    var workflows: Bool?

    @Option(name: .long, help: ArgumentHelp("The port of /metrics; 0 for any that is free.", valueName: "number"))
    var port = 8480

    @Option(name: .long, help: ArgumentHelp("The address to listen on.", valueName: "address"))
    var host = "127.0.0.1"

    @Option(
        name: .long,
        help: ArgumentHelp("The form of the log: text (on a terminal) or json (elsewhere).", valueName: "form")
    )
    var logFormat: LogFormat?

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port is a number from 0 to 65535") }
    }

    func run() async throws {
        ProcessMemory.keepSmall()
        let console = global.console
        try await global.withEngine(for: .working) { local, project in
            let chosen = try await selection.choose(from: project, local.engine)
            let metrics = ServiceMetrics()
            let log = ServiceLog(
                format: logFormat ?? (console.isErrorTerminal ? .text : .json),
                console: console,
                now: { local.engine.now }
            )
            let stop = StopSignal()
            let tell: @Sendable (ServiceEvent) -> Void = { event in
                metrics.record(event)
                log.write(event)
            }
            let work = try Work(local, project, chosen, hasWorkflows: workflows ?? selection.select.isEmpty, tell)
            if workflows == nil, !work.hasWorkflows, !project.workflows.isEmpty { tell(.workflowsLeftOut) }
            let server = server(local.engine, chosen.pipelines, metrics, console)
            // An awaited shield against cancellation, since what is under way is to end; nothing outlives this function.
            let running = Task {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        defer { stop.set() }
                        do {
                            try await server.run()
                        } catch {
                            // Where the service has ended, that is why the server does, however it says so.
                            guard Task.isCancelled else { throw error }
                        }
                    }
                    try await work.run(until: stop)
                    tell(.stopped)
                    group.cancelAll()
                    try await group.waitForAll()
                }
            }
            try await withTaskCancellationHandler {
                do {
                    try await running.value
                } catch let error as CatalogServerError {
                    throw error.ingotError
                }
            } onCancel: {
                stop.set()
            }
        }
    }

    /// What is done until the service ends: arrivals are loaded, and workflows started and driven.
    private struct Work: Sendable {
        let ingest: IngestService
        let driver: WorkflowDriver
        let starter: WorkflowStarter
        let lineage: LineageDelivery?
        let hasWorkflows: Bool
        let tell: @Sendable (ServiceEvent) -> Void

        init(
            _ local: LocalEngine,
            _ project: Project,
            _ chosen: SelectionOptions.Choice,
            hasWorkflows: Bool,
            _ tell: @escaping @Sendable (ServiceEvent) -> Void
        ) throws {
            let (pipelines, models) = (Set(chosen.pipelines), Set(chosen.models))
            ingest = IngestService(local.engine, pipelines: pipelines, models: models) { event in
                // The workflows may have something to end then.
                if case .stopped = event { return }
                tell(event)
            }
            driver = try local.workflowDriver(of: project, tell: tell)
            starter = local.workflowStarter(of: project, driver)
            lineage = local.lineageDelivery(of: project)
            self.hasWorkflows = hasWorkflows
            self.tell = tell
        }

        func run(until stop: StopSignal) async throws {
            // Objects that the first listing finds are arrivals, too. What starts listen for is noted whoever starts them.
            try await starter.listen()
            let ended = StopSignal()
            await withDiscardingTaskGroup { delivery in
                if let lineage {
                    delivery.addTask { await lineage.run(until: ended, endingWithin: GlobalOptions.lineageTime, tell) }
                }
                await withDiscardingTaskGroup { group in
                    if hasWorkflows {
                        group.addTask { await driver.run(until: stop) }
                        group.addTask { await starter.run(until: stop) }
                    }
                    await ingest.run(until: stop)
                }
                // Others are told of the last runs, too.
                ended.set()
            }
        }
    }

    private func server(
        _ engine: Engine,
        _ pipelines: [String],
        _ metrics: ServiceMetrics,
        _ console: Console
    ) -> OperationsServer {
        var logger = Logger(label: "ingot.serve", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .critical
        return OperationsServer(host: host, port: port, logger: logger) { path in
            switch path {
            case "/health":
                return .init(status: 200, body: "ok\n")
            case "/ready":
                let isReady = metrics.isReady
                guard isReady, (try? await engine.queueDepths(of: pipelines)) != nil else {
                    return .init(status: 503, body: isReady ? "the state cannot be read\n" : "not serving\n")
                }
                return .init(status: 200, body: "ok\n")
            case "/metrics":
                let depths = (try? await engine.queueDepths(of: pipelines)) ?? [:]
                let text = metrics.text(depths, now: engine.now)
                return .init(status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8", body: text)
            default: return nil
            }
        } whenReady: { uri in
            try? console.print(uri)
        }
    }
}
