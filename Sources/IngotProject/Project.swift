public import IngotCore

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
    /// The workflows, by name.
    public var workflows: [Workflow]

    /// Reads a project folder.
    ///
    /// Every file is read, and everything that is wrong with any of them is reported at once.
    ///
    /// - Parameters:
    ///   - directory: The project folder, as an absolute path.
    ///   - environment: The environment to choose; `nil` for the project's default.
    ///   - files: Where the files are; `nil` for the disk.
    /// - Returns: The project, with warnings.
    /// - Throws: ``DiagnosticsError`` with every error and warning, in the order of files and lines.
    public static func load(
        directory: String,
        environment: String? = nil,
        files: (any ProjectFiles)? = nil
    ) throws(DiagnosticsError) -> (project: Project, warnings: [Diagnostic]) {
        try load(
            directory: directory,
            environment: environment,
            files: files ?? DirectoryProjectFiles(directory),
            version: .current
        )
    }

    package static func load(
        directory: String,
        environment: String?,
        files: any ProjectFiles,
        version: Version
    ) throws(DiagnosticsError) -> (project: Project, warnings: [Diagnostic]) {
        var loader = ProjectLoader(directory: directory, files: files, version: version)
        let (project, diagnostics) = loader.load(environment: environment)
        guard let project, !diagnostics.contains(where: { $0.severity == .error }) else {
            throw DiagnosticsError(diagnostics)
        }
        return (project, diagnostics)
    }

    /// The pipeline of that name.
    public func pipeline(named name: String) -> Pipeline? {
        pipelines.first { $0.name.value == name }
    }

    /// The model of that name.
    public func model(named name: String) -> Model? {
        models.first { $0.name.value == name }
    }

    /// The workflow of that name.
    public func workflow(named name: String) -> Workflow? {
        workflows.first { $0.name.value == name }
    }
}
