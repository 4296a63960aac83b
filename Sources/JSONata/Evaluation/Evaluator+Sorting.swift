import JSONTree

extension Evaluator {
    typealias SortTerm = (isDescending: Bool, term: Node)

    /// An item on its way through a sort, with the keys that have been worked out for it.
    private final class SortItem<Content> {
        let content: Content
        let value: Value
        let frame: Frame
        var keys: [Value] = []

        init(_ content: Content, value: Value, frame: Frame) {
            self.content = content
            self.value = value
            self.frame = frame
        }
    }

    func sort(
        _ items: ArrayValue,
        by terms: [SortTerm],
        _ position: Int,
        _ frame: Frame
    ) throws(Failure) -> ArrayValue {
        guard items.count > 1 else { return items }
        try allocate(elements: items.count)
        let keyed = items.elements.map { SortItem((), value: $0, frame: frame) }
        return ArrayValue(try sort(keyed, by: terms, position).map(\.value))
    }

    func sort(
        _ tuples: [Tuple],
        by terms: [SortTerm],
        _ position: Int,
        _ frame: Frame
    ) throws(Failure) -> [Tuple] {
        let keyed = tuples.map { SortItem($0, value: $0.value, frame: Frame(parent: frame, tuple: $0)) }
        return try sort(keyed, by: terms, position).map(\.content)
    }

    private func sort<Content>(
        _ items: [SortItem<Content>],
        by terms: [SortTerm],
        _ position: Int
    ) throws(Failure) -> [SortItem<Content>] {
        try mergeSorted(items) { left, right throws(Failure) in
            for (index, term) in terms.enumerated() {
                let order = try self.compare(
                    self.key(index, of: left, term.term),
                    self.key(index, of: right, term.term),
                    isDescending: term.isDescending,
                    position
                )
                if order != 0 { return order > 0 }
            }
            return false
        }
    }

    private func key<Content>(_ index: Int, of item: SortItem<Content>, _ term: Node) throws(Failure) -> Value {
        if index == item.keys.count { item.keys.append(try evaluate(term, item.value, item.frame)) }
        return item.keys[index]
    }

    /// The order of two keys; undefined ones come last, whatever the direction.
    private func compare(
        _ left: Value,
        _ right: Value,
        isDescending: Bool,
        _ position: Int
    ) throws(Failure) -> Int {
        switch (left.isUndefined, right.isUndefined) {
        case (true, true): return 0
        case (true, false): return 1
        case (false, true): return -1
        case (false, false): break
        }
        var order = 0
        if let left = left.number, let right = right.number {
            order = left == right ? 0 : left < right ? -1 : 1
        } else if let left = left.string, let right = right.string {
            order = left.utf16Order(right)
        } else {
            let isLeftFit = left.number != nil || left.string != nil
            guard isLeftFit, right.number != nil || right.string != nil else {
                throw Failure("T2008", position: position, value: isLeftFit ? right : left)
            }
            let other = (try? right.json(depthMax: 1)) ?? .null
            throw Failure("T2007", position: position, value: left, inserts: ["value2": other])
        }
        return isDescending ? -order : order
    }

    /// Sorts by merging, and so that what compares equal keeps its order.
    ///
    /// The comparisons are those of the reference implementation, so that a comparator that contradicts itself gives
    /// the same result.
    func mergeSorted<Item>(
        _ items: [Item],
        isAfter: (Item, Item) throws(Failure) -> Bool
    ) throws(Failure) -> [Item] {
        guard items.count > 1 else { return items }
        try spend(items.count)
        let middle = items.count / 2
        let left = try mergeSorted(Array(items[..<middle]), isAfter: isAfter)
        let right = try mergeSorted(Array(items[middle...]), isAfter: isAfter)
        var merged: [Item] = []
        merged.reserveCapacity(items.count)
        var (first, second) = (0, 0)
        while first < left.count, second < right.count {
            if try isAfter(left[first], right[second]) {
                merged.append(right[second])
                second += 1
            } else {
                merged.append(left[first])
                first += 1
            }
        }
        return merged + left[first...] + right[second...]
    }
}
