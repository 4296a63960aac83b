/// One item of a path that binds variables (`@$v`, `#$i`, `%`) on its way.
struct Tuple {
    var value: Value
    /// Names and values; few, so that a search through them is quick.
    private(set) var bindings: [(name: String, value: Value)] = []

    init(_ value: Value) {
        self.value = value
    }

    mutating func bind(_ name: String, _ value: Value) {
        if let index = bindings.firstIndex(where: { $0.name == name }) {
            bindings[index].value = value
        } else {
            bindings.append((name, value))
        }
    }

    /// Takes over the value and the bindings of a tuple that came from further inside.
    mutating func merge(_ other: Tuple) {
        value = other.value
        for (name, value) in other.bindings {
            bind(name, value)
        }
    }
}
