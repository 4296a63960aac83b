import JSONTree

extension Execution {
    /// Keeps what became of an item, and hands files out when there are enough results for them.
    func record(_ outcome: ExecutionOutcome, of child: Strand, _ fanout: Fanout) {
        let result = result(outcome, of: child)
        guard fanout.results == nil else {
            fanout.results?.add(result)
            if let results = fanout.results, results.waitingCount >= environment.options.resultPartSize {
                write(fanout) { $0.handOut($1, isLast: false) }
            }
            return
        }
        guard let output = result.output else { return }
        // A writer without a place to write to only says what the state's result looks like.
        let isRecord = fanout.map?.writer?.transformation == "NONE"
        keep(isRecord ? result.record(in: environment.identity) : output, at: child.index, fanout)
    }

    private func result(_ outcome: ExecutionOutcome, of child: Strand) -> ItemResult {
        ItemResult(
            index: child.index,
            input: child.log.input,
            outcome: outcome,
            startTime: child.log.startTime,
            stopTime: environment.now
        )
    }

    // MARK: Writing

    /// Writes the rest of the results of a run that succeeded.
    func writeLast(_ fanout: Fanout) {
        fanout.ending = .success
        write(fanout) { $0.handOut($1, isLast: true) }
    }

    /// Writes what a run without success leaves: the results so far, the children that were cancelled, and the items
    /// that were read and not begun.
    func writeLeft(_ fanout: Fanout, _ cancelled: [Strand]) {
        let aborted = cancelled.map { result(.aborted(error: nil, cause: nil), of: $0) }
        let pending = pendingInputs(of: fanout).enumerated().map { position, input in
            ItemResult(index: fanout.startedCount + position, input: input, outcome: nil)
        }
        write(fanout) { $0.handOutLeft($1, beside: aborted + pending) }
    }

    /// The inputs of the children that would have been started next.
    private func pendingInputs(of fanout: Fanout) -> [JSON] {
        guard let map = fanout.map else { return [] }
        let items = fanout.items.left
        guard map.batcher != nil else {
            return items.enumerated().map { position, item in
                let contextItem = Strand.Item(index: fanout.startedCount + position, item: item)
                // The error that the run ended with is the one to tell of.
                return (try? selected(contextItem, map, fanout.input, fanout.parent)) ?? item.input
            }
        }
        let open = openBatch(fanout, map)
        return items.map(\.value) + [open].compactMap(\.self)
    }

    private func write(_ fanout: Fanout, _ handOut: (inout MapResults, String) -> [ResultFile]) {
        guard let resource = fanout.map?.writer?.resource, var results = fanout.results else { return }
        let strand = fanout.parent
        let token = environment.nextToken()
        let files = handOut(&results, token)
        fanout.results = results
        waiting[token] = strand
        actions.append(
            .writeResults(
                ResultRequest(
                    token: token,
                    state: strand.state.name,
                    resource: resource,
                    arguments: results.arguments,
                    files: files,
                    details: results.details
                )
            )
        )
    }

    /// Nobody waits for the answers to what was handed out.
    func forgetWritings(of fanout: Fanout) {
        for token in fanout.results?.tokens ?? [] { waiting[token] = nil }
    }

    // MARK: Answers

    func resultsWritten(_ strand: Strand, _ token: String, _ details: JSON) {
        guard let fanout = strand.children, let mapRun = fanout.mapRun else { return }
        fanout.results?.noteWritten(token)
        guard let results = fanout.results, results.tokens.isEmpty else { return }
        switch fanout.ending {
        case .success:
            mapRunSucceeded(fanout, result: ["MapRunArn": .string(mapRun.arn), "ResultWriterDetails": details])
        case .failure(let error): endMapRun(fanout, error)
        case nil: break
        }
    }

    func resultsFailed(_ strand: Strand, _ error: StateError) {
        guard let fanout = strand.children else { return }
        // The error that a run ends with comes before one of its writer.
        if case .failure(let error) = fanout.ending { return endMapRun(fanout, error) }
        cancelRunning(fanout)
        endMapRun(fanout, error)
    }
}
