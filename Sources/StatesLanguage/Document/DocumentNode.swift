public import JSONTree

/// A value of a definition together with the place it stands at.
///
/// Definitions are read from this tree and not from text, so that any notation can be read that has a tree to give:
/// JSON through ``init(parsing:limits:)``, YAML through a parser of the caller's.
public struct DocumentNode: Sendable {
    /// What a node holds.
    public enum Content: Sendable {
        /// `null`, a boolean, a number or a string.
        case scalar(JSON)
        /// An array.
        indirect case array([DocumentNode])
        /// An object, with its members in order.
        indirect case object([Member])
    }

    /// A member of an object.
    public struct Member: Sendable {
        /// The key.
        public let key: String
        /// Where the key stands.
        public let position: SourcePosition
        /// The value.
        public let value: DocumentNode

        /// Makes a member.
        public init(key: String, position: SourcePosition, value: DocumentNode) {
            self.key = key
            self.position = position
            self.value = value
        }
    }

    /// What the node holds.
    public let content: Content
    /// Where the value starts.
    public let position: SourcePosition

    /// Makes a node.
    public init(_ content: Content, position: SourcePosition) {
        self.content = content
        self.position = position
    }

    /// A tree for a value that was never text; every place is the first one.
    public init(_ json: JSON) {
        let start = SourcePosition(line: 1, column: 1)
        switch json {
        case .array(let elements): self.init(.array(elements.map { DocumentNode($0) }), position: start)
        case .object(let object):
            let members = object.map { Member(key: $0.key, position: start, value: DocumentNode($0.value)) }
            self.init(.object(members), position: start)
        default: self.init(.scalar(json), position: start)
        }
    }

    /// The value without its places; of a key that repeats, the last value counts.
    public var json: JSON {
        switch content {
        case .scalar(let value): value
        case .array(let elements): .array(elements.map(\.json))
        case .object(let members): .object(JSONObject(members.map { ($0.key, $0.value.json) }))
        }
    }

    /// The members, if this is an object.
    public var members: [Member]? {
        guard case .object(let members) = content else { return nil }
        return members
    }

    /// The elements, if this is an array.
    public var elements: [DocumentNode]? {
        guard case .array(let elements) = content else { return nil }
        return elements
    }

    /// The scalar, if this is one.
    public var scalar: JSON? {
        guard case .scalar(let value) = content else { return nil }
        return value
    }

    /// The string, if this is one.
    public var string: String? {
        scalar?.stringValue
    }

    /// Whether this is `null`.
    public var isNull: Bool {
        scalar == .null
    }
}
