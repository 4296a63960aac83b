import JSONTree

/// An object: one of the input, or one that the evaluation made.
enum ObjectValue {
    /// An object of the input; the value is always `JSON.object`.
    case json(JSON)
    case node(ObjectNode)

    subscript(key: String) -> Value {
        switch self {
        case .json(.object(let members)): Value(members[key])
        case .json: .undefined
        case .node(let node): node[key]
        }
    }

    var count: Int {
        switch self {
        case .json(let json): json.objectValue?.count ?? 0
        case .node(let node): node.keys.count
        }
    }

    var keys: [String] {
        switch self {
        case .json(let json): json.objectValue?.keys ?? []
        case .node(let node): node.keys
        }
    }

    /// The value of the member at a position.
    func value(at position: Int) -> Value {
        switch self {
        case .json(.object(let members)): Value(members.values[position])
        case .json: .undefined
        case .node(let node): node.values[position]
        }
    }

    /// The members in order.
    var members: [(key: String, value: Value)] {
        keys.enumerated().map { ($1, value(at: $0)) }
    }
}

/// An object made by the evaluation.
///
/// It has an identity, because the transform operator changes the objects that its pattern found inside a copy.
final class ObjectNode {
    private(set) var keys: [String] = []
    private(set) var values: [Value] = []
    private(set) var height = 1
    /// Positions by key; only kept for objects where a search through the keys would be slower.
    private var positions: [ExactText: Int] = [:]

    private static let membersWithoutIndexMax = 12

    init() {}

    init(_ members: [(String, Value)]) {
        for (key, value) in members {
            self[key] = value
        }
    }

    /// The value of a key; setting undefined keeps the key, as an object of the reference implementation would.
    subscript(key: String) -> Value {
        get { position(of: key).map { values[$0] } ?? .undefined }
        set {
            height = max(height, newValue.height + 1)
            if let position = position(of: key) {
                values[position] = newValue
            } else {
                keys.append(key)
                values.append(newValue)
                indexLast(key)
            }
        }
    }

    /// Adds a member whose key is known to be new.
    func append(_ key: String, _ value: Value) {
        height = max(height, value.height + 1)
        keys.append(key)
        values.append(value)
        indexLast(key)
    }

    /// Removes the members that are undefined.
    func removeUndefined() {
        guard values.contains(where: \.isUndefined) else { return }
        for (key, value) in zip(keys, values) where value.isUndefined { remove(key) }
    }

    func remove(_ key: String) {
        guard let position = position(of: key) else { return }
        keys.remove(at: position)
        values.remove(at: position)
        guard !positions.isEmpty else { return }
        reindex()
    }

    private func position(of key: String) -> Int? {
        positions.isEmpty ? keys.firstIndex { $0.isSame(as: key) } : positions[ExactText(key)]
    }

    private func indexLast(_ key: String) {
        if !positions.isEmpty {
            positions[ExactText(key)] = keys.count - 1
        } else if keys.count > Self.membersWithoutIndexMax {
            reindex()
        }
    }

    private func reindex() {
        let places = keys.enumerated().map { (ExactText($1), $0) }
        positions = Dictionary(places, uniquingKeysWith: { first, _ in first })
    }
}
