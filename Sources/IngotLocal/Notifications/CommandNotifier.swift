import IngotCore
import IngotEngine
import IngotProject

/// Hands notices over to a program, as JSON on its standard input.
struct CommandNotifier: Notifier {
    /// Nobody reads what the program prints.
    private static let outputSizeMax = 1 << 20

    let name: Located<String>
    let program: ExternalProgram

    func send(_ notice: Notice) async throws {
        let outcome = try await program.run(notice.json, outputSizeMax: Self.outputSizeMax)
        guard outcome.status != 0 else { return }
        let said = outcome.messages.isEmpty ? "" : ": \(outcome.redacted(outcome.messages))"
        let cause = "\(program.name) ended with the status \(outcome.status)\(said)"
        throw IngotError.unsent(name, cause, isRetryable: true)
    }
}
