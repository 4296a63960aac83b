/// A project folder that was read and found to be right: every file's values, checked one by one and together.
public struct Project: Hashable, Sendable {
    /// The project folder, as an absolute path.
    public var directory: String
    /// What `ingot.yml` says.
    public var configuration: ProjectConfiguration
    /// The environment that was chosen.
    public var environment: Environment
    /// The pipelines, by name.
    public var pipelines: [Pipeline]
    /// The models, by name.
    public var models: [Model]
    /// The seeds, by table.
    public var seeds: [Seed]

    /// The pipeline of that name.
    public func pipeline(named name: String) -> Pipeline? {
        pipelines.first { $0.name.value == name }
    }

    /// The model of that name.
    public func model(named name: String) -> Model? {
        models.first { $0.name.value == name }
    }
}
