import IngotCore
import StatesLanguage

extension WorkflowCheck {
    /// What is wrong with a task that has no binding and asks a service for which something of the project stands, of
    /// which `names` are there.
    func problem<Action: StandInAction>(
        _ task: TaskUse,
        _: Action.Type,
        at place: SourceLocation,
        among names: some Collection<String>
    ) -> IngotCore.Diagnostic? {
        let standIn = Action.standIn
        guard let action = Action(task.resource) else {
            let known = Action.allCases.map(\.rawValue).joined(separator: ", ")
            return error(
                .unboundResource,
                "the state \"\(task.state)\" asks \(standIn.service) for \(task.resource.action), which \(standIn.name) do "
                    + "not do: \(known)",
                at: place,
                hint: "in ingot.yml: workflows: {bindings: {\"\(task.target.name)\": {command: [program, argument]}}}"
            )
        }
        if let member = action.unsupportedMember(of: task.arguments) {
            return error(
                .unboundResource,
                "the state \"\(task.state)\" gives \(action.refusal(of: member))",
                at: place,
                hint: "take it out, or bind \(task.target.name) to a command in ingot.yml"
            )
        }
        // Which one it is may only show when the task runs.
        guard task.target.name.hasPrefix(standIn.prefix) else { return nil }
        let name = String(task.target.name.dropFirst(standIn.prefix.count))
        guard !names.contains(name) else { return nil }
        return error(
            .unboundResource,
            "the state \"\(task.state)\" asks for the \(standIn.thing) \"\(name)\", \(standIn.absence)",
            at: place,
            hint: "in ingot.yml: workflows: {\(standIn.setting(name))}"
        )
    }
}
