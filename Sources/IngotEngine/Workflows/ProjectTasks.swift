import DuckDB
public import IngotCore
public import IngotProject
import JSONTree
public import StatesLanguage

/// Who does the tasks of a project's workflows, as `ingot.yml` binds them.
public struct ProjectTasks: TaskDirectory {
    /// Makes the handler of a binding that leads out of the project; `nil` where this machine has none.
    public typealias Outside = @Sendable (TaskBinding.Action) -> (any TaskHandler)?

    private let engine: Engine
    private let project: Project
    private let buckets: [String: any ObjectStore]
    private let items: any TableItemStore
    private let router: NotificationRouter
    private let turns = ProjectTurns()
    private let outside: Outside

    /// The tasks of a project.
    ///
    /// - Parameters:
    ///   - engine: The project's engine.
    ///   - project: The project.
    ///   - buckets: What stands for buckets, by their names.
    ///   - items: The items of the project's tables.
    ///   - router: Sends notifications.
    ///   - outside: Makes handlers of commands and requests.
    public init(
        engine: Engine,
        project: Project,
        buckets: [String: any ObjectStore],
        items: any TableItemStore,
        router: NotificationRouter,
        outside: @escaping Outside
    ) {
        self.engine = engine
        self.project = project
        self.buckets = buckets
        self.items = items
        self.router = router
        self.outside = outside
    }

    /// Who does a task.
    public func performer(of request: TaskRequest) -> TaskPerformer? {
        let target = TaskTarget(request.resource, arguments: request.input)
        guard let binding = target.binding(among: project.configuration.workflows.bindings) else {
            return builtIn(request, target)
        }
        switch binding.action {
        case .pipeline(let name):
            return .handler(PipelineHandler(engine: engine, pipeline: name.value, turns: turns))
        case .models(let names):
            return .handler(ModelHandler(engine: engine, models: Set(names.map(\.value)), turns: turns))
        case .loads(let names):
            return .handler(LoadHandler(engine: engine, loads: names.map(\.value), turns: turns))
        case .sql(let sql): return .handler(QueryHandler(engine: engine, sql: sql))
        case .workflow(let name): return .workflow(name.value)
        case .check(let name):
            let checks = CheckService(engine, router: router)
            return project.check(named: name.value).map { .handler(CheckHandler(checks: checks, check: $0)) }
        case .notification(let names):
            let targets = names.map(\.value)
            return .handler(NotificationHandler(services: engine.services, router: router, targets: targets))
        case .command, .http: return outside(binding.action).map { .handler($0) }
        }
    }

    /// How what a task asks for is called in `ingot.yml`.
    public func name(of request: TaskRequest) -> String {
        TaskTarget(request.resource, arguments: request.input).name
    }

    /// What needs no binding: workflows of the project by their names, folders that stand for buckets, and queries that
    /// tasks bring themselves.
    private func builtIn(_ request: TaskRequest, _ target: TaskTarget) -> TaskPerformer? {
        if target.names[0].hasPrefix("states:") {
            let name = String(target.names[0].dropFirst("states:".count))
            return project.workflow(named: name).map { _ in .workflow(name) }
        }
        if let action = BucketAction(request.resource) {
            return .handler(BucketHandler(action: action, request: request.input, stores: buckets))
        }
        if let action = TableAction(request.resource) {
            let tables = project.configuration.workflows.tables
            return .handler(TableHandler(action: action, request: request, tables: tables, store: items))
        }
        guard target.names.contains("arn:aws:states:::athena:startQueryExecution") else { return nil }
        return .handler(QueryHandler(engine: engine, sql: nil))
    }
}
