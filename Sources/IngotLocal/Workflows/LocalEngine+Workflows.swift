package import IngotCore
public import IngotEngine
public import IngotProject
import StatesLanguage

extension LocalEngine {
    /// The driver of a project's workflows.
    ///
    /// - Parameters:
    ///   - project: The project.
    ///   - tell: Is told what becomes of executions.
    /// - Returns: The driver; nothing runs yet.
    /// - Throws: `IngotError` where a folder of the settings cannot be resolved.
    public func workflowDriver(
        of project: Project,
        tell: @escaping @Sendable (ServiceEvent) -> Void = { _ in }
    ) throws -> WorkflowDriver {
        try workflowDriver(of: project, over: executions, tell: tell)
    }

    /// The driver of a project's workflows over another store of executions than the project's own.
    package func workflowDriver(
        of project: Project,
        over store: any ExecutionStore,
        tell: @escaping @Sendable (ServiceEvent) -> Void = { _ in }
    ) throws -> WorkflowDriver {
        let settings = project.configuration.workflows
        let (resolver, scratch, directory) = (resolver, scratchFolder, project.directory)
        let folders = try settings.buckets.mapValues { try resolver.path(of: $0, in: project.directory) }
        let buckets = folders.mapValues { FileObjectStore(root: $0) }
        let workflows = project.workflows.map {
            ($0.name.value, WorkflowDefinition(text: $0.definition, machine: $0.machine))
        }
        let router = notificationRouter(of: project) { tell(.noticed($0)) }
        let identity = ProcessIdentity(stateFolder: locations.state)
        var services = WorkflowServices(
            store: store,
            workflows: Dictionary(workflows) { $1 },
            tasks: ProjectTasks(
                engine: engine,
                project: project,
                buckets: buckets,
                items: items,
                router: router
            ) { action in
                switch action {
                case .command(let arguments, let variables):
                    CommandHandler(
                        program: ExternalProgram(
                            arguments: arguments,
                            variables: variables,
                            directory: directory,
                            scratch: scratch,
                            resolver: resolver
                        )
                    )
                case .http(let url, let headers): HTTPHandler(url: url, headers: headers, resolver: resolver)
                case .pipeline, .models, .loads, .sql, .workflow, .check, .notification: nil
                }
            },
            items: BucketItems(folders: folders),
            owner: identity.current,
            isAlive: { identity.isAlive($0) },
            taskCountMax: settings.concurrencyMax
        )
        services.tell = tell
        return WorkflowDriver(services)
    }

    /// Starts executions by the rules of a project.
    public func workflowStarter(of project: Project, _ driver: WorkflowDriver) -> WorkflowStarter {
        WorkflowStarter(driver, store: starts, project: project, events: StartEvents(engine))
    }
}
