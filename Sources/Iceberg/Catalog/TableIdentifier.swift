/// A place for tables: a list of names, the outermost first.
public struct Namespace: Sendable, Hashable {
    /// What separates the names in URLs.
    static let separator: Character = "\u{1F}"

    /// The names, the outermost first.
    public var levels: [String]

    /// A namespace of these names.
    public init(_ levels: [String]) {
        self.levels = levels
    }

    /// A namespace of these names.
    public init(_ levels: String...) {
        self.levels = levels
    }

    /// The namespace around this one; `nil` at the top.
    public var parent: Namespace? {
        levels.count > 1 ? Namespace(Array(levels.dropLast())) : nil
    }
}

extension Namespace: CustomStringConvertible {
    /// The names with dots between them.
    public var description: String {
        levels.joined(separator: ".")
    }
}

/// The name of a table in a catalog.
public struct TableIdentifier: Sendable, Hashable {
    /// The namespace.
    public var namespace: Namespace
    /// The name within the namespace.
    public var name: String

    /// The name of a table.
    public init(_ namespace: Namespace, _ name: String) {
        self.namespace = namespace
        self.name = name
    }
}

extension TableIdentifier: CustomStringConvertible {
    /// The full name with dots.
    public var description: String {
        "\(namespace).\(name)"
    }
}
