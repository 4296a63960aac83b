import ArgumentParser
import IngotCore
import IngotEngine
import IngotLocal
import JSONTree
import StatesLanguage

/// `ingot workflow status`.
struct WorkflowStatus: AsyncParsableCommand {
    /// How many events are read at once.
    private static let pageSize = 1000

    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how an execution stands, state by state.",
        discussion: """
            A tree has each state with a sign, when it was entered, and how long it took: + has ended, > runs, ~ failed \
            and was caught, ! failed, x was stopped, - was not reached. Below a state that failed is why. Iterations of a \
            Map are counted, and those that failed or run are shown, up to five of each; items with executions of their \
            own (a distributed Map) leave no events here.

            --watch draws the tree on a terminal until the execution has ended or Ctrl-C. Elsewhere, and with --output \
            json, it waits for the end and writes once.
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var execution: ExecutionArgument
    @OptionGroup var watching: WatchOptions

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The form of the output.", valueName: "form"))
    var output: WaitOptions.Form = .text

    func run() async throws {
        let console = global.console
        try await global.withEngine { local, _ in
            let store = local.executions
            let id = try await execution.find(in: store).id
            let outline = try StateMachine(parsing: try await store.definition(of: id) ?? "").outline
            var tree = ExecutionTree(outline)
            var eventCount = 0
            let isScreen = watching.watch && output == .text
            let view = LiveView(console: console, interval: watching.period, isScreen: isScreen)
            try await view.run {
                // Its end is noted together with its last events, so that these are there, too.
                guard let found = try await store.execution(id: id) else {
                    return LiveView.Frame(text: "", isLast: true)
                }
                while true {
                    let page = try await store.history(of: id, after: eventCount, limit: Self.pageSize)
                    for line in page { tree.add(try JSON(parsing: line)) }
                    eventCount += page.count
                    if page.count < Self.pageSize { break }
                }
                let isLast = !watching.watch || found.status != .running
                guard view.isScreen || isLast else { return LiveView.Frame(text: "") }
                let text =
                    switch output {
                    case .json: Self.json(found, tree, outline).text() + "\n"
                    case .text:
                        ExecutionTreeText(
                            execution: found,
                            tree: tree,
                            now: local.engine.now,
                            width: console.tableWidth
                        ).text(outline)
                    }
                return LiveView.Frame(text: text, isLast: isLast)
            }
        }
    }

    /// The execution with its states.
    private static func json(
        _ execution: StoredExecution,
        _ tree: ExecutionTree,
        _ outline: [StateMachine.Outline]
    ) -> JSON {
        func states(_ outline: [StateMachine.Outline]) -> [JSON] {
            outline.flatMap { state -> [JSON] in
                let visits = tree.visits(of: state.name)
                var json: JSONObject = [
                    "name": .string(state.name), "type": .string(state.type.rawValue),
                    "entered": .integer(Int64(visits.enteredCount)), "exited": .integer(Int64(visits.exitedCount)),
                ]
                json["first_entered"] = visits.firstEntered.map { .string($0.iso8601) }
                json["last_exited"] = visits.lastExited.map { .string($0.iso8601) }
                return [.object(json)] + state.branches.flatMap(states)
            }
        }
        var json = execution.json.objectValue ?? JSONObject()
        json["states"] = .array(states(outline))
        return .object(json)
    }
}
