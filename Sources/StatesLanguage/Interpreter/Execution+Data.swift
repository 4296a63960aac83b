import JSONTree

/// Where a state leads and what it sets, where a rule decides instead of the state.
struct Route {
    let next: Int
    let output: Template?
    let assign: [(name: String, value: Template)]
}

extension Execution {
    /// The state's input after `InputPath`.
    func selectedInput(of state: State, _ strand: Strand) throws(StateError) -> JSON {
        let input = try selected(state.data.inputPath, from: strand.input, strand)
        inspection?.afterInputPath(input, state)
        return input
    }

    /// The state's input after `InputPath` and `Parameters`, or `Arguments`.
    func arguments(of state: State, _ strand: Strand) throws(StateError) -> JSON {
        let input = try selectedInput(of: state, strand)
        guard let template = state.data.arguments else {
            inspection?.afterArguments(input, state)
            return input
        }
        let value = try template.value(in: QueryScope(source: strand, input: input))
        inspection?.afterArguments(value, state)
        try checkSize(value, strand)
        return value
    }

    private func selected(
        _ selection: DataFlow.Selection,
        from document: JSON,
        _ strand: Strand
    ) throws(StateError)
        -> JSON
    {
        switch selection {
        case .whole: return document
        case .nothing: return .object(JSONObject())
        case .path(let path):
            do throws(PathFailure) {
                return try QueryScope(source: strand, input: document).value(of: path)
            } catch {
                throw .invalidPath(path, error)
            }
        }
    }

    /// Takes a state to its end: assigns, selects, places the result, and goes on.
    ///
    /// The result is what the state brought forth; states that only hand on their input have none.
    func leave(_ strand: Strand, result: JSON?, input: JSON, route: Route? = nil) throws(StateError) {
        let state = strand.state
        let output: JSON
        var assigned: [HistoryEvent.AssignedVariable] = []
        if state.language == .jsonata {
            let scope = QueryScope(source: strand, input: strand.input, result: result)
            let template = route.map(\.output) ?? state.data.output
            assigned = try values(of: route?.assign ?? state.data.assign, in: scope, strand)
            output = try template?.value(in: scope) ?? result ?? strand.input
            if template != nil || result != nil { try checkSize(output, strand) }
        } else {
            // Assignments see the result as it came, before it is selected from.
            let scope = QueryScope(source: strand, input: result ?? input)
            assigned = try values(of: route?.assign ?? state.data.assign, in: scope, strand)
            let selected = try state.data.resultSelector?.value(in: scope) ?? scope.input
            inspection?.afterResultSelector(selected, state)
            output = try placed(selected, isResult: result != nil, state, strand)
        }
        set(assigned, strand)
        exit(strand, output, assigned, to: route.map { .next($0.next) } ?? state.transition)
    }

    /// The output after `ResultPath` and `OutputPath`.
    private func placed(_ result: JSON, isResult: Bool, _ state: State, _ strand: Strand) throws(StateError) -> JSON {
        var output = result
        if isResult {
            output = try placed(result, at: state.data.resultPath, in: strand.input)
            try checkSize(output, strand)
        }
        inspection?.afterResultPath(output, state)
        return try selected(state.data.outputPath, from: output, strand)
    }

    func placed(_ result: JSON, at place: DataFlow.ResultPlace, in input: JSON) throws(StateError) -> JSON {
        switch place {
        case .replacing: return result
        case .dropped: return input
        case .path(let path):
            do throws(PathFailure) {
                return try path.inserting(result, into: input)
            } catch {
                throw StateError(
                    name: "States.ResultPathMatchFailure",
                    cause: "Unable to apply step \"\(path.text)\" to input \(input.text())",
                    wording: .inState
                )
            }
        }
    }

    // MARK: Variables

    /// The values of assignments; all of them see the variables as they were before.
    func values(
        of assignments: [(name: String, value: Template)],
        in scope: QueryScope,
        _ strand: Strand
    ) throws(StateError)
        -> [HistoryEvent.AssignedVariable]
    {
        guard !assignments.isEmpty else { return [] }
        var values: [HistoryEvent.AssignedVariable] = []
        for (name, template) in assignments {
            let value = try template.value(in: scope)
            guard !value.isLarger(than: environment.options.dataSizeMax) else {
                throw .variablesLimit("The size of the variable '\(name)' exceeds")
            }
            values.append(.init(name: name, value: value))
        }
        try checkSizes(of: values, strand)
        return values
    }

    /// What one state assigns may have as much as other data, and all variables that it sees so much more.
    private func checkSizes(of assigned: [HistoryEvent.AssignedVariable], _ strand: Strand) throws(StateError) {
        let sizes = assigned.map { (name: $0.name, size: $0.value.textSize) }
        guard sizes.reduce(0, { $0 + $1.size }) <= environment.options.dataSizeMax else {
            throw .variablesLimit("The size of the variables that the state assigns together exceeds")
        }
        guard strand.variables.size(with: sizes) <= environment.options.variablesSizeMax else {
            throw .variablesLimit("The size of all variables of the execution exceeds")
        }
    }

    func set(_ assigned: [HistoryEvent.AssignedVariable], _ strand: Strand) {
        for variable in assigned { strand.variables.set(variable.name, variable.value) }
    }

    // MARK: Sizes

    func checkSize(_ value: JSON, _ strand: Strand) throws(StateError) {
        guard value.isLarger(than: environment.options.dataSizeMax) else { return }
        throw StateError.dataLimit(of: strand.state.name)
    }

    // MARK: Going on

    func exit(
        _ strand: Strand,
        _ output: JSON,
        _ assigned: [HistoryEvent.AssignedVariable],
        to transition: State.Transition
    ) {
        let state = strand.state
        strand.generation += 1
        strand.token = nil
        strand.request = nil
        dismantle(strand)
        strand.lastEvent = emit(
            state.type.exitedEvent,
            .stateExited(name: state.name, output: output, assigned: assigned),
            strand.log,
            after: strand.lastEvent
        )
        strand.input = output
        guard inspection == nil else { return endInspection(strand, output, transition) }
        switch transition {
        case .next(let position):
            strand.position = position
            strand.isEntered = false
            strand.phase = .entering
            ready.append(strand)
        case .end: complete(strand)
        }
    }

    /// Ends the test of a single state.
    private func endInspection(_ strand: Strand, _ output: JSON, _ transition: State.Transition) {
        strand.phase = .finished
        if case .next(let position) = transition {
            inspection?.left(output: output, next: strand.graph.states[position].name)
        } else {
            inspection?.left(output: output, next: nil)
        }
    }

    /// The last state of a strand has ended well.
    private func complete(_ strand: Strand) {
        strand.phase = .finished
        if let fanout = strand.fanout {
            childSucceeded(strand, fanout)
        } else {
            finish(.succeeded(output: strand.input), after: strand.lastEvent)
        }
    }
}

extension StateError {
    fileprivate static func variablesLimit(_ start: String) -> StateError {
        let cause = "\(start) the maximum number of bytes service limit."
        return StateError(name: dataLimitName, cause: cause, wording: .inState)
    }

    static func dataLimit(of task: String) -> StateError {
        StateError(
            name: dataLimitName,
            cause: "The state/task '\(task)' returned a result with a size exceeding the maximum number of bytes "
                + "service limit.",
            isTerminal: true
        )
    }
}
