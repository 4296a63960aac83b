import JSONTree

extension Execution {
    func startMapRun(
        _ fanout: Fanout,
        _ map: MapBody,
        _ tolerance: (count: Int, percentage: Double),
        _ writerArguments: JSON?
    ) {
        let parent = fanout.parent
        let identity = environment.identity
        let name = environment.nextToken()
        let label = map.label ?? environment.nextToken()
        let arn =
            "arn:aws:states:\(identity.region):\(identity.account):mapRun:\(identity.machineName)/\(label):\(name)"
        emit("MapRunStarted", .mapRunStarted(arn: arn), parent)
        let mapRun = MapRun(
            name: name,
            arn: arn,
            toleratedCount: tolerance.count,
            toleratedPercentage: tolerance.percentage
        )
        fanout.mapRun = mapRun
        if let writer = map.writer, writer.resource != nil {
            let arguments = writerArguments ?? .object(JSONObject())
            fanout.results = MapResults(writer: writer, identity: identity, mapRun: mapRun, arguments: arguments)
        }
    }

    func mapRunSucceeded(_ fanout: Fanout, result: JSON? = nil) {
        let parent = fanout.parent
        let event = emit("MapRunSucceeded", .none, parent.log, after: parent.lastEvent)
        emit("MapStateSucceeded", .none, parent.log, after: event)
        // The state's exit follows from the run's start, as the service has numbered it since November 2024.
        if let result { leave(parent, withResult: result) } else { finishFanout(fanout) }
    }

    /// A Map run ends with an error, whatever still runs; if its results are written, once they are.
    func mapRunFailed(_ strand: Strand, _ error: StateError) {
        guard let fanout = strand.children, fanout.ending == nil else { return }
        if let token = strand.token { waiting[token] = nil }
        let cancelled = cancelRunning(fanout)
        if fanout.results != nil, fanout.startedCount > 0 {
            fanout.ending = .failure(error)
            return writeLeft(fanout, cancelled)
        }
        endMapRun(fanout, error)
    }

    /// The Map run has failed, and its state with it.
    func endMapRun(_ fanout: Fanout, _ error: StateError) {
        let strand = fanout.parent
        forgetWritings(of: fanout)
        var error = error
        if error.wording == .inState {
            error.cause =
                "An error occurred while executing the state '\(strand.state.name)' (entered at the event id "
                + "#\(strand.enteredEvent)). \(error.cause ?? "")"
            error.wording = .plain
        }
        emit("MapRunFailed", .failure(error: error.name, cause: error.cause), strand)
        fail(strand, error)
    }

    // MARK: Reading

    func itemRequest(_ reader: ItemReader, _ scope: QueryScope, _ strand: Strand) throws(StateError) -> ItemRequest {
        let arguments = try reader.arguments?.value(in: scope) ?? .object(JSONObject())
        let count = try reader.itemCountMax.map { quantity throws(StateError) in try whole(quantity, scope) }
        return ItemRequest(
            token: environment.nextToken(),
            state: strand.state.name,
            resource: reader.resource,
            arguments: arguments,
            format: reader.format,
            // Zero means that there is no limit.
            itemCountMax: count == 0 ? nil : count,
            continuation: nil
        )
    }

    /// Asks for the next page when all items of the last one were started.
    func readMore(_ fanout: Fanout) {
        guard let request = fanout.items.startReading() else { return }
        waiting[request.token] = fanout.parent
        fanout.parent.token = request.token
        fanout.lastRequest = request
        actions.append(.readItems(request))
    }

    func itemsRead(_ strand: Strand, _ items: [MapItem], _ continuation: String?) {
        guard let fanout = strand.children, let map = fanout.map, let request = fanout.lastRequest else { return }
        do throws(StateError) {
            var (items, continuation) = (items, continuation)
            if map.batcher != nil {
                // Batches are made of what a limit leaves; the limit then counts for items and not for batches.
                let left = request.itemCountMax.map { $0 - fanout.readCount } ?? .max
                if items.count >= left { (items, continuation) = (Array(items.prefix(left)), nil) }
                let scope = QueryScope(source: strand, input: fanout.input)
                let index = fanout.readCount
                let count = items.count
                items = try batches(
                    of: items,
                    from: index,
                    after: &fanout.openBatch,
                    isLast: continuation == nil,
                    map,
                    scope,
                    strand
                )
                fanout.readCount += count
            }
            let next = continuation.map { continuation in
                ItemRequest(
                    token: environment.nextToken(),
                    state: request.state,
                    resource: request.resource,
                    arguments: request.arguments,
                    format: request.format,
                    itemCountMax: request.itemCountMax,
                    continuation: continuation
                )
            }
            fanout.items.add(items, next: next)
            startIterations(fanout, after: strand.lastEvent)
        } catch {
            mapRunFailed(strand, error)
        }
    }
}
