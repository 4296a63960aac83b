/// Writes a kind of file's shape as a JSON Schema (draft 2020-12).
struct JSONSchemaWriter {
    private let root: ObjectShape

    init(_ root: ObjectShape) {
        self.root = root
    }

    func rendered(id: String) -> String {
        var seen: Set<String> = []
        let definitions = Shape.object(root).objects.dropFirst().filter { seen.insert($0.anchor).inserted }
            .map { ($0.anchor, members(of: $0)) }
        let schema: JSONText = .object([
            ("$schema", "https://json-schema.org/draft/2020-12/schema"),
            ("$id", .string(id)),
            ("title", .string("Ingot \(root.name)")),
        ])
        guard case .object(let object) = members(of: root) else { return "" }
        return schema.adding(object).adding([("$defs", .object(definitions))]).rendered() + "\n"
    }

    private func members(of object: ObjectShape) -> JSONText {
        let required = object.keys.filter(\.isRequired).map { JSONText.string($0.name) }
        var result: [(String, JSONText)] = [
            ("type", "object"),
            ("description", .string(object.summary)),
            ("properties", .object(object.keys.map { ($0.name, property($0)) })),
        ]
        if !required.isEmpty { result.append(("required", .array(required))) }
        if object.takesOneKey { result += [("minProperties", 1), ("maxProperties", 1)] }
        result.append(("additionalProperties", false))
        return .object(result)
    }

    private func property(_ key: KeyShape) -> JSONText {
        let text = key.summary + (key.fallback.map { " Default: \($0)." } ?? "")
        let own = schema(of: key.shape)
        // A key that may be absent may be null too, as `key:` with nothing behind it is.
        let value: JSONText = key.isRequired ? own : ["anyOf": [own, ["type": "null"]]]
        return .object([("description", .string(text))]).adding(value.members)
    }

    private func schema(of shape: Shape) -> JSONText {
        switch shape {
        case .scalar(_, let schema): schema
        case .choice(let choices):
            [
                "oneOf": .array(
                    choices.map { ["const": .string($0.value), "description": .string($0.summary)] }
                )
            ]
        case .list(let element): ["type": "array", "items": schema(of: element)]
        case .map(_, let value): ["type": "object", "additionalProperties": schema(of: value)]
        case .object(let object): ["$ref": .string("#/$defs/\(object.anchor)")]
        case .either(let shapes): ["anyOf": .array(shapes.map(schema))]
        }
    }
}

extension JSONText {
    /// The members of an object, none for anything else.
    fileprivate var members: [(String, JSONText)] {
        if case .object(let members) = self { members } else { [] }
    }
}
