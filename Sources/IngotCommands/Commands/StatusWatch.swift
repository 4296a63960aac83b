import IngotCore
import IngotEngine
import IngotLocal
import IngotProject
import JSONTree

/// Shows how the work of a project stands, again and again.
struct StatusWatch {
    let local: LocalEngine
    let pipelines: [String]
    let models: [String]
    let output: OutputFormat
    let interval: Duration
    let console: Console

    /// What one look found.
    private struct Look: Hashable {
        var activity: ProjectActivity
        var executionCount: Int
    }

    /// Looks until the task is cancelled: redraws on a terminal, and elsewhere writes what has changed.
    func run() async throws {
        var last: (look: Look, time: ContinuousClock.Instant)?
        let view = LiveView(console: console, interval: interval, isScreen: output == .table)
        try await view.run {
            let look = try await look()
            let now = ContinuousClock.now
            let rates = last.map { Self.rates(from: $0.look, to: look, in: now - $0.time) } ?? [:]
            let listings = listings(look, rates)
            defer { last = (look, now) }
            if view.isScreen { return LiveView.Frame(text: Self.text(listings, console)) }
            return LiveView.Frame(text: last?.look == look ? "" : block(listings))
        }
    }

    private func look() async throws -> Look {
        let running = ExecutionFilter(statuses: [.running], limit: 1_000)
        return Look(
            activity: try await local.engine.projectActivity(pipelines: pipelines, models: models),
            executionCount: try await local.executions.executions(matching: running).count
        )
    }

    /// How many objects a second were settled, by pipeline.
    private static func rates(from old: Look, to new: Look, in time: Duration) -> [String: Double] {
        let seconds = max(time / .seconds(1), 0.001)
        let before = Dictionary(old.activity.pipelines.map { ($0.name, $0.settled) }) { $1 }
        let rates = new.activity.pipelines.map { pipeline in
            (pipeline.name, Double(max(0, pipeline.settled - (before[pipeline.name] ?? 0))) / seconds)
        }
        return Dictionary(rates) { $1 }
    }

    // MARK: Output

    private struct Listings {
        var pipelines: Listing
        var models: Listing
        var runs: Listing
        var executionCount: Int
    }

    private func block(_ listings: Listings) -> String {
        let time = Timestamps.iso(local.engine.now)
        guard output == .json else { return "\(time)\n\(Self.text(listings, console))\n" }
        let line: JSON = [
            "time": .string(time), "pipelines": listings.pipelines.json, "models": listings.models.json,
            "runs": listings.runs.json, "executions_running": .integer(Int64(listings.executionCount)),
        ]
        return line.text() + "\n"
    }

    private static func text(_ listings: Listings, _ console: Console) -> String {
        var blocks = [listings.pipelines, listings.models, listings.runs].filter { !$0.rows.isEmpty }
            .map { $0.tableText(for: console) }
        if listings.executionCount > 0 {
            blocks.append(HumanText.count(listings.executionCount, "execution") + " of workflows\n")
        }
        return blocks.isEmpty ? listings.pipelines.emptyMessage + "\n" : blocks.joined(separator: "\n")
    }

    private func listings(_ look: Look, _ rates: [String: Double]) -> Listings {
        Listings(
            pipelines: Self.listing(look.activity.pipelines, rates, now: local.engine.now),
            models: Self.listing(look.activity.models),
            runs: Self.listing(look.activity.runs),
            executionCount: look.executionCount
        )
    }

    private static func listing(
        _ pipelines: [ProjectActivity.Pipeline],
        _ rates: [String: Double],
        now: Int64
    ) -> Listing {
        Listing(
            columns: [
                .init("pipeline"), .number("queued"), .number("waiting"), .number("loading"), .number("loaded"),
                .number("quarantined"), .number("failed"), .number("dead_letters", title: "dead"),
                .number("oldest_seconds", title: "oldest s"), .number("objects_per_second", title: "per s"),
                .init("last_commit"),
            ],
            rows: pipelines.map { pipeline in
                let count = { (state: ObjectState) in Listing.Cell.number(Int64(pipeline.objects[state] ?? 0)) }
                return [
                    .text(pipeline.name), .number(Int64(pipeline.queue.waiting + pipeline.queue.held)), count(.seen),
                    count(.leased), count(.loaded), count(.quarantined), count(.failed),
                    .number(Int64(pipeline.queue.dead)),
                    .number(pipeline.queue.oldest.map { max(0, (now - $0) / 1_000_000_000) }),
                    .decimal(rates[pipeline.name]), .time(pipeline.lastCommit),
                ]
            },
            emptyMessage: "The project has no pipelines."
        )
    }

    private static func listing(_ models: [ProjectActivity.Model]) -> Listing {
        Listing(
            columns: [.init("model"), .init("computed"), .number("pending"), .init("backfill")],
            rows: models.map { model in
                [
                    .text(model.name), .time(model.computed), .number(Int64(model.pending)),
                    .text(model.backfill.map { "\($0.done)/\($0.count)" }),
                ]
            },
            emptyMessage: "The project has no models."
        )
    }

    private static func listing(_ runs: [Run]) -> Listing {
        Listing(
            columns: [
                .init("running"), .init("status"), .init("kind"), .init("started"), .number("inputs"),
                .init("run_id"),
            ],
            rows: runs.map { run in
                [
                    .text(run.name), .text(run.status.rawValue), .text(run.kind.rawValue), .time(run.started),
                    .number(Int64(run.inputs)), .text(run.id),
                ]
            },
            emptyMessage: "Nothing runs."
        )
    }
}
