import ArgumentParser
import Foundation
import IngotCore
import IngotProject
import StatesLanguage

/// `ingot workflow graph`.
struct WorkflowGraph: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Draw a state machine.",
        discussion: """
            Text has a line for each state with the states that can follow; SVG is a picture.

            Examples:
              ingot workflow graph workflows/replay.asl.json
              ingot workflow graph workflows/replay.asl.json -o svg > replay.svg
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var kind: MachineKindOptions

    @Argument(
        help: ArgumentHelp("The definition, a file, or a workflow of the project.", valueName: "definition"),
        completion: .file(extensions: ["json", "yml", "yaml"])
    )
    var definition: String

    @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The form of the output.", valueName: "form"))
    var output: Form = .text

    /// How a machine is drawn.
    enum Form: String, ExpressibleByArgument, CaseIterable {
        /// Lines.
        case text
        /// A picture.
        case svg
    }

    func run() async throws {
        let outline = try machine().outline
        switch output {
        case .text: try global.console.write(GraphText(outline).text)
        case .svg: try global.console.write(GraphPicture(outline).svg)
        }
    }

    private func machine() throws -> StateMachine {
        let isFile = definition == "-" || FileManager.default.fileExists(atPath: definition)
        if !isFile, !definition.contains("/"), !definition.contains(".") {
            let project = try global.project()
            let names = project.workflows.map(\.name.value)
            guard let workflow = project.workflow(named: definition) else {
                throw IngotError(
                    .unknownWorkflow,
                    "there is no workflow \"\(definition)\"",
                    hint: NearestMatch.find(definition, among: names)
                )
            }
            return workflow.machine
        }
        return try DefinitionFile(definition, kind: kind.machine).machine()
    }
}

/// A state machine in lines.
struct GraphText {
    let text: String

    init(_ outline: [StateMachine.Outline]) {
        var lines: [String] = []
        Self.append(outline, indent: "", to: &lines)
        text = lines.joined(separator: "\n") + "\n"
    }

    private static func append(_ states: [StateMachine.Outline], indent: String, to lines: inout [String]) {
        for state in states {
            var line = "\(indent)\(state.name) (\(state.type.rawValue))"
            if let resource = state.resource { line += " \(resource)" }
            let next = state.successors + (state.isTerminal ? ["end"] : [])
            line += " -> \(next.joined(separator: ", "))"
            lines.append(line)
            for (index, branch) in state.branches.enumerated() {
                lines.append("\(indent)    \(state.type == .map ? "for each item" : "branch \(index + 1)"):")
                append(branch, indent: indent + "        ", to: &lines)
            }
        }
    }
}
