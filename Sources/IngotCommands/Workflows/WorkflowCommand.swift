import ArgumentParser
import IngotCore
import IngotProject
import JSONTree
import StatesLanguage

/// `ingot workflow`.
struct WorkflowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workflow",
        abstract: "Run, check and simulate state machines in the Amazon States Language.",
        groupedSubcommands: [
            CommandGroup(
                name: "Executions",
                subcommands: [
                    WorkflowStart.self, WorkflowDrive.self, WorkflowStatus.self, WorkflowHistory.self,
                    WorkflowList.self, WorkflowStop.self, WorkflowRedrive.self, WorkflowAnswer.self,
                ]
            ),
            CommandGroup(
                name: "Definitions",
                subcommands: [
                    WorkflowValidate.self, WorkflowSimulate.self, WorkflowTestState.self, WorkflowGraph.self,
                ]
            ),
        ]
    )
}

/// `ingot workflow validate`.
struct WorkflowValidate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Report every problem of definitions of state machines.",
        discussion: """
            Definitions are files of JSON or YAML in the Amazon States Language. Errors are what the service refuses, in \
            its own words; warnings it takes, but they are hardly meant. The exit status is 2 if there is an error. A \
            project's workflows, with what their tasks are bound to, are checked by `ingot validate`.
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var kind: MachineKindOptions

    @Argument(
        help: ArgumentHelp("The definitions.", valueName: "file"),
        completion: .file(extensions: ["json", "yml", "yaml"])
    )
    var files: [String]

    func run() async throws {
        var count = 0
        for path in files {
            let file = try InputFile(path)
            for problem in problems(of: file) {
                if problem.isError { count += 1 }
                global.console.message(problem.text)
            }
        }
        guard count == 0 else { throw ExitStatus.wrongUse }
    }

    private func problems(of file: InputFile) -> [(isError: Bool, text: String)] {
        guard file.name.hasSuffix(".yml") || file.name.hasSuffix(".yaml") else {
            return StateMachine.diagnostics(of: file.text, kind: kind.machine).map {
                ($0.severity == .error, "\(file.name):\($0)")
            }
        }
        return WorkflowDocument(Array(file.text.utf8), path: file.name, kind: kind.machine).diagnostics.map {
            ($0.severity == .error, $0.description)
        }
    }
}

/// Which kind of state machine it is.
struct MachineKindOptions: ParsableArguments {
    @Flag(name: .long, help: "It is an Express workflow.")
    var express = false

    var machine: StateMachine.Kind { express ? .express : .standard }
}

/// A definition that a command was given as a file.
struct DefinitionFile {
    let document: WorkflowDocument
    let name: String

    init(_ path: String, kind: StateMachine.Kind = .standard) throws {
        let file = try InputFile(path)
        name = file.name
        document = WorkflowDocument(Array(file.text.utf8), path: file.name, kind: kind)
    }

    /// The compiled machine.
    ///
    /// - Throws: `DiagnosticsError` with every problem.
    func machine() throws -> StateMachine {
        guard let machine = document.machine else { throw DiagnosticsError(document.diagnostics) }
        return machine
    }
}
