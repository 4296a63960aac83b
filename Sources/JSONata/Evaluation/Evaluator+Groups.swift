import JSONTree

extension Evaluator {
    /// The items that share a key.
    private struct Group {
        let pair: Int
        var items: [Value]
        var tuples: [Tuple]
    }

    /// Builds an object: every item gives a key, and the items that share one give its value together.
    @inline(never)
    func evaluateGroup(
        _ pairs: [Node.Pair],
        _ position: Int,
        _ input: Value,
        _ frame: Frame
    ) throws(Failure) -> Value {
        if let item = onlyItem(of: input) { return try evaluateObject(pairs, position, item, frame) }
        var keys: [ExactText] = []
        var groups: [ExactText: Group] = [:]
        func add(_ item: Value, _ tuple: Tuple?) throws(Failure) {
            let scope = tuple.map { Frame(parent: frame, tuple: $0) } ?? frame
            for (index, pair) in pairs.enumerated() {
                let key = try evaluate(pair.key, item, scope)
                if key.isUndefined { continue }
                guard case .string(let text) = key else { throw Failure("T1003", position: position, value: key) }
                let name = ExactText(text)
                if let group = groups[name], group.pair != index {
                    throw Failure("D1009", position: position, value: key)
                }
                if groups[name] == nil {
                    keys.append(name)
                    groups[name] = Group(pair: index, items: [], tuples: [])
                }
                groups[name]?.items.append(item)
                if let tuple { groups[name]?.tuples.append(tuple) }
            }
        }
        if case .tuples(let tuples) = input {
            for tuple in tuples { try add(tuple.value, tuple) }
        } else {
            let items = input.asElements
            for index in 0..<items.count { try add(items[index], nil) }
        }
        return try build(keys, groups, pairs, frame)
    }

    /// The item, if there is only one; without any, an object can still be written out.
    @inline(__always)
    private func onlyItem(of input: Value) -> Value? {
        switch input {
        case .tuples: nil
        case .array(let array): array.count > 1 ? nil : array.isEmpty ? .undefined : array[0]
        default: input
        }
    }

    /// Builds an object of one item, whose keys therefore have to differ.
    private func evaluateObject(
        _ pairs: [Node.Pair],
        _ position: Int,
        _ item: Value,
        _ frame: Frame
    ) throws(Failure) -> Value {
        let object = ObjectNode()
        var keys: [String?] = []
        keys.reserveCapacity(pairs.count)
        for pair in pairs {
            let key = try evaluate(pair.key, item, frame)
            guard case .string(let name) = key else {
                guard key.isUndefined else { throw Failure("T1003", position: position, value: key) }
                keys.append(nil)
                continue
            }
            object[name] = .undefined
            keys.append(name)
        }
        // Fewer members than keys: two of them are the same.
        guard object.keys.count == keys.count(where: { $0 != nil }) else {
            throw Failure("D1009", position: position, value: firstRepeated(keys).map(Value.string))
        }
        for (pair, key) in zip(pairs, keys) {
            guard let key else { continue }
            object[key] = try evaluate(pair.value, item, frame)
        }
        object.removeUndefined()
        return .object(.node(object))
    }

    private func firstRepeated(_ keys: [String?]) -> String? {
        var known: Set<ExactText> = []
        return keys.compactMap { $0 }.first { !known.insert(ExactText($0)).inserted }
    }

    private func build(
        _ keys: [ExactText],
        _ groups: [ExactText: Group],
        _ pairs: [Node.Pair],
        _ frame: Frame
    ) throws(Failure) -> Value {
        let object = ObjectNode()
        for key in keys {
            guard let group = groups[key] else { continue }
            let value: Value
            if group.tuples.isEmpty {
                value = try evaluate(pairs[group.pair].value, try joined(group.items), frame)
            } else {
                let tuple = try joined(group.tuples)
                value = try evaluate(pairs[group.pair].value, tuple.value, Frame(parent: frame, tuple: tuple))
            }
            if !value.isUndefined { object.append(key.text, value) }
        }
        return .object(.node(object))
    }

    /// All items as one value: a single one as it is, several as an array, with arrays among them flattened.
    private func joined(_ items: [Value]) throws(Failure) -> Value {
        guard items.count > 1 else { return items.first ?? .undefined }
        var elements: [Value] = []
        var defined = 0
        for item in items where !item.isUndefined {
            defined += 1
            if case .array(let array) = item {
                try allocate(elements: array.count, total: elements.count + array.count)
                elements += array.elements
            } else {
                elements.append(item)
            }
        }
        if defined <= 1 { return items.first { !$0.isUndefined } ?? .undefined }
        return Value(elements)
    }

    private func joined(_ tuples: [Tuple]) throws(Failure) -> Tuple {
        guard tuples.count > 1, let first = tuples.first else { return tuples.first ?? Tuple(.undefined) }
        var result = Tuple(try joined(tuples.map(\.value)))
        for (name, _) in first.bindings {
            let values = tuples.compactMap { tuple in tuple.bindings.first { $0.name == name }?.value }
            result.bind(name, try joined(values))
        }
        return result
    }
}
