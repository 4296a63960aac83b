import IngotCore

extension ValueType where Value == ProjectConfiguration {
    /// The file `ingot.yml`.
    static let configuration = object(
        "project",
        "The file `ingot.yml`: the project's name, its environments, and what they share.",
        keys: ConfigurationKeys.all,
        decode: ConfigurationKeys.decode
    )
}

/// The keys of `ingot.yml`.
enum ConfigurationKeys {
    static let name = Key.required("name", ValueType<String>.identifier.located, "The project's name.")
    static let description = Key<String>("description", .text, "What it is for.")
    static let requiredVersion = Key<VersionRequirement>(
        "require_ingot_version",
        .versionRequirement,
        "The versions of Ingot that the project runs with: `\">=0.1\"`, or several conditions with commas."
    )
    static let defaultEnvironment = Key(
        "default_environment",
        ValueType<String>.identifier.located,
        default: Located("dev", at: SourceLocation(file: "ingot.yml")),
        written: "dev",
        "The environment that is used where `--environment` does not name one."
    )
    static let environments = Key(
        "environments",
        ValueType<[(name: Located<String>, value: EnvironmentLayer)]>.map(
            from: .identifier,
            to: ValueType<EnvironmentLayer>.environment.orEmpty
        ),
        "The environments, by name. `dev` is always there."
    )

    static let workflows = Key<WorkflowSettings>("workflows", .workflows, "How workflows run.")

    static let all =
        [name.shape, description.shape, requiredVersion.shape, defaultEnvironment.shape, environments.shape]
        + EnvironmentKeys.shared + [workflows.shape]

    @Sendable
    static func decode(_ reader: ObjectReader) -> ProjectConfiguration? {
        let name = reader.value(name)
        let description = reader.value(description)
        _ = reader.value(requiredVersion)
        let defaultEnvironment = reader.defaulted(defaultEnvironment)
        let workflows = reader.value(workflows) ?? .standard
        let layers = reader.value(environments)
        let shared = EnvironmentKeys.readShared(reader)
        let file = reader.reading.source.file
        var environments = (layers ?? []).map { layer in
            layer.value.environment(named: layer.name.value, over: shared, file: file)
        }
        if !environments.contains(where: { $0.name == "dev" }) {
            let empty = EnvironmentLayer(
                connections: [],
                settings: SettingsLayer(),
                variables: [],
                notifications: []
            )
            environments.insert(empty.environment(named: "dev", over: shared, file: file), at: 0)
        }
        checkPlaces(environments, reader.reading)
        let names = environments.map(\.name)
        if layers != nil || !reader.has(ConfigurationKeys.environments), !names.contains(defaultEnvironment.value) {
            reader.reading.error(
                .unknownEnvironment,
                "default_environment: there is no environment \"\(defaultEnvironment)\"; environments: "
                    + names.joined(separator: ", "),
                at: defaultEnvironment.location,
                hint: NearestMatch.find(defaultEnvironment.value, among: names)
            )
        }
        return name.map {
            ProjectConfiguration(
                name: $0,
                description: description,
                defaultEnvironment: defaultEnvironment.value,
                environments: environments,
                workflows: workflows
            )
        }
    }

    /// Two environments in one place would mix their tables or their state.
    private static func checkPlaces(_ environments: [Environment], _ reading: Reading) {
        for (key, place) in [
            ("lake", \Environment.lake), ("bronze", \Environment.bronze), ("state", \Environment.state),
        ] as [(String, KeyPath<Environment, Template> & Sendable)] {
            var first: [String: String] = [:]
            for environment in environments {
                let template = environment[keyPath: place]
                let path = template.description.hasSuffix("/") ? template.description : template.description + "/"
                guard let other = first[path] else {
                    first[path] = environment.name
                    continue
                }
                let isWritten = template.location.line != nil
                reading.error(
                    .conflictingKeys,
                    "the environments \"\(other)\" and \"\(environment.name)\" have the same \(key), \(template)",
                    at: isWritten ? template.location : SourceLocation(file: reading.source.file),
                    hint: "give each environment its own \(key)"
                )
            }
        }
    }
}

extension ValueType where Value == EnvironmentLayer {
    /// The same, where `test:` with nothing behind it is an environment with nothing of its own.
    fileprivate var orEmpty: ValueType {
        let parse = parse
        return ValueType(shape) { node, reading in
            parse(node.isNull ? YAMLNode(content: .mapping([]), location: node.location) : node, reading)
        }
    }
}
