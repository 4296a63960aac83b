import JSONTree

extension Execution {
    func startMap(_ map: MapBody, _ strand: Strand) throws(StateError) {
        let input = try selectedInput(of: strand.state, strand)
        let scope = QueryScope(source: strand, input: input)
        let concurrency = try concurrencyMax(map, scope)
        let source: ItemSource
        var request: ItemRequest?
        var length = 0
        if case .reader(let reader) = map.items {
            (source, request) = (ItemSource(items: []), try itemRequest(reader, scope, strand))
        } else {
            let value = try items(map, scope, strand)
            inspection?.afterItems(value, strand.state)
            let items = MapItem.items(of: value) ?? []
            length = items.count
            var left: [JSON] = []
            let batches = try batches(of: items, from: 0, after: &left, isLast: true, map, scope, strand)
            source = ItemSource(items: batches)
        }
        inspection?.concurrencyMax(concurrency)
        let writerArguments = try map.writer?.arguments.map { template throws(StateError) in
            try template.value(in: scope)
        }
        let limit =
            map.isDistributed ? environment.options.distributedConcurrencyMax : environment.options.inlineConcurrencyMax
        let fanout = Fanout(
            parent: strand,
            kind: map.isDistributed ? .distributedMap(map) : .inlineMap(map),
            input: input,
            items: source,
            concurrencyMax: concurrency == 0 ? limit : map.isDistributed ? min(concurrency, limit) : concurrency
        )
        strand.children = fanout
        strand.phase = .waiting
        emit("MapStateStarted", .mapStarted(length: length), strand)
        if map.isDistributed { startMapRun(fanout, map, try tolerance(map, scope), writerArguments) }
        guard inspection == nil else { return }
        if let request {
            if let count = request.itemCountMax, count < 0 {
                return mapRunFailed(
                    strand,
                    StateError(name: "States.ItemReaderFailed", cause: "field MaxItems must be positive")
                )
            }
            fanout.items = ItemSource(firstPage: request, countsItems: map.batcher == nil)
        }
        startIterations(fanout, after: strand.lastEvent)
    }

    /// The array whose elements are the items, or in a distributed Map also the object whose members are.
    private func items(_ map: MapBody, _ scope: QueryScope, _ strand: Strand) throws(StateError) -> JSON {
        func hasItems(_ value: JSON) -> Bool {
            value.arrayValue != nil || map.isDistributed && value.objectValue != nil
        }
        switch map.items {
        case .reader: return []
        case .template(let template):
            let value = try template.value(in: scope)
            guard hasItems(value) else {
                if case .query(let query, let field) = template {
                    throw query.unexpectedType(value, expected: "array", field: field)
                }
                throw .query("Map state input must be an array but was: \(value.text())", field: nil)
            }
            return value
        case .path(let path):
            let value: JSON
            do throws(PathFailure) {
                value = try scope.value(of: path)
            } catch {
                throw .invalidPath(path, error)
            }
            guard hasItems(value) else {
                if strand.state.language == .jsonata {
                    throw .query("Map state input must be an array but was: \(value.text())", field: nil)
                }
                throw .runtime("Reference path \"\(path.textInDocument)\" must point to array.")
            }
            return value
        }
    }

    // MARK: Numbers

    private func concurrencyMax(_ map: MapBody, _ scope: QueryScope) throws(StateError) -> Int {
        guard
            let value = try map.concurrencyMax.map({ quantity throws(StateError) in
                try whole(quantity, scope)
            })
        else { return 0 }
        guard value >= 0 else {
            throw .runtime("Expected non-negative integer for MaxConcurrency, got '\(value)' instead.")
        }
        return value
    }

    private func tolerance(_ map: MapBody, _ scope: QueryScope) throws(StateError) -> (count: Int, percentage: Double) {
        let count = try map.toleratedFailureCount.map { quantity throws(StateError) in try whole(quantity, scope) } ?? 0
        guard count >= 0 else { throw .runtime("ToleratedFailureCount cannot be negative.") }
        let percentage =
            try map.toleratedFailurePercentage.map { quantity throws(StateError) in
                try number(quantity, scope, kind: "float")
            } ?? 0
        guard (0...100).contains(percentage) else {
            throw .runtime("ToleratedFailurePercentage must be between 0 and 100.")
        }
        if map.toleratedFailureCount != nil { inspection?.toleratedFailureCount(count) }
        if map.toleratedFailurePercentage != nil { inspection?.toleratedFailurePercentage(percentage) }
        return (count, percentage)
    }

    func whole(_ quantity: Quantity, _ scope: QueryScope) throws(StateError) -> Int {
        Int(try number(quantity, scope, kind: "integer"))
    }

    /// The number of a field; a text that is a number counts as one, as variables set in JSONPath often are texts.
    private func number(_ quantity: Quantity, _ scope: QueryScope, kind: String) throws(StateError) -> Double {
        switch quantity {
        case .constant(let value): return value.doubleValue ?? 0
        case .query(let query, let field):
            let value = try query.value(in: scope, field: field)
            guard let number = value.doubleValue, kind != "integer" || value.wholeNumber != nil else {
                throw query.unexpectedType(value, expected: kind, field: field)
            }
            return number
        case .path(let path, let field):
            let value: JSON
            do throws(PathFailure) {
                value = try scope.value(of: path)
            } catch {
                throw .invalidPath(path, error)
            }
            let parsed = value.stringValue.flatMap { try? JSON(parsing: $0) } ?? value
            guard let number = parsed.doubleValue, abs(number) < 9e15, kind != "integer" || parsed.wholeNumber != nil
            else {
                let shown = value.stringValue ?? value.text()
                throw .runtime(
                    "The \(field) field refers to value \"\(shown)\" which is not a valid \(kind): \(path.text)"
                )
            }
            return number
        }
    }

    // MARK: Iterations

    /// Starts as many iterations as may run, and ends the state when all have ended.
    func startIterations(_ fanout: Fanout, after event: Int) {
        guard let map = fanout.map, case .waiting = fanout.parent.phase, fanout.ending == nil else { return }
        while canStart(fanout), let item = fanout.items.next() {
            do throws(StateError) {
                try startIteration(item, fanout, map, after: event)
            } catch {
                guard !map.isDistributed else { return mapRunFailed(fanout.parent, error) }
                cancelRunning(fanout)
                return fail(fanout.parent, error)
            }
        }
        if canStart(fanout) { readMore(fanout) }
        if fanout.running.isEmpty, fanout.items.isExhausted { finishIterations(fanout, map) }
    }

    private func canStart(_ fanout: Fanout) -> Bool {
        // Nested Map states must not multiply without end, but each of them has to go on.
        guard liveCount < environment.options.liveCountMax else { return fanout.running.isEmpty }
        return fanout.running.count < fanout.concurrencyMax
    }

    private func startIteration(_ item: MapItem, _ fanout: Fanout, _ map: MapBody, after event: Int) throws(StateError)
    {
        let parent = fanout.parent
        let index = fanout.startedCount
        let contextItem = Strand.Item(index: index, item: item)
        // Selectors of batches were applied when the batches were made.
        let input = map.batcher == nil ? try selected(contextItem, map, fanout.input, parent) : item.value
        // A child is started as an execution is, with an input of limited size.
        if map.isDistributed { try checkSize(input, parent) }
        fanout.startedCount += 1
        let log = map.isDistributed ? parent.log.child(index, input: input, startTime: environment.now) : parent.log
        let child = Strand(
            environment: environment,
            log: log,
            graph: map.processor,
            fanout: fanout,
            index: index,
            // Children of a distributed Map are executions of their own and see no variables.
            variables: VariableScope(outer: map.isDistributed ? nil : parent.variables),
            input: input,
            lastEvent: 0
        )
        if map.isDistributed {
            emit(
                "ExecutionStarted",
                .executionStarted(input: input, roleARN: environment.identity.roleARN),
                log,
                after: 0
            )
        } else {
            child.item = contextItem
            let detail = HistoryEvent.Detail.iteration(name: parent.state.name, index: index)
            child.lastEvent = emit("MapIterationStarted", detail, log, after: event)
        }
        start(child, of: fanout)
    }

    /// The input of an iteration after `ItemSelector`.
    func selected(_ item: Strand.Item, _ map: MapBody, _ input: JSON, _ parent: Strand) throws(StateError) -> JSON {
        guard let selector = map.selector else { return item.item.input }
        let outer = parent.item
        parent.item = item
        defer { parent.item = outer }
        let value = try selector.value(in: QueryScope(source: parent, input: input))
        inspection?.afterItemSelector(value, index: item.index)
        try checkSize(value, parent)
        return value
    }

    private func finishIterations(_ fanout: Fanout, _ map: MapBody) {
        guard map.isDistributed else {
            emit("MapStateSucceeded", .none, fanout.parent.log, after: fanout.parent.lastEvent)
            return finishFanout(fanout)
        }
        guard !fanout.exceedsTolerance(isComplete: true) else {
            return mapRunFailed(fanout.parent, .exceededTolerance)
        }
        if fanout.results == nil { mapRunSucceeded(fanout) } else { writeLast(fanout) }
    }
}
