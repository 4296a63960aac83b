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
    /// The checks, by name.
    public var checks: [Check]
    /// The workflows, by name.
    public var workflows: [Workflow]
    /// The loads, by name.
    public var loads: [Load]

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
        let (project, diagnostics) = check(
            directory: directory,
            environment: environment,
            files: files,
            version: version
        )
        guard let project, !diagnostics.contains(where: { $0.severity == .error }) else {
            throw DiagnosticsError(diagnostics)
        }
        return (project, diagnostics)
    }

    /// Reads a project folder for what is wrong with it.
    ///
    /// - Parameters:
    ///   - directory: The project folder, as an absolute path.
    ///   - environment: The environment to choose; `nil` for the project's default.
    ///   - files: Where the files are; `nil` for the disk.
    ///   - version: The program's version.
    /// - Returns: What could be read, `nil` where that is nothing to go on with; and every error and warning, in the order
    ///   of files and lines. With an error among them the project is good for looking for more errors, and for nothing
    ///   else: ``SilverTable/hasAllColumns`` may be false, and the environment is the default where the chosen one is
    ///   unknown.
    package static func check(
        directory: String,
        environment: String?,
        files: (any ProjectFiles)? = nil,
        version: Version = .current
    ) -> (project: Project?, diagnostics: [Diagnostic]) {
        var loader = ProjectLoader(
            directory: directory,
            files: files ?? DirectoryProjectFiles(directory),
            version: version
        )
        return loader.load(environment: environment)
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

    /// The load of that name.
    public func load(named name: String) -> Load? {
        loads.first { $0.name.value == name }
    }
}
