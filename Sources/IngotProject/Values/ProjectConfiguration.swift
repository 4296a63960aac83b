/// What `ingot.yml` says, before an environment is chosen.
public struct ProjectConfiguration: Hashable, Sendable {
    /// The project's name.
    public var name: Located<String>
    /// What it is for.
    public var description: String?
    /// The environment that is used where none is named.
    public var defaultEnvironment: String
    /// Every environment, with everything that it inherits filled in, in file order; `dev` is always there.
    public var environments: [Environment]
    /// How workflows run.
    public var workflows: WorkflowSettings

    /// The environment of that name.
    public func environment(named name: String) -> Environment? {
        environments.first { $0.name == name }
    }
}
