import JSONTree

extension Execution {
    /// How many events are kept free for what a step adds before the limit is looked at again.
    private static let eventReserve = 5
    /// How many seconds a state can wait: the service counts them with 32 bits.
    private static let waitSecondsMax = Double(Int32.max)

    /// Takes a strand one step further.
    func advance(_ strand: Strand) {
        if let limit = environment.options.eventCountMax, strand.log.eventCount >= limit - Self.eventReserve {
            let cause = "The execution reached the maximum number of history events (\(limit))."
            cancel(strand)
            return fail(strand, StateError(name: StateError.runtimeName, cause: cause, isTerminal: true))
        }
        switch strand.phase {
        case .entering: enter(strand)
        case .running:
            do throws(StateError) {
                try run(strand)
            } catch {
                fail(strand, error)
            }
        case .waiting, .finished: break
        }
    }

    private func enter(_ strand: Strand) {
        let state = strand.state
        transitionCount += 1
        strand.eventBeforeEntering = strand.lastEvent
        strand.enteredEvent = emit(
            state.type.enteredEvent,
            .stateEntered(name: state.name, input: strand.input),
            strand.log,
            after: strand.lastEvent
        )
        strand.lastEvent = strand.enteredEvent
        strand.enteredTime = environment.now
        strand.isEntered = true
        strand.retryCount = 0
        strand.attempts = []
        strand.phase = .running
        ready.append(strand)
    }

    private func run(_ strand: Strand) throws(StateError) {
        let state = strand.state
        switch state.body {
        case .pass(let result):
            let input = try arguments(of: state, strand)
            // What only passes through was measured before.
            try leave(strand, result: state.passesThrough ? Optional<JSON>.none : result ?? input, input: input)
        case .succeed:
            try leave(strand, result: nil, input: try selectedInput(of: state, strand))
        case .choice(let choice): try choose(choice, strand)
        case .wait(let wait): try startWaiting(wait, strand)
        case .fail(let body): try runFail(body, strand)
        case .task(let task): try startTask(task, strand)
        case .parallel(let branches): try startParallel(branches, strand)
        case .map(let map): try startMap(map, strand)
        }
    }

    private func choose(_ choice: ChoiceBody, _ strand: Strand) throws(StateError) {
        let state = strand.state
        let input = try selectedInput(of: state, strand)
        let scope = QueryScope(source: strand, input: input)
        for rule in choice.rules where try rule.condition.holds(in: scope) {
            let route = Route(next: rule.next, output: rule.output, assign: rule.assign)
            return try leave(strand, result: nil, input: input, route: route)
        }
        guard let next = choice.defaultNext else {
            throw StateError(
                name: "States.NoChoiceMatched",
                cause: "No choice rule matched and there is no Default.",
                wording: .inState
            )
        }
        let route = Route(next: next, output: state.data.output, assign: state.data.assign)
        try leave(strand, result: nil, input: input, route: route)
    }

    // MARK: Waiting

    private func startWaiting(_ wait: WaitBody, _ strand: Strand) throws(StateError) {
        let input = try selectedInput(of: strand.state, strand)
        let deadline: Timestamp
        switch wait {
        case .seconds(let quantity):
            deadline = environment.now.adding(seconds: try waitSeconds(quantity, input, strand))
        case .timestamp(let quantity): deadline = try waitTimestamp(quantity, input, strand)
        }
        guard deadline > environment.now else { return try leave(strand, result: nil, input: input) }
        guard deadline <= environment.now.adding(seconds: Self.waitSecondsMax) else {
            throw .runtime("Wait state delay is too long.")
        }
        strand.phase = .waiting
        timers.set(at: deadline, for: strand, .wait)
    }

    private func waitSeconds(_ quantity: Quantity, _ input: JSON, _ strand: Strand) throws(StateError) -> Double {
        let scope = QueryScope(source: strand, input: input)
        switch quantity {
        case .constant(let value): return value.doubleValue ?? 0
        case .query(let query, let field):
            let value = try query.value(in: scope, field: field)
            guard let seconds = value.wholeNumber else {
                throw query.unexpectedType(value, expected: "integer", field: field)
            }
            guard seconds >= 0 else {
                throw .query("The Seconds field must be a positive integer but was: \(value.text())", field: field)
            }
            return Double(seconds)
        case .path(let path, let field):
            guard let value = try? scope.value(of: path) else {
                throw .runtime("The \(field) parameter does not reference an input value: \(path.text)")
            }
            let shown = "\(path.text) == \(value.stringValue ?? value.text())"
            guard let seconds = value.int64Value else {
                throw .runtime("The \(field) parameter cannot be parsed as a long value: \(shown)")
            }
            guard seconds >= 0 else { throw .runtime("The \(field) parameter references a negative value: \(shown)") }
            return Double(seconds)
        }
    }

    private func waitTimestamp(_ quantity: Quantity, _ input: JSON, _ strand: Strand) throws(StateError) -> Timestamp {
        let scope = QueryScope(source: strand, input: input)
        switch quantity {
        case .constant(let value):
            return value.stringValue.flatMap(Timestamp.init(iso8601:)) ?? environment.now
        case .query(let query, let field):
            let value = try query.value(in: scope, field: field)
            guard let text = value.stringValue else {
                throw query.unexpectedType(value, expected: "string", field: field)
            }
            guard let timestamp = Timestamp(iso8601: text) else {
                let words =
                    "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string"
                var error = StateError.query("\(words): \(text)", field: field)
                error.followsEntering = true
                throw error
            }
            return timestamp
        case .path(let path, let field):
            guard let value = try? scope.value(of: path) else {
                throw .runtime("The \(field) parameter does not reference an input value: \(path.text)")
            }
            guard let timestamp = value.stringValue.flatMap(Timestamp.init(iso8601:)) else {
                let words = "does not reference a valid ISO-8601 extended offset date-time format string"
                let shown = value.stringValue ?? value.text()
                throw .runtime("The \(field) parameter \(words): \(path.text) == \(shown)")
            }
            return timestamp
        }
    }

    func fire(_ timer: TimerQueue.Timer) {
        let strand = timer.strand
        switch timer.purpose {
        case .wait:
            do throws(StateError) {
                try leave(strand, result: nil, input: try selectedInput(of: strand.state, strand))
            } catch {
                fail(strand, error)
            }
        case .retry:
            strand.generation += 1
            strand.phase = .running
            ready.append(strand)
        case .timeout: taskTimedOut(strand, alias: nil)
        // The service reports a silent task as timed out, but rules can tell it apart.
        case .heartbeat: taskTimedOut(strand, alias: StateError.heartbeatName)
        }
    }

    // MARK: Fail

    private func runFail(_ body: FailBody, _ strand: Strand) throws(StateError) {
        let scope = QueryScope(source: strand, input: try selectedInput(of: strand.state, strand))
        let error = try body.error.map { text throws(StateError) in try failText(text, scope) }
        let cause = try body.cause.map { text throws(StateError) in try failText(text, scope) }
        throw StateError(name: error, cause: cause)
    }

    private func failText(_ text: FailBody.Text, _ scope: QueryScope) throws(StateError) -> String {
        switch text {
        case .constant(let text): return text
        case .query(let query, let field):
            let value = try query.value(in: scope, field: field)
            guard let text = value.stringValue else {
                throw query.unexpectedType(value, expected: "string", field: field)
            }
            return text
        case .path(let path, let field):
            return try failText(try Template.value(of: path, field: field, in: scope), field, path.text)
        case .intrinsic(let call, let field):
            return try failText(try call.value(in: scope), field, call.text)
        }
    }

    private func failText(_ value: JSON, _ field: String, _ source: String) throws(StateError) -> String {
        guard let text = value.stringValue else {
            throw .runtime("The \(field) parameter does not reference a string: \(source) == \(value.text())")
        }
        return text
    }
}
