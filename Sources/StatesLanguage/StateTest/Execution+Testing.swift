import JSONTree

extension Execution {
    /// An execution that starts with one state of a graph, with the context object and variables of a test.
    convenience init(testing state: State, in graph: StateGraph, _ arguments: JSON) {
        let start = graph.states.firstIndex { $0 === state } ?? graph.start
        let single = StateMachine(
            // A tested state sees the context object of an Express execution.
            kind: .express,
            comment: nil,
            queryLanguage: state.language,
            timeoutSeconds: nil,
            graph: StateGraph(states: graph.states, start: start)
        )
        self.init(machine: single, identity: ExecutionIdentity(name: "test", machineName: "test"))
        environment.contextOverride = arguments["context"]
        for (name, value) in arguments["variables"]?.objectValue ?? JSONObject() {
            environment.variables.set(name, value)
        }
    }

    /// Answers a Parallel or Map state that waits for branches which are not run.
    func answerFanout(with mock: StateTest.Mock?, failureCount: Int?) {
        guard let strand = root, let fanout = strand.children, let mock, inspection?.ending == nil else { return }
        dismantle(strand)
        switch mock {
        case .failure(let error, let cause): fail(strand, StateError(name: error, cause: cause))
        case .result(let value):
            if let failureCount, let map = fanout.map, map.setsTolerance {
                fanout.failedCount = failureCount
                fanout.startedCount = max(failureCount, value.arrayValue?.count ?? 0)
                if fanout.exceedsTolerance(isComplete: true) { return fail(strand, .exceededTolerance) }
            }
            leave(strand, withResult: value)
        }
    }
}

extension StateGraph {
    /// The graph that holds a state of this name: this one, or the first of its branches that has one.
    func containing(_ name: String) -> StateGraph? {
        if states.contains(where: { $0.name == name }) { return self }
        for branch in states.flatMap(\.branches) {
            if let graph = branch.containing(name) { return graph }
        }
        return nil
    }
}

extension MapBody {
    /// Whether the state says how many failures it tolerates.
    fileprivate var setsTolerance: Bool {
        toleratedFailureCount != nil || toleratedFailurePercentage != nil
    }
}
