public import StatesLanguage

/// A workflow of a project: a state machine in the Amazon States Language.
public struct Workflow: Sendable {
    /// The name, which is that of the file.
    public var name: Located<String>
    /// The file, relative to the project folder.
    public var file: String
    /// The definition as JSON, whatever notation the file has.
    public var definition: String
    /// The definition, checked and compiled.
    public var machine: StateMachine
    /// What its tasks ask for.
    var tasks: [TaskUse]
}

extension Workflow: Hashable {
    /// Two workflows are equal when their files say the same.
    public static func == (left: Workflow, right: Workflow) -> Bool {
        left.file == right.file && left.definition == right.definition && left.machine.kind == right.machine.kind
    }

    /// Hashes what equality compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(file)
        hasher.combine(definition)
    }
}

/// What `ingot.yml` says of workflows.
public struct WorkflowSettings: Hashable, Sendable {
    /// How many tasks of all executions run at once.
    public var concurrencyMax: Int
    /// The names of the workflows that are Express workflows.
    public var express: [Located<String>]
    /// What stands for the resources that tasks name.
    public var bindings: [TaskBinding]
    /// The folders that stand for buckets, by the bucket's name.
    public var buckets: [String: Template]
    /// The tables that are kept for tasks, by name.
    public var tables: [String: TableKey]
    /// What starts executions.
    public var starts: [StartRule]

    /// The settings of a project that has none.
    public static let standard = WorkflowSettings(
        concurrencyMax: 8,
        express: [],
        bindings: [],
        buckets: [:],
        tables: [:],
        starts: []
    )
}

/// What is done where tasks name a resource.
public struct TaskBinding: Hashable, Sendable {
    /// What is done.
    public enum Action: Hashable, Sendable {
        /// A pipeline takes in what waits.
        case pipeline(Located<String>)
        /// Models are computed.
        case models([Located<String>])
        /// Loads bring what changed into other databases.
        case loads([Located<String>])
        /// A query runs; its rows are the result.
        case sql(String)
        /// A program runs: the input goes to its standard input, its standard output is the result.
        case command(arguments: [Template], variables: [String: Template])
        /// A request is sent.
        case http(url: Template, headers: [String: Template])
        /// Another workflow of the project runs.
        case workflow(Located<String>)
        /// A check is judged.
        case check(Located<String>)
        /// Notification targets are told.
        case notification([Located<String>])
    }

    /// The resource, or a pattern of resources with `*` for any text.
    public var resource: Located<String>
    /// What is done.
    public var action: Action

    /// Binds a resource.
    public init(resource: Located<String>, action: Action) {
        self.resource = resource
        self.action = action
    }
}
