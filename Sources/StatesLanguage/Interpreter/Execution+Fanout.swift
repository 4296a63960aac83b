import JSONTree

extension Execution {
    // MARK: Parallel

    func startParallel(_ branches: [StateGraph], _ strand: Strand) throws(StateError) {
        let input = try arguments(of: strand.state, strand)
        let fanout = Fanout(
            parent: strand,
            kind: .parallel,
            input: input,
            items: ItemSource(items: []),
            concurrencyMax: branches.count
        )
        fanout.outputs = Array(repeating: nil, count: branches.count)
        strand.children = fanout
        strand.phase = .waiting
        emit("ParallelStateStarted", .none, strand)
        guard inspection == nil else { return }
        for (index, branch) in branches.enumerated() {
            let child = Strand(
                environment: environment,
                log: strand.log,
                graph: branch,
                fanout: fanout,
                index: index,
                variables: VariableScope(outer: strand.variables),
                input: input,
                lastEvent: strand.lastEvent
            )
            child.item = strand.item
            fanout.startedCount += 1
            start(child, of: fanout)
        }
        if branches.isEmpty { finishFanout(fanout) }
    }

    // MARK: Ends of branches and iterations

    func start(_ child: Strand, of fanout: Fanout) {
        fanout.running.insert(child)
        liveCount += 1
        ready.append(child)
    }

    /// Takes a child that has ended off its fanout; answers whether it was on it.
    private func remove(_ child: Strand, from fanout: Fanout) -> Bool {
        guard fanout.running.remove(child) else { return false }
        liveCount -= 1
        return true
    }

    func childSucceeded(_ child: Strand, _ fanout: Fanout) {
        guard remove(child, from: fanout) else { return }
        fanout.finishedCount += 1
        let parent = fanout.parent
        switch fanout.kind {
        case .parallel:
            keep(child.input, at: child.index, fanout)
            parent.lastEvent = child.lastEvent
            if fanout.finishedCount == fanout.outputs.count { finishFanout(fanout) }
        case .inlineMap:
            keep(child.input, at: child.index, fanout)
            let detail = HistoryEvent.Detail.iteration(name: parent.state.name, index: child.index)
            parent.lastEvent = emit("MapIterationSucceeded", detail, parent.log, after: child.lastEvent)
            startIterations(fanout, after: child.lastEvent)
        case .distributedMap:
            emit("ExecutionSucceeded", .executionSucceeded(output: child.input), child)
            record(.succeeded(output: child.input), of: child, fanout)
            startIterations(fanout, after: parent.lastEvent)
        }
    }

    func childFailed(_ child: Strand, _ fanout: Fanout, _ error: StateError) {
        guard remove(child, from: fanout) else { return }
        fanout.suspend(child)
        let parent = fanout.parent
        switch fanout.kind {
        case .parallel, .inlineMap:
            parent.lastEvent = child.lastEvent
            abort(child, fanout)
            fail(parent, error.inherited)
        case .distributedMap:
            emit("ExecutionFailed", .failure(error: error.name, cause: error.cause), child)
            fanout.failedCount += 1
            record(.failed(error: error.name, cause: error.cause), of: child, fanout)
            if fanout.exceedsTolerance(isComplete: false) {
                return mapRunFailed(parent, .exceededTolerance)
            }
            startIterations(fanout, after: parent.lastEvent)
        }
    }

    /// Branches or iterations end with the one that failed, and so do the states in them that were entered and not left.
    ///
    /// All of this follows from the failure, in the order of the branches; of iterations the failed one comes first.
    private func abort(_ failed: Strand, _ fanout: Fanout) {
        let others = fanout.running.ordered
        cancelRunning(fanout)
        guard case .inlineMap = fanout.kind else {
            for strand in (others + [failed]).sorted(by: { $0.index < $1.index }) {
                abortState(of: strand, after: failed.lastEvent)
            }
            return
        }
        for strand in [failed] + others {
            let detail = HistoryEvent.Detail.iteration(name: fanout.parent.state.name, index: strand.index)
            let type = strand === failed ? "MapIterationFailed" : "MapIterationAborted"
            emit(type, detail, strand.log, after: failed.lastEvent)
            abortState(of: strand, after: failed.lastEvent)
        }
    }

    private func abortState(of strand: Strand, after event: Int) {
        guard strand.isEntered else { return }
        switch strand.state.type {
        case .task, .wait, .parallel, .map:
            emit("\(strand.state.type.rawValue)StateAborted", .none, strand.log, after: event)
        default: break
        }
    }

    // MARK: Outputs

    /// Keeps an output for the state's result; one after which the result is too large anyway is not kept.
    func keep(_ output: JSON, at index: Int, _ fanout: Fanout) {
        while fanout.outputs.count <= index { fanout.outputs.append(nil) }
        guard fanout.outputSize <= environment.options.dataSizeMax else { return }
        fanout.outputSize += output.textSize + 1
        fanout.outputs[index] = output
    }

    /// All branches or iterations have ended well enough: the state goes on with their outputs.
    func finishFanout(_ fanout: Fanout) {
        let parent = fanout.parent
        let isParallel = if case .parallel = fanout.kind { true } else { false }
        if isParallel {
            emit("ParallelStateSucceeded", .none, parent.log, after: parent.lastEvent)
        }
        guard fanout.outputSize <= environment.options.dataSizeMax else {
            return fail(parent, .dataLimit(of: parent.state.name))
        }
        let outputs = fanout.outputs.compactMap(\.self)
        let isFlattened = fanout.map?.writer?.transformation == "FLATTEN"
        leave(parent, withResult: .array(isFlattened ? outputs.flatMap { $0.arrayValue ?? [$0] } : outputs))
    }

    /// Leaves a state whose result came later.
    func leave(_ strand: Strand, withResult result: JSON) {
        do throws(StateError) {
            try leave(strand, result: result, input: strand.input)
        } catch {
            fail(strand, error)
        }
    }
}

extension StateError {
    /// The error as the state around the failed one sees it: its event was written, its words are complete.
    var inherited: StateError {
        var error = self
        error.field = nil
        return error
    }

    static let exceededTolerance = StateError(
        name: "States.ExceedToleratedFailureThreshold",
        cause: "The specified tolerated failure threshold was exceeded"
    )
}

extension Fanout {
    /// Whether more items failed than the state tolerates; a percentage of unknown many is judged at the end.
    func exceedsTolerance(isComplete: Bool) -> Bool {
        guard let mapRun, failedCount > 0 else { return false }
        if failedCount > mapRun.toleratedCount, mapRun.toleratedPercentage <= 0 { return true }
        guard isComplete else { return false }
        let percentage = Double(failedCount) * 100 / Double(max(1, startedCount))
        return failedCount > mapRun.toleratedCount && percentage > mapRun.toleratedPercentage
    }
}
