import IngotCore
import IngotProject
import JSONTree
import StatesLanguage

/// Tells notification targets what the input of a task says.
struct NotificationHandler: TaskHandler {
    let services: EngineServices
    let router: NotificationRouter
    let targets: [String]

    func perform(_ task: WorkflowTask) async throws -> JSON {
        let receipts = await router.send(notice(of: task), to: targets)
        try Task.checkCancellation()
        let errors = receipts.compactMap(\.error)
        guard errors.isEmpty else {
            throw TaskFailure(
                error: "Ingot.NotificationFailed",
                cause: errors.map(\.description).joined(separator: "\n")
            )
        }
        return ["notified": .array(receipts.map { .string($0.target) })]
    }

    /// What is told: the `Subject` and `Message` as of SNS, or all of the input.
    private func notice(of task: WorkflowTask) -> Notice {
        Notice(
            id: Identifiers(clock: services.clock).runID(),
            project: services.project.configuration.name.value,
            environment: services.project.environment.name,
            source: Notice.Source(.workflow, task.workflow),
            severity: .info,
            title: task.input["Subject"]?.stringValue ?? "\(task.workflow): \(task.request.state)",
            text: Self.message(in: task.input) ?? task.input.text(),
            details: task.input.text(),
            time: services.clock.now()
        )
    }

    /// The message for everybody: with `MessageStructure: json` there may be one for each protocol.
    private static func message(in input: JSON) -> String? {
        guard let message = input["Message"] else { return nil }
        guard let text = message.stringValue else { return message.text() }
        guard input["MessageStructure"] == "json", let parts = try? JSON(parsing: text) else { return text }
        return parts["default"]?.stringValue ?? text
    }
}
