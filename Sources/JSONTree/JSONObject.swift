/// The members of a JSON object, in the order in which they were written.
///
/// Order is kept for writing but does not matter for equality, as in JSON itself. Keys are told apart by their scalars.
public struct JSONObject: Sendable {
    /// One member.
    public typealias Element = (key: String, value: JSON)

    /// The keys, in order.
    public private(set) var keys: [String] = []
    /// The values, in the order of the keys.
    public private(set) var values: [JSON] = []
    /// Positions by key; only kept for objects where a search through the keys would be slower.
    private var positions: [ExactText: Int] = [:]

    private static let membersWithoutIndexMax = 12

    /// An object without members.
    public init() {}

    /// An object of these members; where a key repeats, the last value counts at the first one's position.
    public init(_ members: some Sequence<(String, JSON)>) {
        for (key, value) in members {
            self[key] = value
        }
    }

    /// How many members there are.
    public var count: Int {
        keys.count
    }

    /// Whether there are no members.
    public var isEmpty: Bool {
        keys.isEmpty
    }

    /// The value of a key; setting `nil` removes the member, setting a new key adds it at the end.
    public subscript(key: String) -> JSON? {
        get { position(of: key).map { values[$0] } }
        set {
            switch (position(of: key), newValue) {
            case (let position?, let value?): values[position] = value
            case (let position?, nil): remove(at: position)
            case (nil, let value?): append(key, value)
            case (nil, nil): break
            }
        }
    }

    /// Whether a member with this key exists.
    public func contains(_ key: String) -> Bool {
        position(of: key) != nil
    }

    private func position(of key: String) -> Int? {
        positions.isEmpty ? keys.firstIndex { $0.isSame(as: key) } : positions[ExactText(key)]
    }

    private mutating func append(_ key: String, _ value: JSON) {
        keys.append(key)
        values.append(value)
        if !positions.isEmpty {
            positions[ExactText(key)] = keys.count - 1
        } else if keys.count > Self.membersWithoutIndexMax {
            reindex()
        }
    }

    private mutating func remove(at position: Int) {
        keys.remove(at: position)
        values.remove(at: position)
        if !positions.isEmpty { reindex() }
    }

    private mutating func reindex() {
        positions = Dictionary(uniqueKeysWithValues: zip(keys.lazy.map(ExactText.init), keys.indices))
    }
}

extension JSONObject: RandomAccessCollection {
    /// The position of the first member.
    public var startIndex: Int {
        0
    }

    /// The position after the last member.
    public var endIndex: Int {
        keys.count
    }

    /// The member at a position.
    public subscript(position: Int) -> Element {
        (keys[position], values[position])
    }
}

extension JSONObject: Hashable {
    /// Whether both hold the same members, in any order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        guard left.count == right.count else { return false }
        if left.keys.elementsEqual(right.keys, by: { $0.isSame(as: $1) }) { return left.values == right.values }
        return left.allSatisfy { right[$0.key] == $0.value }
    }

    /// Feeds the members into a hasher so that their order does not matter.
    public func hash(into hasher: inout Hasher) {
        var combined = 0
        for (key, value) in self {
            var member = Hasher()
            member.combine(key)
            member.combine(value)
            combined ^= member.finalize()
        }
        hasher.combine(count)
        hasher.combine(combined)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// An object of these members.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self.init(elements)
    }
}
