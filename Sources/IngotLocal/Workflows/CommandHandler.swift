import IngotCore
import IngotEngine
import IngotProject
import JSONTree
import StatesLanguage

/// Runs a program: the input goes to its standard input, its standard output is the result.
struct CommandHandler: TaskHandler {
    /// More is no result: the data of a state has 256 KiB.
    private static let outputSizeMax = 1 << 20
    /// How many characters of an output that is no JSON the cause shows.
    private static let excerptSizeMax = 200

    let program: ExternalProgram

    func perform(_ task: WorkflowTask) async throws -> JSON {
        let settings = [
            "INGOT_WORKFLOW": task.workflow, "INGOT_EXECUTION": task.execution,
            "INGOT_TASK_TOKEN": task.request.token,
        ]
        let outcome = try await program.run(task.input, settings, outputSizeMax: Self.outputSizeMax)
        guard let output = outcome.output else {
            let cause = "The program wrote more than \(Self.outputSizeMax) bytes"
            throw TaskFailure(error: "States.DataLimitExceeded", cause: cause)
        }
        guard outcome.status == 0 else {
            let failure = failure(outcome, output)
            throw TaskFailure(error: failure.error, cause: outcome.redacted(failure.cause))
        }
        if output.allSatisfy(\.isWhitespace) { return .object(JSONObject()) }
        do throws(JSONSyntaxError) {
            return try JSON(parsing: output, options: JSONParserOptions(duplicateKeys: .keepLast))
        } catch {
            let shown = outcome.redacted(String(output.prefix(Self.excerptSizeMax)))
            let cause = "The standard output of the program is no JSON (\(error.description)): \(shown)"
            throw TaskFailure(error: "Ingot.InvalidOutput", cause: cause)
        }
    }

    /// A program may name its error on the standard output, as a function does.
    private func failure(_ outcome: ExternalProgram.Outcome, _ output: String) -> TaskFailure {
        if let value = try? JSON(parsing: output), let error = value["errorType"]?.stringValue {
            return TaskFailure(error: error, cause: value["errorMessage"]?.stringValue ?? outcome.messages)
        }
        let said = outcome.messages
        let cause = said.isEmpty ? "\(program.name) ended with the status \(outcome.status)" : said
        return TaskFailure(error: "Ingot.CommandFailed", cause: cause)
    }
}
