/// A thing that `--select` can choose.
public struct SelectionNode: Hashable, Sendable {
    /// What kind of thing it is; also a selector's method: `pipeline:users`.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A pipeline.
        case pipeline
        /// A model.
        case model
        /// A seed.
        case seed
        /// A check.
        case check
        /// A load.
        case load
    }

    /// The name, which no other node has.
    public var name: String
    /// What kind of thing it is.
    public var kind: Kind
    /// The words that it is tagged with.
    public var tags: [String]
    /// Its file, relative to the project folder.
    public var path: String
    /// The tables that it makes or checks, by which it can be chosen too: `silver.users`.
    public var tables: [String]

    /// Describes a node.
    public init(name: String, kind: Kind, tags: [String] = [], path: String, tables: [String] = []) {
        self.name = name
        self.kind = kind
        self.tags = tags
        self.path = path
        self.tables = tables
    }
}
