import ArgumentParser
import IngotCore
import IngotEngine
import IngotLocal
import JSONTree
import StatesLanguage

/// `ingot workflow answer`.
struct WorkflowAnswer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer",
        abstract: "Answer a task that waits for its token.",
        discussion: """
            A task of a resource that ends in .waitForTaskToken hands its token over and waits. The answer is a \
            success with an output, a failure with --error, or a sign of life with --heartbeat.
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The task's token.", valueName: "token"))
    var token: String

    @Option(
        name: .long,
        help: ArgumentHelp("The output, a JSON file; an empty object without it.", valueName: "file"),
        completion: .file(extensions: ["json"])
    )
    var output: String?

    @Option(name: .long, help: ArgumentHelp("The task failed, with this name of the error.", valueName: "name"))
    var error: String?

    @Option(name: .long, help: ArgumentHelp("Why it failed.", valueName: "text"))
    var cause: String?

    @Flag(name: .long, help: "The task is still at work.")
    var heartbeat = false

    func validate() throws {
        let count = [output != nil, error != nil || cause != nil, heartbeat].count(where: \.self)
        guard count <= 1 else { throw ValidationError("Give one of --output, --error and --heartbeat.") }
    }

    func run() async throws {
        let input: ExecutionInput
        if heartbeat {
            input = .taskHeartbeat(token: token)
        } else if error != nil || cause != nil {
            input = .taskFailed(token: token, error: error, cause: cause)
        } else {
            let value = try output.map { try JSONFile($0).value() } ?? .object(JSONObject())
            input = .taskSucceeded(token: token, output: value)
        }
        try await global.withEngine { local, project in
            try await local.workflowDriver(of: project).answer(input)
        }
    }
}
