import IngotCore
import JSONTree
import StatesLanguage

extension DocumentNode {
    /// The tree of a YAML value, by the core schema of YAML 1.2: a plain word is a number, a truth value or null where
    /// it looks like one.
    init(_ node: YAMLNode) {
        let position = SourcePosition(line: node.location.line ?? 1, column: node.location.column ?? 1)
        switch node.content {
        case .scalar(let text, .plain): self.init(.scalar(Self.plain(text)), position: position)
        case .scalar(let text, _): self.init(.scalar(.string(text)), position: position)
        case .sequence(let nodes): self.init(.array(nodes.map { DocumentNode($0) }), position: position)
        case .mapping(let entries):
            let members = entries.map { entry in
                let place = entry.key.location
                return Member(
                    key: entry.key.value,
                    position: SourcePosition(line: place.line ?? 1, column: place.column ?? 1),
                    value: DocumentNode(entry.value)
                )
            }
            self.init(.object(members), position: position)
        }
    }

    private static func plain(_ text: String) -> JSON {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        default: break
        }
        if let number = JSONNumber(text: text) { return Int64(text).map(JSON.integer) ?? .number(number) }
        for (prefix, radix) in [("0x", 16), ("0o", 8)] where text.hasPrefix(prefix) {
            if let value = Int64(text.dropFirst(2), radix: radix) { return .integer(value) }
        }
        // What JSON does not write: +1, .5, 1.
        let starts = text.first == "+" || text.first == "." || text.first == "-" || text.first?.isNumber == true
        if starts, text.last?.isLetter == false, let value = Double(text), let json = JSON.double(value) {
            return Int64(text).map(JSON.integer) ?? json
        }
        return .string(text)
    }
}
