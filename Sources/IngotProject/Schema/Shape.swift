/// What a value in a project file may look like: the source of type errors, of the JSON Schemas and of the reference.
indirect enum Shape: Sendable {
    /// A single value; `label` is what messages and the reference call it.
    case scalar(label: String, schema: JSONText)
    /// One of a few words.
    case choice([(value: String, summary: String)])
    /// A list.
    case list(Shape)
    /// A mapping from names that the user chooses.
    case map(keyLabel: String, Shape)
    /// A mapping with known keys.
    case object(ObjectShape)
    /// One of several shapes.
    case either([Shape])

    /// The shape in a few words, for the reference: `text`, `list of columns`.
    var label: String {
        switch self {
        case .scalar(let label, _): label
        case .choice(let choices): choices.map { "`\($0.value)`" }.joined(separator: ", ")
        case .list(let element): "list of \(element.label)"
        case .map(let keyLabel, let value): "mapping of \(keyLabel) to \(value.label)"
        case .object(let object): "[\(object.name)](#\(object.anchor))"
        case .either(let shapes): shapes.map(\.label).joined(separator: ", or ")
        }
    }

    /// Every object in it, in order, itself included.
    var objects: [ObjectShape] {
        switch self {
        case .scalar, .choice: []
        case .list(let element): element.objects
        case .map(_, let value): value.objects
        case .object(let object): [object] + object.keys.flatMap(\.shape.objects)
        case .either(let shapes): shapes.flatMap(\.objects)
        }
    }
}

/// A mapping with known keys.
struct ObjectShape: Sendable {
    /// What it is called, for example `column`.
    let name: String
    /// What it is, in one sentence.
    let summary: String
    /// Its keys, in the order of the reference.
    let keys: [KeyShape]
    /// Whether it has exactly one of its keys.
    var takesOneKey = false

    /// The name as a link's target.
    var anchor: String {
        name.split(separator: " ").joined(separator: "-")
    }

    /// The name with its article; a name that is a key's has none.
    var withArticle: String {
        if name.contains("_") { return name }
        let vowels: Set<Character> = ["a", "e", "i", "o", "u"]
        return (name.first.map(vowels.contains) ?? false ? "an " : "a ") + name
    }
}

/// A key of a mapping.
struct KeyShape: Sendable {
    /// The key.
    let name: String
    /// What it says, in Markdown.
    let summary: String
    /// What its value looks like.
    let shape: Shape
    /// Whether it must be there.
    let isRequired: Bool
    /// What holds where it is absent, as it would be written.
    let fallback: String?
}
