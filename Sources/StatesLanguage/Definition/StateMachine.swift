/// A state machine, parsed, checked and compiled: immutable, and shared by all its executions.
public struct StateMachine: Sendable {
    /// How executions of the machine are kept.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Durable executions with a history.
        case standard = "STANDARD"
        /// Short executions in memory.
        case express = "EXPRESS"
    }

    /// Whether its executions are durable.
    public let kind: Kind
    /// What the author says about the machine.
    public let comment: String?
    /// The language of its expressions, where a state says nothing else.
    public let queryLanguage: QueryLanguage
    /// How long an execution may take.
    public let timeoutSeconds: Double?
    let graph: StateGraph
}

/// The language in which a state computes its data.
public enum QueryLanguage: String, Sendable, Hashable, CaseIterable {
    /// Paths, payload templates and intrinsic functions.
    case jsonPath = "JSONPath"
    /// JSONata expressions.
    case jsonata = "JSONata"
}

extension StateMachine {
    /// A state as outside programs see it: to draw the machine, or to find the resources it needs.
    public struct Outline: Sendable, Hashable {
        /// The state's name.
        public let name: String
        /// The state's type.
        public let type: StateType
        /// The resource, if the state is a task.
        public let resource: String?
        /// The states that can follow, in the order of the definition.
        public let successors: [String]
        /// The states of each branch, or of the item processor.
        public let branches: [[Outline]]
        /// Whether an execution can end here.
        public let isTerminal: Bool
    }

    /// The states, the first one leading.
    public var outline: [Outline] {
        graph.outline
    }
}

extension StateGraph {
    var outline: [StateMachine.Outline] {
        let order = [start] + states.indices.filter { $0 != start }
        return order.map { position in
            let state = states[position]
            return StateMachine.Outline(
                name: state.name,
                type: state.type,
                resource: state.resource?.text,
                successors: state.successors.map { states[$0].name },
                branches: state.branches.map(\.outline),
                isTerminal: state.isTerminal
            )
        }
    }
}
