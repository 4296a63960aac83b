/// A named set of settings of one project, with everything that it inherits filled in.
public struct Environment: Hashable, Sendable {
    /// The environment's name.
    public var name: String
    /// What it is for.
    public var description: String?
    /// Where tables are kept: a folder or `s3://bucket/prefix/`; relative paths start at the project folder.
    public var lake: Template
    /// Where the exact bytes of objects are kept.
    public var bronze: Template
    /// The folder of local state: the database and logs.
    public var state: Template
    /// Whether schedules run.
    public var schedules: Bool
    /// The connections, by name.
    public var connections: [String: Connection]
    /// Sizes and limits.
    public var settings: Settings
    /// Values that SQL reads with `getvariable('name')`, by name.
    public var variables: [String: Variable]
    /// Where notifications go, by name.
    public var notifications: [String: NotificationTarget]
    /// How long what is no longer in use is kept.
    public var retention: Retention
    /// Where others are told of runs; `nil` for nowhere.
    public var lineage: LineageSettings?
}
