/// The name of a table of the lake: a namespace and a name, for example `silver.users`.
public struct TableName: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// `silver`, `gold`, `quarantine`, `seeds` or `ops`.
    public let namespace: String
    /// The name inside the namespace: lower-case letters, digits and `_`, not beginning with a digit.
    public let name: String

    /// Joins a namespace and a name that are known to be well formed.
    public init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
    }

    /// `namespace.name`, with a dot after each namespace around another.
    public var description: String {
        "\(String(namespace.map { $0 == "\u{1F}" ? "." : $0 })).\(name)"
    }

    /// The table that keeps the rejected rows of this one: `quarantine.users` for `silver.users`.
    public var quarantine: TableName {
        TableName(namespace: "quarantine", name: name)
    }

    /// Orders by namespace, then name.
    public static func < (lhs: TableName, rhs: TableName) -> Bool {
        (lhs.namespace, lhs.name) < (rhs.namespace, rhs.name)
    }
}
