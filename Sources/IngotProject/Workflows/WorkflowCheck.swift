import IngotCore
import StatesLanguage

/// Checks that every task of the workflows is bound to something, and every binding to something that exists.
struct WorkflowCheck {
    /// The services whose tasks need no binding: the query is in the task itself.
    private static let builtIn: Set<String> = ["arn:aws:states:::athena:startQueryExecution"]

    let project: Project
    /// Files with errors: what they would have declared is not missed.
    let brokenFiles: Set<String>

    func diagnostics() -> [IngotCore.Diagnostic] {
        project.workflows.flatMap(tasks) + bindings() + express() + settings.starts.flatMap(start)
    }

    // MARK: Tasks

    private func tasks(of workflow: Workflow) -> [IngotCore.Diagnostic] {
        workflow.tasks.compactMap { task in
            let target = task.target
            guard target.binding(among: settings.bindings) == nil, !Self.builtIn.contains(target.name) else {
                return nil
            }
            let place = SourceLocation(file: workflow.file, line: task.position.line, column: task.position.column)
            let service = task.resource.service
            if BucketAction.services.contains(service) {
                return problem(task, BucketAction.self, at: place, among: settings.buckets.keys)
            }
            if TableAction.services.contains(service) {
                return problem(task, TableAction.self, at: place, among: settings.tables.keys)
            }
            // Which job or function it is shows when the task runs.
            if target.isComputed { return nil }
            if task.resource.service == "states", isWorkflow(String(target.name.dropFirst("states:".count))) {
                return nil
            }
            return error(
                .unboundResource,
                "the state \"\(task.state)\" asks for \(target.name), to which nothing is bound",
                at: place,
                hint: "in ingot.yml: workflows: {bindings: {\"\(target.name)\": \(proposal(for: task))}}"
            )
        }
    }

    /// A binding as it could be written.
    private func proposal(for task: TaskUse) -> String {
        switch task.resource.service {
        case "glue": "{pipeline: \(project.pipelines.first?.name.value ?? "name")}"
        case "http": "{http: \"https://...\"}"
        case "states": "{workflow: \(project.workflows.first?.name.value ?? "name")}"
        case "sns": "{notification: \(notifications.first ?? "name")}"
        default: "{command: [program, argument]}"
        }
    }

    // MARK: Bindings

    private func bindings() -> [IngotCore.Diagnostic] {
        settings.bindings.flatMap { binding -> [IngotCore.Diagnostic] in
            switch binding.action {
            case .pipeline(let name):
                [missing(name, "pipeline", among: project.pipelines.map(\.name.value), in: "pipelines/")]
                    .compactMap(\.self)
            case .models(let names):
                names.compactMap { missing($0, "model", among: project.models.map(\.name.value), in: "models/") }
            case .loads(let names):
                names.compactMap { missing($0, "load", among: project.loads.map(\.name.value), in: "loads/") }
            case .workflow(let name):
                [missing(name, "workflow", among: project.workflows.map(\.name.value), in: "workflows/")]
                    .compactMap(\.self)
            case .check(let name):
                [missing(name, "check", among: project.checks.map(\.name.value), in: "checks/")].compactMap(\.self)
            case .notification(let names):
                names.compactMap { missing($0, "notification", among: notifications, in: "ingot.yml") }
            case .sql, .command, .http: []
            }
        }
    }

    private func express() -> [IngotCore.Diagnostic] {
        settings.express.compactMap {
            missing($0, "workflow", among: project.workflows.map(\.name.value), in: "workflows/")
        }
    }

    // MARK: Starts

    private func start(_ rule: StartRule) -> [IngotCore.Diagnostic] {
        let workflows = project.workflows.map(\.name.value)
        var problems = [missing(rule.workflow, "workflow", among: workflows, in: "workflows/")]
        switch rule.trigger {
        case .schedule: break
        case .object(let name):
            problems.append(missing(name, "pipeline", among: project.pipelines.map(\.name.value), in: "pipelines/"))
        case .run(let name, _):
            let names = project.pipelines.map(\.name.value) + project.models.map(\.name.value)
            problems.append(missing(name, "pipeline or model", among: names, in: ""))
        case .execution(let name, _):
            problems.append(missing(name, "workflow", among: workflows, in: "workflows/"))
            let reason = "of an Express workflow nothing is kept that a start could listen for"
            problems.append(expressConflict(name, reason))
        }
        problems.append(expressConflict(rule.workflow, "an execution of an Express workflow runs in whoever starts it"))
        return problems.compactMap(\.self)
    }

    private func expressConflict(_ name: Located<String>, _ reason: String) -> IngotCore.Diagnostic? {
        guard settings.express.contains(where: { $0.value == name.value }) else { return nil }
        return error(
            .conflictingKeys,
            "\(reason): \"\(name.value)\" is one",
            at: name.location,
            hint: "take \(name.value) out of workflows: {express: [...]}"
        )
    }

    private func missing(
        _ name: Located<String>,
        _ what: String,
        among names: [String],
        in folder: String
    ) -> IngotCore.Diagnostic? {
        NameLookup(brokenFiles: brokenFiles).missing(name, what, among: names, in: folder)
    }

    var settings: WorkflowSettings {
        project.configuration.workflows
    }

    /// The names of the environment's notification targets.
    private var notifications: [String] {
        project.environment.notifications.keys.sorted()
    }

    private func isWorkflow(_ name: String) -> Bool {
        project.workflows.contains { $0.name.value == name }
    }

    func error(
        _ code: ErrorCode,
        _ message: String,
        at location: SourceLocation,
        hint: String?
    ) -> IngotCore.Diagnostic {
        IngotCore.Diagnostic(.error, IngotError(code, message, at: location, hint: hint))
    }
}
