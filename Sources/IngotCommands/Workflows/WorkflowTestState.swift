import ArgumentParser
import IngotCore
import IngotProject
import JSONTree
import StatesLanguage

/// `ingot workflow test-state`.
struct WorkflowTestState: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test-state",
        abstract: "Run one state by itself, as TestState does.",
        discussion: """
            The result is one JSON object: status (SUCCEEDED, FAILED, RETRIABLE or CAUGHT_ERROR), output, error, cause, \
            nextState, and inspectionData with what the state did to its data.

            --mock stands for what a task, Map or Parallel state would get from outside: {"result": "<JSON text>"} or \
            {"errorOutput": {"error", "cause"}}.
            """
    )

    @OptionGroup var global: GlobalOptions

    @Option(
        name: .long,
        help: ArgumentHelp("The definition of a state machine, or of one state.", valueName: "file"),
        completion: .file(extensions: ["json", "yml", "yaml"])
    )
    var definition: String

    @Option(name: .long, help: ArgumentHelp("The state, where the definition is one of a machine.", valueName: "name"))
    var state: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The input, a JSON file; an empty object without it.", valueName: "file"),
        completion: .file(extensions: ["json"])
    )
    var input: String?

    @Option(
        name: .long,
        help: ArgumentHelp("What comes from outside, a JSON file.", valueName: "file"),
        completion: .file(extensions: ["json"])
    )
    var mock: String?

    @Option(
        name: .long,
        help: ArgumentHelp("The variables, a JSON object.", valueName: "file"),
        completion: .file(extensions: ["json"])
    )
    var variables: String?

    func run() async throws {
        let file = try DefinitionFile(definition)
        guard let json = file.document.json else { throw DiagnosticsError(file.document.diagnostics) }
        var arguments: JSONObject = ["definition": json]
        arguments["stateName"] = state.map(JSON.string)
        arguments["input"] = try input.map { try JSONFile($0).value() }
        arguments["mock"] = try mock.map { try JSONFile($0).value() }
        arguments["variables"] = try variables.map { try JSONFile($0).value() }
        arguments["roleArn"] = "arn:aws:iam::123456789012:role/ingot"
        let answer: StateTest.Answer
        do throws(StateTest.Refusal) {
            answer = try StateTest(.object(arguments)).run()
        } catch {
            throw IngotError(.invalidDefinition, "\(file.name): \(error.code): \(error.message)")
        }
        var result: JSONObject = ["status": .string(answer.status)]
        result["output"] = answer.output
        result["error"] = answer.error.map(JSON.string)
        result["cause"] = answer.cause.map(JSON.string)
        result["nextState"] = answer.nextState.map(JSON.string)
        result["inspectionData"] = .object(answer.inspection)
        try global.console.print(JSON.object(result).text(.pretty))
        if answer.status == "FAILED" { throw ExitStatus.failure }
    }
}
