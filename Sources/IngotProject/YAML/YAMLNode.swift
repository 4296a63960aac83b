import IngotCore

/// A YAML value with its place: what Yams composes, with aliases and merge keys followed.
struct YAMLNode {
    enum Content {
        case scalar(text: String, style: ScalarStyle)
        case sequence([YAMLNode])
        case mapping([Entry])
    }

    enum ScalarStyle {
        case plain
        case quoted
        case block
    }

    struct Entry {
        var key: Located<String>
        var value: YAMLNode
    }

    var content: Content
    var location: SourceLocation

    /// Whether the value is YAML's null: absent, `~` or `null`.
    var isNull: Bool {
        guard case .scalar(let text, .plain) = content else { return false }
        return text.isEmpty || text == "~" || text == "null" || text == "Null" || text == "NULL"
    }

    /// The value in a few words, for messages: `"abc"`, `a list`, `a mapping`.
    var summary: String {
        switch content {
        case .scalar: isNull ? "nothing" : "\"\(abbreviated)\""
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    private var abbreviated: String {
        guard case .scalar(let text, _) = content else { return "" }
        return text.abbreviated
    }
}

extension String {
    /// The first line, cut to 60 characters, so that a message stays one line.
    var abbreviated: String {
        let line = prefix { !$0.isNewline }
        return line.count > 60 || line.count < count ? line.prefix(60) + "..." : String(line)
    }
}
