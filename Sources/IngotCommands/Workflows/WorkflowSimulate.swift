import ArgumentParser
import IngotCore
import IngotProject
import JSONTree
import StatesLanguage

/// `ingot workflow simulate`.
struct WorkflowSimulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run a state machine in memory on a virtual clock.",
        discussion: """
            Nothing is waited for, and nothing outside is touched: tasks get their results from --mocks, a JSON object \
            with an answer for each Resource: {"echo": true}, {"return": value}, {"error": name, "cause": text}, \
            {"hang": true}, {"match": [{"input", "then"}]} by the effective input, or {"sequence": [...]} by the call.

            --cases runs a file of cases, one JSON object a line with id, definition, input, type, mocks, s3 and \
            context; it prints a line for each, in order: id, status, output, error and cause, each where there is one.

            Examples:
              ingot workflow simulate --definition replay.asl.json --input input.json --mocks mocks.json
              ingot workflow simulate --cases cases.jsonl
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var kind: MachineKindOptions

    @Option(
        name: .long,
        help: ArgumentHelp("The definition, a file of JSON or YAML.", valueName: "file"),
        completion: .file(extensions: ["json", "yml", "yaml"])
    )
    var definition: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The input, a JSON file; an empty object without it.", valueName: "file"),
        completion: .file(extensions: ["json"])
    )
    var input: String?

    @Option(
        name: .long,
        help: ArgumentHelp("The answers of tasks by Resource, a JSON file.", valueName: "file"),
        completion: .file(extensions: ["json"])
    )
    var mocks: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Run a file of cases.", valueName: "file"),
        completion: .file(extensions: ["jsonl"])
    )
    var cases: String?

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The form of the output.", valueName: "form"))
    var output: Form = .text

    /// How the outcome of one simulation is written.
    enum Form: String, ExpressibleByArgument, CaseIterable {
        /// Its status, and its output or error below.
        case text
        /// One line of JSON.
        case json
    }

    func validate() throws {
        guard (definition == nil) != (cases == nil) else {
            throw ValidationError("Give a definition with --definition, or a file of cases with --cases.")
        }
        guard cases == nil || (input == nil && mocks == nil) else {
            throw ValidationError("Cases have their own inputs and mocks.")
        }
    }

    func run() async throws {
        let console = global.console
        if let cases {
            return try JSONFile(cases).forEachLine { try console.print(SimulationCase($0).answer().text()) }
        }
        guard let definition else { return }
        var simulated = JSONObject([("definition", try self.definition(in: definition))])
        simulated["input"] = try input.map { try JSONFile($0).value() } ?? [:]
        simulated["mocks"] = try mocks.map { try JSONFile($0).value() }
        simulated["type"] = kind.express ? "EXPRESS" : "STANDARD"
        let answer = SimulationCase(.object(simulated)).answer()
        let status = answer["status"]?.stringValue ?? ""
        switch output {
        case .json: try console.print(answer.text())
        case .text: try console.print(text(of: answer, status))
        }
        guard status != "INVALID_DEFINITION" else {
            let hint = "ingot workflow validate \(definition)"
            throw IngotError(.invalidDefinition, "\(definition) is refused", hint: hint)
        }
    }

    /// A definition as a case has it: the text of JSON, so that it is refused in the service's words, or what YAML says.
    private func definition(in path: String) throws -> JSON {
        guard path.hasSuffix(".yml") || path.hasSuffix(".yaml") else { return .string(try InputFile(path).text) }
        let file = try DefinitionFile(path, kind: kind.machine)
        _ = try file.machine()
        return file.document.json ?? .null
    }

    private func text(of answer: JSON, _ status: String) -> String {
        var lines = [status]
        if let output = answer["output"] { lines.append(output.text(.pretty)) }
        if let error = answer["error"]?.stringValue { lines.append("error: \(error)") }
        if let cause = answer["cause"]?.stringValue { lines.append("cause: \(cause)") }
        return lines.joined(separator: "\n")
    }
}
