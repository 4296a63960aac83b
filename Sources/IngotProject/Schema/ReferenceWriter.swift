/// Writes the shapes of all files as a reference in Markdown.
struct ReferenceWriter {
    private let files: [(path: String, shape: ObjectShape)]

    init(_ files: [(path: String, shape: ObjectShape)]) {
        self.files = files
    }

    func rendered() -> String {
        var text = ReferenceText.introduction
        var seen: Set<String> = []
        for (path, root) in files {
            text += "\n## `\(path)`\n\n\(root.summary)\n\n\(table(of: root))"
            seen.insert(root.anchor)
            for object in Shape.object(root).objects.dropFirst() where seen.insert(object.anchor).inserted {
                text += "\n### \(object.name)\n\n\(object.summary)\n\n\(table(of: object))"
            }
        }
        return text + "\n" + ReferenceText.closing
    }

    private func table(of object: ObjectShape) -> String {
        var lines = ["| key | value | default | meaning |", "|---|---|---|---|"]
        for key in object.keys {
            let fallback = key.isRequired ? "required" : key.fallback.map { "`\($0)`" } ?? ""
            let choices = meanings(of: key.shape)
            let cells = ["`\(key.name)`", key.shape.label, fallback, key.summary + choices]
            lines.append("| " + cells.map(Self.escaped).joined(separator: " | ") + " |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What each word of a choice means, for the last column.
    private func meanings(of shape: Shape) -> String {
        guard case .choice(let choices) = shape else { return "" }
        return choices.map { " `\($0.value)`: \($0.summary)" }.joined()
    }

    private static func escaped(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}
