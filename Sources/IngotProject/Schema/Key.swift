/// A key of a mapping with the type of its value: declared once, it drives reading, messages, schemas and reference.
struct Key<Value: Sendable>: Sendable {
    let shape: KeyShape
    let type: ValueType<Value>
    fileprivate let fallback: Value?

    /// A key that may be absent.
    init(_ name: String, _ type: ValueType<Value>, _ summary: String) {
        self.init(name, type, fallback: nil, written: nil, isRequired: false, summary)
    }

    /// A key that stands for `fallback` where it is absent; `written` is how the reference shows it.
    init(_ name: String, _ type: ValueType<Value>, default fallback: Value, written: String, _ summary: String) {
        self.init(name, type, fallback: fallback, written: written, isRequired: false, summary)
    }

    /// A key that must be there.
    static func required(_ name: String, _ type: ValueType<Value>, _ summary: String) -> Key {
        Key(name, type, fallback: nil, written: nil, isRequired: true, summary)
    }

    private init(
        _ name: String,
        _ type: ValueType<Value>,
        fallback: Value?,
        written: String?,
        isRequired: Bool,
        _ summary: String
    ) {
        self.shape = KeyShape(
            name: name,
            summary: summary,
            shape: type.shape,
            isRequired: isRequired,
            fallback: written
        )
        self.type = type
        self.fallback = fallback
    }

    var name: String {
        shape.name
    }

    /// What stands for the key where it is absent.
    var defaultValue: Value {
        guard let fallback else { preconditionFailure("the key \(name) has no default") }
        return fallback
    }
}
