import IngotCore

/// What one place says of an environment: `ingot.yml` at its top for all of them, or an environment for itself.
struct EnvironmentLayer: Sendable {
    var description: String?
    var lake: Template?
    var bronze: Template?
    var state: Template?
    var schedules: Bool?
    var connections: [Connection]
    var settings: SettingsLayer
    var variables: [(name: Located<String>, value: Variable)]
    var notifications: [NotificationTarget]
    var retention = Retention.forever
    var lineage: LineageSettings?

    /// The environment of that name: this layer over the shared one, over the defaults.
    ///
    /// `settings`, `retention`, `connections`, `variables` and `notifications` are merged by name; where both have a name, this
    /// layer's value replaces the other as a whole. So does this layer's `lineage`.
    func environment(named name: String, over shared: EnvironmentLayer, file: String) -> Environment {
        // Only `dev` lies open in the project folder; two environments never share a place unless they are told to.
        let folder = name == "dev" ? "" : ".ingot/\(name)/"
        func place(_ text: String) -> Template {
            Template(parts: [.literal(text)], location: SourceLocation(file: file))
        }
        return Environment(
            name: name,
            description: description,
            lake: lake ?? place("\(folder)lake/"),
            bronze: bronze ?? place("\(folder)bronze/"),
            state: state ?? place(name == "dev" ? ".ingot/" : folder),
            schedules: schedules ?? EnvironmentKeys.schedules.defaultValue,
            connections: Self.merged(shared.connections, connections, name: \.name.value),
            settings: settings.settings(over: shared.settings),
            variables: Self.merged(shared.variables, variables, name: \.name.value).mapValues(\.value),
            notifications: Self.merged(shared.notifications, notifications, name: \.name.value),
            retention: retention.over(shared.retention),
            lineage: lineage ?? shared.lineage
        )
    }

    private static func merged<Element>(
        _ base: [Element],
        _ own: [Element],
        name: (Element) -> String
    ) -> [String: Element] {
        Dictionary((base + own).map { (name($0), $0) }) { $1 }
    }
}

/// The keys that a project and its environments share, and those of an environment.
enum EnvironmentKeys {
    static let description = Key<String>("description", .text, "What it is for.")
    static let lake = Key<Template>(
        "lake",
        .insidePath,
        "Where tables are kept: a folder or `s3://bucket/prefix/`. Without it `lake/` in `dev`, else "
            + "`.ingot/<environment>/lake/`."
    )
    static let bronze = Key<Template>(
        "bronze",
        .insidePath,
        "Where the exact bytes of objects are kept. Without it `bronze/` in `dev`, else "
            + "`.ingot/<environment>/bronze/`."
    )
    static let state = Key<Template>(
        "state",
        .insidePath,
        "The folder of local state: the database and logs. Without it `.ingot/` in `dev`, else "
            + "`.ingot/<environment>/`."
    )
    static let schedules = Key<Bool>(
        "schedules",
        .boolean,
        default: false,
        written: "off",
        "Whether schedules run."
    )
    static let connections = Key(
        "connections",
        ValueType<[(name: Located<String>, value: ConnectionSettings)]>.map(from: .identifier, to: .connection),
        "Databases outside the lake, by name."
    )
    static let settings = Key<SettingsLayer>("settings", .settings, "Sizes and limits.")
    static let variables = Key(
        "variables",
        ValueType<[(name: Located<String>, value: Variable)]>.map(from: .identifier, to: .variable),
        "Values that models, rules and expressions read with `getvariable('name')`."
    )
    static let notifications = Key(
        "notifications",
        ValueType<[(name: Located<String>, value: NotificationTarget.Transport)]>
            .map(from: .identifier, to: .notification),
        "Where notifications go, by name."
    )

    static let retention = Key<Retention>(
        "retention",
        .retention,
        "How long what is no longer in use is kept; without it for ever."
    )
    static let lineage = Key<LineageSettings>("lineage", .lineage, "Where others are told of runs; without it nowhere.")

    static let shared = [
        settings.shape, variables.shape, connections.shape, notifications.shape, retention.shape,
        lineage.shape,
    ]
    static let own = [description.shape, lake.shape, bronze.shape, state.shape, schedules.shape]

    /// Reads what a project and an environment can both say.
    static func readShared(_ reader: ObjectReader) -> EnvironmentLayer {
        let connections = reader.value(connections) ?? []
        let notifications = reader.value(notifications) ?? []
        return EnvironmentLayer(
            connections: connections.map {
                Connection(name: $0.name, kind: $0.value.kind, address: $0.value.address)
            },
            settings: reader.value(settings) ?? SettingsLayer(),
            variables: reader.value(variables) ?? [],
            notifications: notifications.map { NotificationTarget(name: $0.name, transport: $0.value) },
            retention: reader.value(retention) ?? .forever,
            lineage: reader.value(lineage)
        )
    }
}

extension ValueType where Value == EnvironmentLayer {
    static let environment = object(
        "environment",
        "A named set of settings. Its `settings`, `retention`, `variables`, `connections` and `notifications` are merged "
            + "by name into those at the top of `ingot.yml`; where both have a name, the environment's value replaces the "
            + "other as a whole, and so does its `lineage`.",
        keys: EnvironmentKeys.own + EnvironmentKeys.shared
    ) { reader in
        var layer = EnvironmentKeys.readShared(reader)
        layer.description = reader.value(EnvironmentKeys.description)
        layer.lake = reader.value(EnvironmentKeys.lake)
        layer.bronze = reader.value(EnvironmentKeys.bronze)
        layer.state = reader.value(EnvironmentKeys.state)
        layer.schedules = reader.value(EnvironmentKeys.schedules)
        return layer
    }
}

extension ValueType where Value == Variable {
    /// One value or a list of them.
    static let variable: ValueType = {
        let one = ValueType<Literal>.literal
        let several = ValueType<[Literal]>.list(of: .literal)
        return ValueType(.either([one.shape, several.shape])) { node, reading in
            if case .sequence = node.content { return several.parse(node, reading).map(Variable.list) }
            return one.parse(node, reading).map(Variable.value)
        }
    }()
}
