public import StatesLanguage

/// What has become of an execution's states, branch by branch and iteration by iteration, as its history tells it.
///
/// It is made of events alone, in the shape of GetExecutionHistory and in their order, and can be carried on when more of
/// them come.
public struct ExecutionTree: Sendable {
    /// How a state or an iteration stands.
    public enum Status: Sendable, Hashable {
        /// It goes on.
        case running
        /// It has ended well.
        case succeeded
        /// It failed, and the execution went on with another state.
        case caught
        /// It failed, and what is around it with it.
        case failed
        /// It was ended from outside.
        case stopped
    }

    /// What became of a state in one run of its branch or iteration; where a loop came back to it, the last time.
    public struct Stay: Sendable {
        /// How it stands.
        public internal(set) var status = Status.running
        /// How often the state was entered.
        public internal(set) var enteredCount = 1
        /// When it was entered.
        public internal(set) var entered: Timestamp?
        /// When it ended; nil while it runs.
        public internal(set) var ended: Timestamp?
        /// How often its work was started.
        public internal(set) var attemptCount = 0
        /// The last error and its cause; nil after an attempt that succeeded.
        public internal(set) var error: String?
        /// Why it failed.
        public internal(set) var cause: String?
        /// How many items a Map state has; 0 where it reads them.
        public internal(set) var itemCount = 0
        /// Whether the items have executions of their own, of which this history tells nothing.
        public internal(set) var isDistributed = false
        /// How many iterations succeeded; they are not kept.
        public internal(set) var succeededCount = 0
        /// The branches, or the iterations that did not succeed, by number.
        var strands: [Int: Int] = [:]
    }

    /// A run through the states of one branch or iteration, or of the execution itself.
    public struct Strand: Sendable {
        /// The number of the branch or iteration, from 0.
        public let number: Int
        /// How an iteration stands.
        public internal(set) var status = Status.running
        /// The states that were entered, by name.
        public internal(set) var stays: [String: Stay] = [:]
        let owner: Place?
        var current: String?
    }

    /// How often a state was entered and left, in all branches and iterations.
    public struct Visits: Sendable, Hashable {
        /// How often it was entered.
        public internal(set) var enteredCount = 0
        /// How often it was left.
        public internal(set) var exitedCount = 0
        /// When it was first entered.
        public internal(set) var firstEntered: Timestamp?
        /// When it was last left.
        public internal(set) var lastExited: Timestamp?
    }

    /// Where an event belongs: a strand, and the state it was in.
    struct Place: Sendable, Hashable {
        var strand: Int
        var state: String?
    }

    /// What the definition says of a state.
    struct Home: Sendable {
        var type: StateType
        /// The Parallel or Map state around it.
        var owner: String?
        var branch: Int
    }

    let homes: [String: Home]
    var strands = [Strand(number: 0, owner: nil)]
    var visits: [String: Visits] = [:]
    var places: [Int: Place] = [:]
    /// The last redrive, and the strands that go on with it.
    var redrive: (events: Set<Int>, strands: [Int]) = ([], [])

    /// A tree of a machine without any event yet.
    public init(_ outline: [StateMachine.Outline]) {
        var homes: [String: Home] = [:]
        func add(_ states: [StateMachine.Outline], owner: String?, branch: Int) {
            for state in states {
                homes[state.name] = Home(type: state.type, owner: owner, branch: branch)
                for (index, states) in state.branches.enumerated() { add(states, owner: state.name, branch: index) }
            }
        }
        add(outline, owner: nil, branch: 0)
        self.homes = homes
    }

    /// The execution's own run.
    public var root: Strand {
        strands[0]
    }

    /// The branches of a state, or its iterations that did not succeed, in the order of their numbers.
    public func strands(of stay: Stay) -> [Strand] {
        stay.strands.sorted { $0.key < $1.key }.map { strands[$0.value] }
    }

    /// How often a state was entered and left.
    public func visits(of state: String) -> Visits {
        visits[state] ?? Visits()
    }
}
