import IngotCore

/// How one kind of value is read: its shape, and the parser that turns a node into a value or reports why it cannot.
struct ValueType<Value: Sendable>: Sendable {
    /// What the value looks like.
    let shape: Shape
    /// Reads a node; `nil` only after an error was reported.
    let parse: @Sendable (YAMLNode, Reading) -> Value?

    init(_ shape: Shape, parse: @escaping @Sendable (YAMLNode, Reading) -> Value?) {
        self.shape = shape
        self.parse = parse
    }

    /// The same shape, with what was read turned into another value.
    func map<Other: Sendable>(_ transform: @escaping @Sendable (Value) -> Other) -> ValueType<Other> {
        let parse = parse
        return ValueType<Other>(shape) { node, reading in parse(node, reading).map(transform) }
    }

    /// The same shape, with a further condition: `transform` reports what is wrong and answers `nil`.
    func checked<Other: Sendable>(
        _ transform: @escaping @Sendable (Value, YAMLNode, Reading) -> Other?
    ) -> ValueType<Other> {
        let parse = parse
        return ValueType<Other>(shape) { node, reading in
            parse(node, reading).flatMap { transform($0, node, reading) }
        }
    }

    /// The same value with its place.
    var located: ValueType<Located<Value>> {
        let parse = parse
        return ValueType<Located<Value>>(shape) { node, reading in
            parse(node, reading).map { Located($0, at: node.location) }
        }
    }
}

extension ValueType {
    /// A list of such values; every element is read, so that all errors are found.
    ///
    /// - Parameters:
    ///   - element: How an element is read.
    ///   - minimum: How many there are at least.
    ///   - keepsSound: Whether the elements that can be read are the value where others cannot; else there is none then.
    /// - Returns: How the list is read.
    static func list<Element: Sendable>(
        of element: ValueType<Element>,
        atLeast minimum: Int = 0,
        keepsSound: Bool = false
    ) -> ValueType where Value == [Element] {
        ValueType(.list(element.shape)) { node, reading in
            guard case .sequence(let nodes) = node.content else {
                reading.error(
                    .wrongType,
                    "expected a list of \(element.shape.plainLabel), found \(node.summary)",
                    at: node.location,
                    hint: node.isScalar ? "[\(node.text)]" : nil
                )
                return nil
            }
            guard nodes.count >= minimum else {
                reading.error(.invalidValue, "the list is empty", at: node.location)
                return nil
            }
            let values = nodes.compactMap { element.parse($0, reading) }
            return values.count == nodes.count || keepsSound ? values : nil
        }
    }

    /// One such value, or a list of them.
    static func oneOrMore<Element: Sendable>(_ element: ValueType<Element>) -> ValueType where Value == [Element] {
        let list = ValueType.list(of: element, atLeast: 1)
        return ValueType(.either([element.shape, list.shape])) { node, reading in
            if case .sequence = node.content { return list.parse(node, reading) }
            return element.parse(node, reading).map { [$0] }
        }
    }

    /// A mapping from names that the user chooses, in file order.
    static func map<Element: Sendable>(
        from name: ValueType<String>,
        to element: ValueType<Element>
    ) -> ValueType where Value == [(name: Located<String>, value: Element)] {
        ValueType(.map(keyLabel: name.shape.plainLabel, element.shape)) { node, reading in
            guard case .mapping(let entries) = node.content else {
                reading.error(
                    .wrongType,
                    "expected a mapping of \(name.shape.plainLabel) to \(element.shape.plainLabel), "
                        + "found \(node.summary)",
                    at: node.location
                )
                return nil
            }
            var result: [(name: Located<String>, value: Element)] = []
            for entry in entries {
                let key = YAMLNode(
                    content: .scalar(text: entry.key.value, style: .quoted),
                    location: entry.key.location
                )
                let value = element.parse(entry.value, reading)
                if name.parse(key, reading) != nil, let value {
                    result.append((entry.key, value))
                }
            }
            return result.count == entries.count ? result : nil
        }
    }
}

extension Shape {
    /// The label without Markdown.
    var plainLabel: String {
        switch self {
        case .object(let object): object.name
        case .choice(let choices): choices.map(\.value).joined(separator: ", ")
        case .list(let element): "list of \(element.plainLabel)"
        case .map(let keyLabel, let value): "mapping of \(keyLabel) to \(value.plainLabel)"
        case .either(let shapes): shapes.map(\.plainLabel).joined(separator: ", or ")
        case .scalar(let label, _): label.filter { $0 != "`" }
        }
    }
}

extension YAMLNode {
    var isScalar: Bool {
        if case .scalar = content { !isNull } else { false }
    }

    /// The text of a scalar, empty for anything else.
    var text: String {
        if case .scalar(let text, _) = content { text } else { "" }
    }
}
