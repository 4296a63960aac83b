import ArgumentParser
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject
import JSONTree

/// `ingot plan`.
struct PlanCommand: AsyncParsableCommand {
    /// How many files of one pipeline are named.
    private static let namedMax = 20

    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what a run would do, and why, without doing it.",
        discussion: """
            JSON has one object: {"pipelines": [{"pipeline", "objects": [{"key", "size", "reason"}], "tables": \
            [{"table", "changes"}]}], "models": [{"model", "table", "action", "reasons", "count", "intervals": [{"start", \
            "end"}]}]}. An object's reason is new, changed, verify (it may have changed, \
            and a run hashes it to find out; of up to 256 MiB of files a plan does so itself), waiting or retry; a model's action is view, everything, intervals, keys or loads. \
            Models are planned for the tables as they are now: what new objects bring comes \
            on top. CSV has a line for each object.
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var selection: SelectionOptions

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The form of the output.", valueName: "form"))
    var output: OutputFormat = .table

    @Flag(name: .long, help: "Count files that look as they did too, since a run with --verify would hash them.")
    var verify = false

    func run() async throws {
        let console = global.console
        try await global.withEngine { local, project in
            let chosen = try await selection.choose(from: project, local.engine)
            let plans = try await local.engine.planPipelines(Set(chosen.pipelines), verifiesAll: verify)
            let models = try await local.engine.modelStatus(Set(chosen.models))
            switch output {
            case .json: try console.print(Self.json(plans, models).text(.pretty))
            case .csv: try console.write(Self.csv(plans))
            case .table: try Self.write(plans, models, to: console)
            }
            console.warn(of: plans.flatMap(\.passedOver))
            let problems = plans.flatMap(\.problems) + models.compactMap(\.plan.error)
            for problem in problems { console.message(problem.description) }
            if !problems.isEmpty { throw ExitStatus.failure }
        }
    }

    private static func json(_ plans: [PipelinePlan], _ models: [ModelStatus]) -> JSON {
        [
            "pipelines": .array(
                plans.map { plan in
                    [
                        "pipeline": .string(plan.pipeline),
                        "objects": .array(
                            plan.arrivals.map { arrival in
                                [
                                    "key": .string(arrival.key), "size": .integer(arrival.size),
                                    "reason": .string(arrival.reason.rawValue),
                                ]
                            }
                        ),
                        "tables": .array(
                            plan.tables.map { change in
                                [
                                    "table": .string(change.table.description),
                                    "changes": .array(change.changes.map(JSON.string)),
                                ]
                            }
                        ),
                    ]
                }
            ),
            "models": .array(
                models.filter { $0.plan.action != .upToDate }.map { model in
                    [
                        "model": .string(model.model), "table": .string(model.table.description),
                        "action": .string(model.plan.action.rawValue),
                        "reasons": .array(model.plan.reasons.map(JSON.string)),
                        "count": .integer(Int64(model.plan.count)),
                        "intervals": .array(
                            model.plan.intervals.map { interval in
                                [
                                    "start": .string(Timestamps.iso(interval.start * 1000)),
                                    "end": .string(Timestamps.iso(interval.end * 1000)),
                                ]
                            }
                        ),
                    ]
                }
            ),
        ]
    }

    private static func csv(_ plans: [PipelinePlan]) -> String {
        plans.reduce(CSVText.line(["pipeline", "key", "size", "reason"])) { text, plan in
            plan.arrivals.reduce(text) { text, arrival in
                text + CSVText.line([plan.pipeline, arrival.key, "\(arrival.size)", arrival.reason.rawValue])
            }
        }
    }

    private static func write(_ plans: [PipelinePlan], _ models: [ModelStatus], to console: Console) throws {
        let pending = models.filter { $0.plan.action != .upToDate || $0.plan.error != nil }
        let busy = plans.filter { !$0.arrivals.isEmpty || !$0.tables.isEmpty }
        guard !plans.isEmpty || !models.isEmpty else {
            console.message(EmptyProject.notice)
            return
        }
        guard !busy.isEmpty || !pending.isEmpty else {
            console.message("Nothing to do: no new objects, models up to date.")
            return
        }
        var text = ""
        for plan in busy {
            let size = plan.arrivals.reduce(0) { $0 + $1.size }
            let counts = "\(HumanText.count(plan.arrivals.count, "object")), \(HumanText.bytes(size))"
            text += console.styled("pipeline \(plan.pipeline)", .bold) + ": \(counts)\n"
            for change in plan.tables { text += "  \(change.table): \(change.changes.joined(separator: "; "))\n" }
            for arrival in plan.arrivals.prefix(namedMax) {
                text += "  \(arrival.reason.rawValue): \(PlainText.oneLine(arrival.key))\n"
            }
            let rest = plan.arrivals.count - namedMax
            if rest > 0 { text += "  and \(HumanText.grouped(rest)) more\n" }
        }
        for model in pending {
            text += console.styled("model \(model.model)", .bold) + ": \(PlanWords(plan: model.plan).text)\n"
        }
        try console.write(text)
    }
}
