import IngotCore

/// Reads the known keys of one mapping.
///
/// A decoder reads all its keys before it gives up, so that every error of the mapping is reported.
struct ObjectReader {
    let reading: Reading
    let shape: ObjectShape
    /// Where the mapping begins.
    let location: SourceLocation
    private let nodes: [String: YAMLNode]
    private let places: [String: SourceLocation]
    /// Known keys that an unknown one is probably meant to be; what they miss is not reported again.
    private let misspelt: Set<String>
    private let readNames: NameSet

    /// The names that a decoder asked for; shared by copies of the reader.
    private final class NameSet {
        var names: Set<String> = []
    }

    fileprivate init(_ entries: [YAMLNode.Entry], shape: ObjectShape, at location: SourceLocation, reading: Reading) {
        self.reading = reading
        self.shape = shape
        self.location = location
        self.readNames = NameSet()
        var nodes: [String: YAMLNode] = [:]
        var places: [String: SourceLocation] = [:]
        var misspelt: Set<String> = []
        let known = shape.keys.map(\.name)
        for entry in entries {
            if known.contains(entry.key.value) {
                nodes[entry.key.value] = nodes[entry.key.value] ?? entry.value
                places[entry.key.value] = places[entry.key.value] ?? entry.key.location
            } else {
                let hint = KeyHints.hint(for: entry.key.value, known: known)
                if let hint { misspelt.insert(hint) }
                reading.error(
                    .unknownKey,
                    "unknown key \"\(entry.key.value.abbreviated)\" in \(shape.withArticle); "
                        + "known keys: \(known.joined(separator: ", "))",
                    at: entry.key.location,
                    hint: hint
                )
            }
        }
        self.misspelt = misspelt
        self.nodes = nodes
        self.places = places
    }

    /// The key's value; `nil` where it is absent, null, or wrong, which was reported.
    func value<Value>(_ key: Key<Value>) -> Value? {
        readNames.names.insert(key.name)
        guard let node = nodes[key.name], !node.isNull else {
            if key.shape.isRequired, !misspelt.contains(key.name) {
                reading.error(
                    .missingKey,
                    "\(shape.withArticle) needs the key \"\(key.name)\": \(key.shape.shape.plainLabel)",
                    at: location
                )
            }
            return nil
        }
        return key.type.parse(node, reading)
    }

    /// The key's value, or its default where it is absent, null, or wrong, which was reported.
    func defaulted<Value>(_ key: Key<Value>) -> Value {
        value(key) ?? key.defaultValue
    }

    /// Whether the key is there with a value, right or wrong.
    func has<Value>(_ key: Key<Value>) -> Bool {
        readNames.names.insert(key.name)
        return has(named: key.name)
    }

    /// Whether the key is there, or an unknown one is probably meant to be it.
    func isMeant<Value>(_ key: Key<Value>) -> Bool {
        has(key) || misspelt.contains(key.name)
    }

    /// Whether a known key of that name is there with a value, right or wrong.
    func has(named name: String) -> Bool {
        nodes[name].map { !$0.isNull } ?? false
    }

    /// Where the key stands, or the mapping where it does not.
    func place<Value>(_ key: Key<Value>) -> SourceLocation {
        places[key.name] ?? location
    }

    /// Where the key's value stands, or the mapping where it does not.
    func valuePlace<Value>(_ key: Key<Value>) -> SourceLocation {
        nodes[key.name]?.location ?? location
    }

    /// How many elements the key's list has, right or wrong.
    func count<Value>(_ key: Key<Value>) -> Int {
        switch nodes[key.name]?.content {
        case .sequence(let nodes): nodes.count
        case .mapping(let entries): entries.count
        default: 0
        }
    }

    /// Reports a key that does not go together with another one.
    func conflict<Value>(_ key: Key<Value>, _ message: String, hint: String? = nil) {
        conflict(named: key.name, message, hint: hint)
    }

    /// Reports a key of that name that does not go together with another one.
    func conflict(named name: String, _ message: String, hint: String? = nil) {
        reading.error(.conflictingKeys, message, at: places[name] ?? location, hint: hint)
    }

    fileprivate func finish() {
        assert(
            Set(shape.keys.map(\.name)) == readNames.names,
            "declared and read keys of \(shape.name) differ: "
                + "\(Set(shape.keys.map(\.name)).symmetricDifference(readNames.names).sorted())"
        )
    }
}

extension ValueType {
    /// A mapping with known keys.
    static func object(
        _ name: String,
        _ summary: String,
        keys: [KeyShape],
        decode: @escaping @Sendable (ObjectReader) -> Value?
    ) -> ValueType {
        let shape = ObjectShape(name: name, summary: summary, keys: keys)
        return ValueType(.object(shape)) { node, reading in
            guard case .mapping(let entries) = node.content else {
                reading.error(
                    .wrongType,
                    "expected a mapping with the keys of \(shape.withArticle), found \(node.summary)",
                    at: node.location
                )
                return nil
            }
            let reader = ObjectReader(entries, shape: shape, at: node.location, reading: reading)
            let value = decode(reader)
            reader.finish()
            return value
        }
    }
}
