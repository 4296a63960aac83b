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
