import JSONTree

extension Evaluator {
    /// Keeps the items for which a predicate holds, or those at the positions that it gives.
    func filter(_ value: Value, by predicate: Node, _ frame: Frame) throws(Failure) -> Value {
        if case .tuples(let tuples) = value { return .tuples(try filter(tuples, by: predicate, frame)) }
        let items = value.asElements
        if case .literal(.number(let number)) = predicate.kind {
            return item(at: number, of: items)
        }
        if case .variable(let reference) = predicate.kind, !reference.name.isEmpty, predicate.isPlain,
            let number = try evaluate(predicate, .undefined, frame).finiteNumber()
        {
            // A variable is the same for every item: as a position, it names one of them.
            return .sequence(position(number, of: items.count).map { [items[$0]] } ?? [])
        }
        var kept: [Value] = []
        for index in 0..<items.count {
            let item = items[index]
            let result = try evaluate(predicate, item, frame)
            try repeatItem(item, by: result, index, items.count, into: &kept)
        }
        return .sequence(kept)
    }

    /// The position that a number means, counted from the end where it is negative.
    private func position(_ number: Double, of count: Int) -> Int? {
        var index = number.rounded(.down)
        if index < 0 { index += Double(count) }
        guard let position = Int(exactly: index), position >= 0, position < count else { return nil }
        return position
    }

    private func item(at number: Double, of items: ArrayValue) -> Value {
        guard let position = position(number, of: items.count) else { return .sequence([]) }
        let item = items[position]
        switch item {
        case .undefined: return .sequence([])
        case .array: return item
        default: return .sequence([item])
        }
    }

    /// Takes an item over as often as the result of its predicate says.
    private func repeatItem(
        _ item: Value,
        by result: Value,
        _ index: Int,
        _ count: Int,
        into kept: inout [Value]
    ) throws(Failure) {
        if case .bool(let holds) = result {
            if holds { kept.append(item) }
        } else if let positions = try positions(result) {
            for position in positions where (position < 0 ? position + Double(count) : position) == Double(index) {
                kept.append(item)
            }
        } else if try result.isTrue() {
            kept.append(item)
        }
    }

    /// The positions that a predicate gives, rounded down; nothing where its result is no number or array of them.
    private func positions(_ result: Value) throws(Failure) -> [Double]? {
        if let number = try result.finiteNumber() { return [number.rounded(.down)] }
        guard case .array(let array) = result else { return nil }
        var positions: [Double] = []
        for index in 0..<array.count {
            guard let number = try array[index].finiteNumber() else { return nil }
            positions.append(number.rounded(.down))
        }
        try spend(positions.count)
        return positions
    }

    func filter(_ tuples: [Tuple], by predicate: Node, _ frame: Frame) throws(Failure) -> [Tuple] {
        if case .literal(.number(let number)) = predicate.kind {
            return position(number, of: tuples.count).map { [tuples[$0]] } ?? []
        }
        var kept: [Tuple] = []
        for (index, tuple) in tuples.enumerated() {
            let result = try evaluate(predicate, tuple.value, Frame(parent: frame, tuple: tuple))
            var times: [Value] = []
            try repeatItem(.null, by: result, index, tuples.count, into: &times)
            kept += times.map { _ in tuple }
        }
        return kept
    }
}
