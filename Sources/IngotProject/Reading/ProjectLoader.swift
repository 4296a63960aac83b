import IngotCore

/// Reads every file of a project, collecting everything that is wrong.
struct ProjectLoader {
    private let directory: String
    private let files: any ProjectFiles
    private let version: Version
    private var diagnostics: [Diagnostic] = []

    init(directory: String, files: any ProjectFiles, version: Version) {
        self.directory = directory
        self.files = files
        self.version = version
    }

    /// Everything that was read, with the findings; `nil` where an error leaves nothing to work with.
    mutating func load(environment: String?) -> (project: Project?, diagnostics: [Diagnostic]) {
        let project = readAll(environment: environment)
        return (project, diagnostics.inOrder)
    }

    private mutating func readAll(environment name: String?) -> Project? {
        guard let main = reading("ingot.yml") else {
            if diagnostics.isEmpty { reportNoProject() }
            return nil
        }
        let root = YAMLComposer.compose(main)
        if let root, !allowsVersion(root, main) {
            diagnostics += main.diagnostics
            return nil
        }
        let configuration = document(root, of: main, as: ValueType<ProjectConfiguration>.configuration)
        let pipelines = paths(under: "pipelines").compactMap { path in
            yaml(path, as: ValueType<Pipeline>.pipeline)
        }
        let models = paths(under: "models").compactMap { model($0) }
        let seeds = seeds()
        let checks = paths(under: "checks").compactMap { path in yaml(path, as: ValueType<Check>.check) }
        let express = configuration?.workflows.express.map(\.value) ?? []
        let workflows = paths(under: "workflows").compactMap { workflow($0, express: Set(express)) }
        let loads = paths(under: "loads").compactMap { yaml($0, as: ValueType<Load>.load) }
        noteMisnamed()
        guard let configuration else { return nil }
        guard let environment = chosen(name, of: configuration) else { return nil }
        let project = Project(
            directory: directory,
            configuration: configuration,
            environment: environment,
            pipelines: pipelines.sorted { $0.name.value < $1.name.value },
            models: models.sorted { $0.name.value < $1.name.value },
            seeds: seeds.sorted { $0.table.value < $1.table.value },
            checks: checks.sorted { $0.name.value < $1.name.value },
            workflows: workflows.sorted { $0.name.value < $1.name.value },
            loads: loads.sorted { $0.name.value < $1.name.value }
        )
        let brokenFiles = brokenFiles
        diagnostics += ProjectCheck(project, brokenFiles: brokenFiles).diagnostics()
        diagnostics += TellingCheck(project: project, brokenFiles: brokenFiles).diagnostics()
        diagnostics += LoadCheck(project: project, brokenFiles: brokenFiles).diagnostics()
        diagnostics += WorkflowCheck(project: project, brokenFiles: brokenFiles).diagnostics()
        return project
    }

    /// The files with errors.
    private var brokenFiles: Set<String> {
        Set(diagnostics.filter { $0.severity == .error }.compactMap { $0.error.location?.file })
    }

    // MARK: Files

    mutating func reading(_ path: String) -> Reading? {
        do {
            guard let bytes = try files.contents(of: path, limit: YAMLLimits.fileSizeMax) else { return nil }
            return try Reading(bytes: bytes, path: path)
        } catch {
            report(error, path: path)
            return nil
        }
    }

    private mutating func paths(under folder: String) -> [String] {
        do {
            return try files.paths(under: folder)
        } catch {
            report(error, path: folder)
            return []
        }
    }

    private mutating func report(_ error: any Error, path: String) {
        let location = SourceLocation(file: path)
        let known = error as? IngotError
        diagnostics.append(
            Diagnostic(.error, known ?? IngotError(.unreadableFile, "the file cannot be read", at: location))
        )
    }

    // MARK: Kinds of files

    private mutating func yaml<Value>(_ path: String, as type: ValueType<Value>) -> Value? {
        guard path.hasSuffix(".yml") || path.hasSuffix(".yaml") else {
            ignore(path, "only .yml files are read here")
            return nil
        }
        guard let reading = reading(path) else { return nil }
        return document(YAMLComposer.compose(reading), of: reading, as: type)
    }

    private mutating func document<Value>(_ root: YAMLNode?, of reading: Reading, as type: ValueType<Value>) -> Value? {
        var value: Value?
        if let root, !root.isNull {
            value = type.parse(root, reading)
        } else if !reading.hasErrors {
            reading.error(
                .missingKey,
                "the file is empty",
                at: SourceLocation(file: reading.source.file, line: 1),
                hint: Self.firstLine(type.shape)
            )
        }
        diagnostics += reading.diagnostics
        return value
    }

    /// The key that a file of that kind begins with.
    private static func firstLine(_ shape: Shape) -> String? {
        guard case .object(let object) = shape, let key = object.keys.first(where: \.isRequired) else { return nil }
        return "\(key.name): ..."
    }

    private mutating func model(_ path: String) -> Model? {
        guard path.hasSuffix(".sql") else {
            ignore(path, "only .sql files are read here; a model's settings stand at its top in /* @ingot ... */")
            return nil
        }
        guard let reading = reading(path) else { return nil }
        let model = ModelFile(reading).read()
        diagnostics += reading.diagnostics
        return model
    }

    private mutating func seeds() -> [Seed] {
        let paths = paths(under: "seeds")
        var seeds: [Seed] = []
        for path in paths where path.hasSuffix(".csv") {
            let stem = path.dropLast(".csv".count)
            let settingsPath = paths.first { $0 == stem + ".yml" || $0 == stem + ".yaml" }
            let settings = settingsPath.map { yaml($0, as: ValueType<SeedSettings>.seedSettings) } ?? .standard
            if let settings, let seed = seed(path, settings: settings) { seeds.append(seed) }
        }
        for path in paths where !path.hasSuffix(".csv") {
            let stem = path.split(separator: ".").first.map(String.init) ?? path
            if !paths.contains(stem + ".csv") {
                ignore(path, "there is no \(stem).csv beside it")
            }
        }
        return seeds
    }

    private mutating func seed(_ path: String, settings: SeedSettings) -> Seed? {
        let name = String(path.split(separator: "/").last?.dropLast(".csv".count) ?? "")
        let place = SourceLocation(file: path, line: 1, column: 1)
        guard Names.isTableName(name) else {
            diagnostics.append(
                Diagnostic(
                    .error,
                    IngotError(
                        .invalidName,
                        "the file's name becomes the table's, so it is lower-case letters, digits and \"_\"; "
                            + "found \"\(name)\"",
                        at: SourceLocation(file: path),
                        hint: Names.suggestion(for: name).map { "\($0).csv" }
                    )
                )
            )
            return nil
        }
        let header: [String]
        do {
            let bytes = try files.contents(of: path, limit: SeedHeader.bytesMax) ?? []
            header = try SeedHeader.read(bytes, delimiter: settings.delimiter, path: path)
        } catch {
            report(error, path: path)
            return nil
        }
        return Seed(
            table: Located(TableName(namespace: "seeds", name: name), at: place),
            file: path,
            description: settings.description,
            tags: settings.tags,
            delimiter: settings.delimiter,
            columns: columns(of: header, settings: settings, place: place)
        )
    }

    private mutating func columns(
        of header: [String],
        settings: SeedSettings,
        place: SourceLocation
    ) -> [Model.Column] {
        for column in settings.columns where !header.contains(column.name.value) {
            diagnostics.append(
                Diagnostic(
                    .error,
                    IngotError(
                        .unknownName,
                        "the file \(place.file) has no column \"\(column.name.value.abbreviated)\"; columns: "
                            + header.joined(separator: ", "),
                        at: column.name.location,
                        hint: NearestMatch.find(column.name.value, among: header)
                    )
                )
            )
        }
        return header.map { name in
            settings.columns.first { $0.name.value == name }
                ?? Model.Column(name: Located(name, at: place), tests: [])
        }
    }

    // MARK: The whole

    /// A project for another version is not read further: its keys may mean what this version does not know.
    private func allowsVersion(_ root: YAMLNode, _ reading: Reading) -> Bool {
        guard case .mapping(let entries) = root.content,
            let node = entries.first(where: { $0.key.value == ConfigurationKeys.requiredVersion.name })?.value,
            let requirement = VersionRequirement(node.text), !requirement.allows(version)
        else { return true }
        reading.error(
            .newerProject,
            "the project needs Ingot \(node.text), this is \(version)",
            at: node.location,
            hint: "install a version that fits"
        )
        return false
    }

    private mutating func chosen(_ name: String?, of configuration: ProjectConfiguration) -> Environment? {
        let name = name ?? configuration.defaultEnvironment
        if let environment = configuration.environment(named: name) { return environment }
        let names = configuration.environments.map(\.name)
        if name != configuration.defaultEnvironment {
            diagnostics.append(
                Diagnostic(
                    .error,
                    IngotError(
                        .unknownEnvironment,
                        "there is no environment \"\(name.abbreviated)\"; environments: "
                            + names.joined(separator: ", "),
                        at: SourceLocation(file: "ingot.yml"),
                        hint: NearestMatch.find(name, among: names)
                    )
                )
            )
        }
        // What is wrong beside that shows in the usual one.
        return configuration.environment(named: configuration.defaultEnvironment)
    }

    private mutating func noteMisnamed() {
        for path in paths(under: "") where path == "ingot.yaml" {
            ignore(path, "the project's file is ingot.yml")
        }
    }

    mutating func ignore(_ path: String, _ reason: String) {
        diagnostics.append(
            Diagnostic(
                .warning,
                IngotError(.ignoredFile, "the file is not read: \(reason)", at: SourceLocation(file: path))
            )
        )
    }

    mutating func add(_ severity: Diagnostic.Severity, _ error: IngotError) {
        diagnostics.append(Diagnostic(severity, error))
    }

    private mutating func reportNoProject() {
        let other = paths(under: "").first { $0 == "ingot.yaml" }
        diagnostics.append(
            Diagnostic(
                .error,
                IngotError(
                    .notAProject,
                    "\(directory) is not an Ingot project: it has no ingot.yml",
                    hint: other.map { "mv \($0) ingot.yml" } ?? "ingot init"
                )
            )
        )
    }
}
