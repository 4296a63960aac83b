import ArgumentParser
import IngotCore
import IngotEngine
import IngotLocal
import JSONTree
import StatesLanguage

/// `ingot workflow list`.
struct WorkflowList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the newest executions."
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var list: ListOptions

    @Option(name: .long, help: ArgumentHelp("Only of this workflow.", valueName: "name"))
    var workflow: String?

    @Option(name: .long, help: ArgumentHelp("Only with this status, such as RUNNING.", valueName: "status"))
    var status: String?

    @Option(name: .long, help: ArgumentHelp("How many.", valueName: "executions"))
    var limit = 20

    func validate() throws {
        try Limit.check(limit)
        guard status == nil || status.flatMap({ ExecutionStatus(rawValue: $0.uppercased()) }) != nil else {
            let words = ExecutionStatus.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--status is one of \(words).")
        }
    }

    func run() async throws {
        try await global.withEngine { local, _ in
            let statuses = status.flatMap { ExecutionStatus(rawValue: $0.uppercased()) }.map { Set([$0]) }
            let filter = ExecutionFilter(workflow: workflow, statuses: statuses, limit: limit)
            let executions = try await local.executions.executions(matching: filter)
            let listing = Listing(
                columns: [
                    .init("name"), .init("workflow"), .init("status"), .init("started"), .init("ended"),
                    .number("events"), .init("error"),
                ],
                rows: executions.map { execution in
                    [
                        .text(execution.name), .text(execution.workflow), .text(execution.status.rawValue),
                        .time(execution.started), .time(execution.ended), .number(Int64(execution.eventCount)),
                        .text(execution.error),
                    ]
                },
                emptyMessage: "There are no such executions yet: ingot workflow start"
            )
            try listing.write(list, to: global.console)
        }
    }
}

/// `ingot workflow history`.
struct WorkflowHistory: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show the events of an execution.",
        discussion: "JSON is {\"events\": [...]} with the events in the shape of GetExecutionHistory."
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var execution: ExecutionArgument
    @OptionGroup var record: RecordOptions

    @Option(name: .long, help: ArgumentHelp("How many events at most.", valueName: "events"))
    var limit = 1000

    @Option(name: .long, help: ArgumentHelp("Only events after this one.", valueName: "id"))
    var after = 0

    @Flag(name: .long, help: "The newest events first.")
    var reverse = false

    func validate() throws {
        try Limit.check(limit)
        guard after >= 0 else { throw ValidationError("--after is the number of an event.") }
        guard !reverse || after == 0 else { throw ValidationError("Give --after or --reverse.") }
    }

    func run() async throws {
        try await global.withEngine { local, _ in
            let store = local.executions
            let found = try await execution.find(in: store)
            let lines =
                reverse
                ? try await store.latestHistory(of: found.id, limit: limit)
                : try await store.history(of: found.id, after: after, limit: limit)
            let events = try lines.map { try JSON(parsing: $0) }
            if record.output == .json {
                return try global.console.print((["events": .array(events)] as JSON).text(.pretty))
            }
            let listing = Listing(
                columns: [.number("id"), .init("timestamp"), .init("type"), .init("name"), .number("after")],
                rows: events.map { event in
                    [
                        .number(event["id"]?.int64Value), .text(event["timestamp"]?.stringValue),
                        .text(event["type"]?.stringValue), .text(Self.subject(of: event)),
                        .number(event["previousEventId"]?.int64Value),
                    ]
                },
                emptyMessage: "There are no such events."
            )
            try listing.write(record.output, to: global.console)
        }
    }

    /// What an event is about: the state, the resource or the error.
    private static func subject(of event: JSON) -> String? {
        for (key, details) in event.objectValue ?? JSONObject() where key.hasSuffix("EventDetails") {
            if let name = details["name"] ?? details["error"] ?? details["resource"] { return name.stringValue }
        }
        return nil
    }
}
