import ArgumentParser
import IngotCore
import IngotEngine
import IngotLocal
import IngotProject
import JSONTree

/// `ingot workflow start`.
struct WorkflowStart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Start an execution of a workflow.",
        discussion: """
            The execution is noted and goes on in whatever process drives it: this one with --wait, or \
            `ingot workflow drive`. What has happened survives the process; a task that was running then fails, and \
            its own Retry decides.

            A start with the name and input of an execution that runs gives that one. An execution of an Express \
            workflow runs in this process, and nothing of it is kept.

            Examples:
              ingot workflow start customer_purchases --input day.json --wait
              ingot workflow start replay --name 2026-03-02 --input day.json
            """
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var waiting: WaitOptions

    @Argument(help: ArgumentHelp("The workflow.", valueName: "workflow"))
    var workflow: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The input, a JSON file; an empty object without it.", valueName: "file"),
        completion: .file(extensions: ["json"])
    )
    var input: String?

    @Option(name: .long, help: ArgumentHelp("The name of the execution; one is made without it.", valueName: "name"))
    var name: String?

    func run() async throws {
        let input = try self.input.map { try JSONFile($0).value() } ?? .object(JSONObject())
        try await global.withRuns { local, project in
            let driver = try local.workflowDriver(of: project, tell: global.console.tellNotice)
            if driver.isExpress(workflow) {
                let execution = try await driver.runExpress(workflow, input: input)
                return try WaitOptions.report(execution, waiting, global.console)
            }
            let execution = try await driver.start(workflow, input: input, name: name)
            try await waiting.finish(execution, driver, global.console)
        }
    }
}

/// `ingot workflow drive`.
struct WorkflowDrive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drive",
        abstract: "Drive the executions that run, until all have ended.",
        discussion: """
            Executions that another process drives are waited for; those of a process that has died go on here. The \
            exit status is 1 if one of them could not be driven.
            """
    )

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let console = global.console
        let problems = ProblemCount()
        try await global.withRuns { local, project in
            let driver = try local.workflowDriver(of: project) { event in
                console.tellNotice(event)
                guard case .failed(let work, let error) = event else { return }
                problems.add()
                console.message("\(work): \(error)")
            }
            try await driver.runUntilIdle()
        }
        if problems.value > 0 { throw ExitStatus.failure }
    }
}

/// `ingot workflow stop`.
struct WorkflowStop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Stop an execution.",
        discussion: "Its tasks are cancelled. Where a process drives it, that one stops it within a second."
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var execution: ExecutionArgument

    @Option(name: .long, help: ArgumentHelp("The name of the error.", valueName: "name"))
    var error: String?

    @Option(name: .long, help: ArgumentHelp("Why it is stopped.", valueName: "text"))
    var cause: String?

    func run() async throws {
        try await global.withRuns { local, project in
            let driver = try local.workflowDriver(of: project, tell: global.console.tellNotice)
            let found = try await execution.find(in: local.executions)
            try await driver.stop(found, error: error, cause: cause)
            let stopped = try await driver.drive(found.id)
            try global.console.print("\(stopped.workflow):\(stopped.name) \(stopped.status.rawValue)")
        }
    }
}

/// `ingot workflow redrive`.
struct WorkflowRedrive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redrive",
        abstract: "Let an execution that ended without success go on where it failed.",
        discussion: "States that succeeded are not run again; the failed one is tried with all its retries."
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var execution: ExecutionArgument
    @OptionGroup var waiting: WaitOptions

    func run() async throws {
        try await global.withRuns { local, project in
            let driver = try local.workflowDriver(of: project, tell: global.console.tellNotice)
            let found = try await execution.find(in: local.executions)
            try await driver.redrive(found)
            let running = try await local.executions.execution(id: found.id) ?? found
            try await waiting.finish(running, driver, global.console)
        }
    }
}
