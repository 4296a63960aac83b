import ArgumentParser
import IngotCore
import IngotEngine
import IngotLocal
import JSONTree
import StatesLanguage

/// `ingot workflow status`.
struct WorkflowStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how an execution stands, state by state.",
        discussion: """
            Each state has a sign: + has ended, > runs, ! is where it failed, - was not reached. States that were entered \
            more than once, as those of a Map, show how often.
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var execution: ExecutionArgument

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The form of the output.", valueName: "form"))
    var output: WaitOptions.Form = .text

    func run() async throws {
        try await global.withEngine { local, _ in
            let store = local.executions
            let found = try await execution.find(in: store)
            var progress = StateProgress(execution: found)
            var after = 0
            while true {
                let page = try await store.history(of: found.id, after: after, limit: 1000)
                if page.isEmpty { break }
                for line in page { progress.add(try JSON(parsing: line)) }
                after += page.count
            }
            let definition = try await store.definition(of: found.id) ?? ""
            let machine = try StateMachine(parsing: definition)
            switch output {
            case .json: try global.console.print(progress.json(machine.outline).text())
            case .text: try global.console.write(progress.text(machine.outline))
            }
        }
    }
}

/// What became of each state of an execution.
struct StateProgress {
    private struct Visits {
        var enteredCount = 0
        var exitedCount = 0
        var first: Timestamp?
        var last: Timestamp?
    }

    private let execution: StoredExecution
    private var visits: [String: Visits] = [:]

    init(execution: StoredExecution) {
        self.execution = execution
    }

    /// Takes an event in.
    mutating func add(_ event: JSON) {
        let time = event["timestamp"]?.stringValue.flatMap { Timestamp(iso8601: $0) }
        if let name = event["stateEnteredEventDetails"]?["name"]?.stringValue {
            visits[name, default: Visits()].enteredCount += 1
            if visits[name]?.first == nil { visits[name]?.first = time }
        } else if let name = event["stateExitedEventDetails"]?["name"]?.stringValue {
            visits[name, default: Visits()].exitedCount += 1
            visits[name]?.last = time
        }
    }

    /// The tree of states with their signs and times.
    func text(_ outline: [StateMachine.Outline]) -> String {
        var lines = ["\(execution.workflow):\(execution.name) \(execution.status.rawValue)"]
        lines[0] += "  \(HumanText.time(execution.started))"
        if let ended = execution.ended { lines[0] += "  \(HumanText.seconds(Double(ended - execution.started) / 1e9))" }
        append(outline, indent: "  ", to: &lines)
        if let error = execution.error { lines.append("error: \(PlainText.oneLine(error))") }
        if let cause = execution.cause { lines.append("cause: \(PlainText.oneLine(cause))") }
        return lines.joined(separator: "\n") + "\n"
    }

    private func append(_ states: [StateMachine.Outline], indent: String, to lines: inout [String]) {
        let width = states.map(\.name.count).max() ?? 0
        for state in states {
            let visits = visits[state.name] ?? Visits()
            let padding = String(repeating: " ", count: width - state.name.count)
            var line = "\(indent)\(sign(visits)) \(state.name)\(padding)"
            if let first = visits.first {
                line += "  \(HumanText.time(first.nanosecondsSinceEpoch))"
                if let last = visits.last, visits.exitedCount == visits.enteredCount {
                    line += "  \(HumanText.seconds(Double(last.milliseconds - first.milliseconds) / 1000))"
                }
                if visits.enteredCount > 1 { line += "  \(visits.exitedCount) of \(visits.enteredCount) times" }
            }
            lines.append(line)
            for branch in state.branches { append(branch, indent: indent + "    ", to: &lines) }
        }
    }

    private func sign(_ visits: Visits) -> String {
        if visits.enteredCount == 0 { return "-" }
        if visits.exitedCount >= visits.enteredCount { return "+" }
        switch execution.status {
        case .running: return ">"
        // An execution ends in a state that succeeds without being left.
        case .succeeded: return "+"
        case .failed, .timedOut, .aborted: return "!"
        }
    }

    /// The execution with its states.
    func json(_ outline: [StateMachine.Outline]) -> JSON {
        var json = execution.json.objectValue ?? JSONObject()
        json["states"] = .array(states(outline))
        return .object(json)
    }

    private func states(_ outline: [StateMachine.Outline]) -> [JSON] {
        outline.flatMap { state -> [JSON] in
            let visits = visits[state.name] ?? Visits()
            var json: JSONObject = [
                "name": .string(state.name), "type": .string(state.type.rawValue),
                "entered": .integer(Int64(visits.enteredCount)), "exited": .integer(Int64(visits.exitedCount)),
            ]
            json["first_entered"] = visits.first.map { .string($0.iso8601) }
            json["last_exited"] = visits.last.map { .string($0.iso8601) }
            return [.object(json)] + state.branches.flatMap(states)
        }
    }
}
