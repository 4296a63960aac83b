import JSONTree

extension Execution {
    /// A state failed: it is tried again, the error is caught, or the strand fails.
    func fail(_ strand: Strand, _ failure: StateError) {
        var error = failure
        let state = strand.state
        strand.generation += 1
        if let token = strand.token { waiting[token] = nil }
        if error.wording == .inState {
            // The test of a single state has no history to point into.
            if inspection == nil {
                error.cause =
                    "An error occurred while executing the state '\(state.name)' (entered at the event id "
                    + "#\(strand.enteredEvent)). \(error.cause ?? "")"
            }
            error.wording = .plain
        }
        if error.name == StateError.queryEvaluationName, failure.wording == .inState {
            strand.lastEvent = emit(
                "EvaluationFailed",
                .evaluationFailed(
                    state: state.name,
                    location: error.field,
                    error: error.name ?? "",
                    cause: error.cause ?? ""
                ),
                strand.log,
                after: error.followsEntering ? strand.enteredEvent : strand.eventBeforeEntering
            )
        }
        if !error.isTerminal, retry(strand, error) { return }
        // A state that could not even start its branches or iterations has no end of them.
        if failure.wording == .plain || failure.name != StateError.runtimeName { endFanout(strand, state) }
        if !error.isTerminal, catchError(strand, error) { return }
        end(strand, error)
    }

    /// A Parallel or Map state whose error is not met by another try has failed, whether or not the error is caught.
    private func endFanout(_ strand: Strand, _ state: State) {
        switch state.body {
        case .parallel, .map:
            strand.lastEvent = emit(
                "\(state.type.rawValue)StateFailed",
                .none,
                strand.log,
                after: strand.lastEvent
            )
        default: break
        }
    }

    private func retry(_ strand: Strand, _ error: StateError) -> Bool {
        let state = strand.state
        guard let position = state.retriers.firstIndex(where: { ErrorNames.match($0.errors, error) }) else {
            return false
        }
        let rule = state.retriers[position]
        if let inspection { strand.attempts = Array(repeating: inspection.retryCount, count: state.retriers.count) }
        if strand.attempts.isEmpty { strand.attempts = Array(repeating: 0, count: state.retriers.count) }
        let attempt = strand.attempts[position]
        guard attempt < rule.attemptsMax else {
            inspection?.exhausted(rule: position)
            return false
        }
        strand.attempts[position] += 1
        strand.retryCount += 1
        strand.token = nil
        dismantle(strand)
        strand.phase = .waiting
        let delay = environment.random.delay(rule, attempt: attempt)
        timers.set(at: environment.now.adding(seconds: delay), for: strand, .retry)
        inspection?.retried(error, rule: position, after: delay)
        return true
    }

    private func catchError(_ strand: Strand, _ error: StateError) -> Bool {
        let state = strand.state
        guard let position = state.catchers.firstIndex(where: { ErrorNames.match($0.errors, error) }) else {
            return false
        }
        let rule = state.catchers[position]
        var output = JSONObject()
        output["Error"] = error.name.map(JSON.string) ?? .null
        // A task that ran out of time has an empty cause; one that failed without a cause has none.
        output["Cause"] = error.cause.map(JSON.string) ?? (error.name == StateError.timeoutName ? "" : .null)
        do throws(StateError) {
            inspection?.caught(error, rule: position)
            try handle(.object(output), by: rule, strand)
        } catch {
            var failure = error
            failure.isTerminal = true
            fail(strand, failure)
        }
        return true
    }

    /// Goes on with the state that a rule names.
    private func handle(_ error: JSON, by rule: Catcher, _ strand: Strand) throws(StateError) {
        let output: JSON
        let assigned: [HistoryEvent.AssignedVariable]
        if strand.state.language == .jsonata {
            let scope = QueryScope(source: strand, input: strand.input, errorOutput: error)
            assigned = try values(of: rule.assign, in: scope, strand)
            output = try rule.output?.value(in: scope) ?? error
        } else {
            assigned = try values(of: rule.assign, in: QueryScope(source: strand, input: error), strand)
            output = try placed(error, at: rule.resultPath, in: strand.input)
        }
        try checkSize(output, strand)
        set(assigned, strand)
        exit(strand, output, assigned, to: .next(rule.next))
    }

    /// The strand itself has failed.
    private func end(_ strand: Strand, _ error: StateError) {
        strand.phase = .finished
        inspection?.failed(error)
        if let fanout = strand.fanout {
            childFailed(strand, fanout, error)
        } else {
            finish(.failed(error: error.name, cause: error.cause), after: strand.lastEvent)
        }
    }

    // MARK: Cancelling

    /// Stops everything that happens for a strand and below it; it stays as it is, for a redrive to go on from.
    func cancel(_ strand: Strand) {
        if case .finished = strand.phase { return }
        strand.phase = .finished
        strand.generation += 1
        if let token = strand.token, waiting.removeValue(forKey: token) != nil, strand.request != nil {
            actions.append(.cancelTask(token: token))
        }
        guard let fanout = strand.children else { return }
        let cancelled = cancelRunning(fanout)
        guard fanout.results != nil else { return }
        // Nobody waits for what an aborted run leaves.
        if fanout.ending == nil { writeLeft(fanout, cancelled) }
        forgetWritings(of: fanout)
    }

    /// Stops all branches or iterations, in the order of their numbers.
    ///
    /// - Returns: Those that it stopped.
    @discardableResult
    func cancelRunning(_ fanout: Fanout) -> [Strand] {
        let strands = fanout.running.ordered
        fanout.running.removeAll()
        liveCount -= strands.count
        for strand in strands {
            cancel(strand)
            fanout.suspend(strand)
        }
        return strands
    }

    /// Lets go of the branches or iterations of a strand for good; strands and fanouts refer to each other.
    func dismantle(_ strand: Strand) {
        guard let fanout = strand.children else { return }
        strand.children = nil
        for child in fanout.running.ordered { dismantle(child) }
        for child in fanout.suspended.values { dismantle(child) }
        fanout.running.removeAll()
        fanout.suspended = [:]
    }
}

extension RandomSource {
    /// The seconds until a state is tried again.
    mutating func delay(_ rule: Retrier, attempt: Int) -> Double {
        var delay = rule.intervalSeconds
        // Growth by multiplication, so that no number of attempts makes it infinite.
        for _ in 0..<min(attempt, 1000) where delay < 99_999_999 { delay *= rule.backoffRate }
        delay = min(delay, rule.delaySecondsMax ?? 99_999_999)
        return rule.hasFullJitter ? delay * unitInterval() : delay
    }
}
