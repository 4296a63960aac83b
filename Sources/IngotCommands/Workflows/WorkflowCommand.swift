import ArgumentParser
import IngotCore
import JSONTree
import StatesLanguage

/// `ingot workflow`.
struct WorkflowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workflow",
        abstract: "Check and simulate state machines in the Amazon States Language.",
        subcommands: [WorkflowValidate.self, WorkflowSimulate.self]
    )
}

/// `ingot workflow validate`.
struct WorkflowValidate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Report every problem of definitions of state machines.",
        discussion: """
            Definitions are files of JSON in the Amazon States Language. Errors are what the service refuses, in its \
            own words; warnings it takes, but they are hardly meant. The exit status is 2 if there is an error.
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var kind: MachineKindOptions

    @Argument(help: ArgumentHelp("The definitions.", valueName: "file"), completion: .file(extensions: ["json"]))
    var files: [String]

    func run() async throws {
        var count = 0
        for path in files {
            let file = try InputFile(path)
            for problem in StateMachine.diagnostics(of: file.text, kind: kind.machine) {
                if problem.severity == .error { count += 1 }
                global.console.message("\(file.name):\(problem)")
            }
        }
        guard count == 0 else { throw ExitStatus.wrongUse }
    }
}

/// Which kind of state machine it is.
struct MachineKindOptions: ParsableArguments {
    @Flag(name: .long, help: "It is an Express workflow.")
    var express = false

    var machine: StateMachine.Kind { express ? .express : .standard }
}
