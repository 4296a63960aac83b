import JSONTree

extension Execution {
    /// The items in batches, if the state has a batcher; the first of them has this index.
    ///
    /// They come after those that an earlier page left for a batch; the last ones are left so, unless none follow.
    func batches(
        of items: [MapItem],
        from index: Int,
        after left: inout [JSON],
        isLast: Bool,
        _ map: MapBody,
        _ scope: QueryScope,
        _ strand: Strand
    ) throws(StateError)
        -> [MapItem]
    {
        guard let batcher = map.batcher else { return items }
        let countMax = try positive(batcher.itemCountMax, "MaxItemsPerBatch", scope) ?? .max
        let byteMax = try positive(batcher.byteCountMax, "MaxInputBytesPerBatch", scope) ?? .max
        let input = try batcher.input?.value(in: scope)
        let sizeMax = min(byteMax, environment.options.dataSizeMax)
        let emptySize = Self.batch([], input).textSize
        var batches: [MapItem] = []
        var batch = left
        var size = emptySize + left.reduce(max(0, left.count - 1)) { $0 + $1.textSize }
        for (position, item) in items.enumerated() {
            let value = try selected(Strand.Item(index: index + position, item: item), map, scope.input, strand)
            let valueSize = value.textSize
            guard emptySize + valueSize <= sizeMax else {
                throw StateError(
                    name: StateError.dataLimitName,
                    cause: "The item \(index + position) makes a batch of \(emptySize + valueSize) bytes, and "
                        + "\(sizeMax) bytes are the maximum.",
                    wording: .inState,
                    isTerminal: true
                )
            }
            // A comma stands between two items.
            if batch.count == countMax || !batch.isEmpty && size + 1 + valueSize > sizeMax {
                batches.append(MapItem(Self.batch(batch, input)))
                (batch, size) = ([], emptySize)
            }
            size += valueSize + (batch.isEmpty ? 0 : 1)
            batch.append(value)
        }
        if isLast, !batch.isEmpty { batches.append(MapItem(Self.batch(batch, input))) }
        left = isLast ? [] : batch
        return batches
    }

    /// The batch that waits for the next page, if there is one.
    func openBatch(_ fanout: Fanout, _ map: MapBody) -> JSON? {
        guard !fanout.openBatch.isEmpty else { return nil }
        let scope = QueryScope(source: fanout.parent, input: fanout.input)
        return Self.batch(fanout.openBatch, try? map.batcher?.input?.value(in: scope))
    }

    private func positive(_ quantity: Quantity?, _ field: String, _ scope: QueryScope) throws(StateError) -> Int? {
        guard let quantity else { return nil }
        let value = try whole(quantity, scope)
        guard value > 0 else {
            throw .runtime("Expected positive integer for \(field), got '\(value)' instead.")
        }
        return value
    }

    private static func batch(_ items: [JSON], _ input: JSON?) -> JSON {
        var batch = JSONObject()
        if let input { batch["BatchInput"] = input }
        batch["Items"] = .array(items)
        return .object(batch)
    }
}
