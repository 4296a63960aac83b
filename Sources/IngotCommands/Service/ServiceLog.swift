import ArgumentParser
import IngotCore
import IngotEngine
import IngotProject
import JSONTree

/// How a service writes its log.
enum LogFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

/// Writes what a service does and meets, one line an event.
struct ServiceLog: Sendable {
    let format: LogFormat
    let console: Console
    let now: @Sendable () -> Int64

    /// Writes an event.
    func write(_ event: ServiceEvent) {
        let line = Self.line(event)
        let time = Timestamps.iso(now())
        switch format {
        case .json:
            let members = [("time", JSON.string(time)), ("level", .string(line.level)), ("event", .string(line.name))]
            console.message(JSON.object(JSONObject(members + line.members)).description)
        case .text:
            let members = line.members.map { name, value in
                "\(name)=\(value.stringValue.map { $0.contains(" ") ? value.description : $0 } ?? value.description)"
            }
            console.message(([time, line.name] + members).joined(separator: " "))
        }
    }

    private struct Line {
        var level = "info"
        var name: String
        var members: [(String, JSON)] = []
    }

    private static func line(_ event: ServiceEvent) -> Line {
        switch event {
        case .started(let pipelines):
            Line(name: "started", members: [("pipelines", .array(pipelines.map { .string($0) }))])
        case .workflowsLeftOut:
            Line(level: "warning", name: "workflows_left_out", members: [("try", "--workflows")])
        case .arrived(let pipeline, let count, let isListed):
            Line(
                name: "arrived",
                members: [
                    ("pipeline", .string(pipeline)), ("objects", number(count)),
                    ("by", .string(isListed ? "listing" : "event")),
                ]
            )
        case .recovered(let pipeline, let objects, let messages):
            Line(
                name: "recovered",
                members: [
                    ("pipeline", .string(pipeline)), ("objects", number(objects)), ("messages", number(messages)),
                ]
            )
        case .committed(let batch): committed(batch)
        case .refused(let pipeline, let key, let error, let runID, let isDead):
            Line(
                level: isDead ? "error" : "warning",
                name: isDead ? "dead_letter" : "retry",
                members: [("pipeline", .string(pipeline)), ("object", .string(key))]
                    + (runID.map { [("run_id", .string($0))] } ?? []) + [("error", .string(error))]
            )
        case .passedOver(let pipeline, let reason):
            Line(
                level: "warning",
                name: "passed_over",
                members: [("pipeline", .string(pipeline)), ("error", .string(reason))]
            )
        case .cleaned(let pipeline, let count):
            Line(name: "cleaned", members: [("pipeline", .string(pipeline)), ("files", number(count))])
        case .swept(let records):
            Line(
                name: "swept",
                members: records.map { swept in
                    ([swept.kind, swept.name].compactMap(\.self).joined(separator: " "), number(swept.count))
                }
            )
        case .compacted(let tables):
            Line(
                name: "compacted",
                members: [
                    ("tables", .array(tables.map { .string($0.table.description) })),
                    ("files", number(tables.reduce(0) { $0 + $1.fileCount })),
                    ("new_files", number(tables.reduce(0) { $0 + $1.newFileCount })),
                    ("runs", .array(tables.map { .string($0.runID) })),
                ]
            )
        case .paused(let pipeline, let error):
            Line(level: "error", name: "paused", members: [("pipeline", .string(pipeline)), ("error", .string(error))])
        case .computed(let reports):
            Line(
                name: "computed",
                members: [
                    ("models", .array(reports.map { .string($0.model) })),
                    ("runs", .array(reports.map { .string($0.runID) })),
                ]
            )
        case .modelFailed(let report): failed(report)
        case .executionStarted(let rule, let workflow, let name):
            Line(
                name: "execution_started",
                members: [("workflow", .string(workflow)), ("execution", .string(name)), ("start", .string(rule))]
            )
        case .executionEnded(let execution): ended(execution)
        case .noticed(let notice): noticed(notice)
        case .failed(let work, let error):
            Line(level: "error", name: "failed", members: [("work", .string(work)), ("error", .string(error))])
        case .stopping: Line(name: "stopping")
        case .stopped: Line(name: "stopped")
        }
    }

    private static func committed(_ batch: ServiceEvent.Batch) -> Line {
        let counts = batch.run.counts
        return Line(
            name: "committed",
            members: [
                ("pipeline", .string(batch.pipeline)), ("run_id", .string(batch.run.id)),
                ("load_id", .string(batch.run.loadID)),
                ("loaded", number(batch.objects.loaded)), ("quarantined", number(batch.objects.quarantined)),
                ("failed", number(batch.objects.failed)), ("rows_read", number(counts.read)),
                ("rows_silver", number(counts.silver)), ("rows_quarantined", number(counts.quarantined)),
                ("commit_ms", number(Int(batch.commitDuration / 1_000_000))),
                ("lag_ms", number(Int((batch.committed - batch.oldest) / 1_000_000))),
            ]
        )
    }

    private static func failed(_ report: ModelReport) -> Line {
        var line = Line(level: "error", name: "model_failed", members: [("model", .string(report.model))])
        if !report.runID.isEmpty { line.members.append(("run_id", .string(report.runID))) }
        if let error = report.error { line.members.append(("error", .string("\(error)"))) }
        return line
    }

    private static func ended(_ execution: StoredExecution) -> Line {
        var line = Line(
            level: execution.status == .succeeded ? "info" : "error",
            name: "execution_ended",
            members: [
                ("workflow", .string(execution.workflow)), ("execution", .string(execution.name)),
                ("status", .string(execution.status.rawValue)),
                ("duration_ms", number(Int(((execution.ended ?? execution.started) - execution.started) / 1_000_000))),
            ]
        )
        if let error = execution.error { line.members.append(("error", .string(error))) }
        if let cause = execution.cause { line.members.append(("cause", .string(String(cause.prefix(1000))))) }
        return line
    }

    private static func noticed(_ notice: Notice) -> Line {
        Line(
            level: notice.severity.rawValue,
            name: "notification",
            members: [
                (notice.source.kind.rawValue, .string(notice.source.name)), ("title", .string(notice.title)),
                ("text", .string(notice.text)), ("details", (try? JSON(parsing: notice.details)) ?? .null),
            ]
        )
    }

    private static func number(_ value: Int) -> JSON {
        JSON(integerLiteral: Int64(value))
    }
}
