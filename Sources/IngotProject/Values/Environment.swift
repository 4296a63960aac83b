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
}

/// A value that SQL reads with `getvariable('name')`.
public enum Variable: Hashable, Sendable {
    /// One value.
    case value(Literal)
    /// Several values.
    case list([Literal])
}

/// A way to a database outside the lake.
public struct Connection: Hashable, Sendable {
    /// What kind of database it is.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// PostgreSQL.
        case postgres
        /// MySQL or MariaDB.
        case mysql
        /// A SQLite file.
        case sqlite
        /// A DuckDB file.
        case duckdb
    }

    /// The connection's name.
    public var name: Located<String>
    /// What kind of database it is.
    public var kind: Kind
    /// How it is reached.
    public var address: Address

    /// How a database is reached.
    public enum Address: Hashable, Sendable {
        /// One URL.
        case url(Template)
        /// A file.
        case file(Template)
        /// A server, in parts.
        case server(host: Template, port: Template?, database: Template, user: Template?, password: Template?)
    }
}

/// Where notifications go.
public struct NotificationTarget: Hashable, Sendable {
    /// How they travel.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The log.
        case log
        /// An HTTP POST.
        case webhook
        /// Slack.
        case slack
        /// Mail.
        case smtp
        /// A program.
        case command
        /// Amazon SNS.
        case sns
    }

    /// The target's name.
    public var name: Located<String>
    /// How they travel.
    public var kind: Kind
    /// The kind's own settings, by name.
    public var options: [String: Template]
}
