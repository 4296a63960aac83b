import JSONTree

/// The types of states.
public enum StateType: String, Sendable, Hashable, CaseIterable {
    /// Hands on or makes up data.
    case pass = "Pass"
    /// Has work done outside.
    case task = "Task"
    /// Chooses the next state.
    case choice = "Choice"
    /// Waits.
    case wait = "Wait"
    /// Ends well.
    case succeed = "Succeed"
    /// Ends badly.
    case fail = "Fail"
    /// Runs branches side by side.
    case parallel = "Parallel"
    /// Runs its item processor once for every item.
    case map = "Map"

    /// The type of the event of entering such a state; written out, since every transition has one.
    var enteredEvent: String {
        switch self {
        case .pass: "PassStateEntered"
        case .task: "TaskStateEntered"
        case .choice: "ChoiceStateEntered"
        case .wait: "WaitStateEntered"
        case .succeed: "SucceedStateEntered"
        case .fail: "FailStateEntered"
        case .parallel: "ParallelStateEntered"
        case .map: "MapStateEntered"
        }
    }

    /// The type of the event of leaving such a state.
    var exitedEvent: String {
        switch self {
        case .pass: "PassStateExited"
        case .task: "TaskStateExited"
        case .choice: "ChoiceStateExited"
        case .wait: "WaitStateExited"
        case .succeed: "SucceedStateExited"
        case .fail: "FailStateExited"
        case .parallel: "ParallelStateExited"
        case .map: "MapStateExited"
        }
    }
}

/// The states that transitions lead between.
final class StateGraph: Sendable {
    let states: [State]
    let start: Int

    init(states: [State], start: Int) {
        self.states = states
        self.start = start
    }
}

/// A state.
final class State: Sendable {
    /// Where an execution goes after a state.
    enum Transition: Sendable, Hashable {
        case next(Int)
        case end
    }

    /// What only states of one type have; held by reference, since every step looks at it.
    enum Body: Sendable {
        case pass(result: JSON?)
        case task(TaskBody)
        indirect case choice(ChoiceBody)
        indirect case wait(WaitBody)
        case succeed
        indirect case fail(FailBody)
        case parallel([StateGraph])
        case map(MapBody)
    }

    let name: String
    let type: StateType
    let language: QueryLanguage
    let transition: Transition
    let data: DataFlow
    let retriers: [Retrier]
    let catchers: [Catcher]
    let body: Body

    init(
        name: String,
        type: StateType,
        language: QueryLanguage,
        transition: Transition,
        data: DataFlow,
        retriers: [Retrier],
        catchers: [Catcher],
        body: Body
    ) {
        self.name = name
        self.type = type
        self.language = language
        self.transition = transition
        self.data = data
        self.retriers = retriers
        self.catchers = catchers
        self.body = body
    }

    var resource: TaskResource? {
        guard case .task(let body) = body else { return nil }
        return body.resource
    }

    /// Whether this is a Pass state whose output is a part of its input.
    var passesThrough: Bool {
        guard case .pass(result: nil) = body else { return false }
        if language == .jsonata { return true }
        guard data.arguments == nil, case .replacing = data.resultPath else { return false }
        return true
    }

    var isTerminal: Bool {
        switch body {
        case .succeed, .fail: true
        case .choice: false
        default: transition == .end
        }
    }

    /// The positions of the states that can follow, each once.
    var successors: [Int] {
        var all: [Int] = []
        switch body {
        case .succeed, .fail: break
        case .choice(let choice): all = choice.rules.map(\.next) + [choice.defaultNext].compactMap(\.self)
        default: if case .next(let position) = transition { all = [position] }
        }
        all += catchers.map(\.next)
        var seen: Set<Int> = []
        return all.filter { seen.insert($0).inserted }
    }

    var branches: [StateGraph] {
        switch body {
        case .parallel(let branches): branches
        case .map(let map): [map.processor]
        default: []
        }
    }
}

/// How data goes through a state.
struct DataFlow: Sendable {
    /// What a path field selects.
    enum Selection: Sendable {
        /// Everything.
        case whole
        /// Nothing: the field is `null`, and an empty object takes the place.
        case nothing
        case path(Path)
    }

    /// Where a result goes.
    enum ResultPlace: Sendable {
        /// The result is the output.
        case replacing
        /// The result is dropped.
        case dropped
        case path(Path)
    }

    var inputPath: Selection = .whole
    /// `Parameters`, or `Arguments` in JSONata.
    var arguments: Template?
    var resultSelector: Template?
    var resultPath: ResultPlace = .replacing
    var outputPath: Selection = .whole
    /// `Output` of JSONata.
    var output: Template?
    var assign: [(name: String, value: Template)] = []
}

/// A number that is written down, or computed when the state runs.
enum Quantity: Sendable {
    case constant(JSON)
    case path(Path, field: String)
    case query(Query, field: String)
}

/// A rule by which a state is tried again.
struct Retrier: Sendable {
    let errors: [String]
    let intervalSeconds: Double
    let attemptsMax: Int
    let backoffRate: Double
    let delaySecondsMax: Double?
    let hasFullJitter: Bool
}

/// A rule by which an error leads to a state.
struct Catcher: Sendable {
    let errors: [String]
    let next: Int
    let resultPath: DataFlow.ResultPlace
    let output: Template?
    let assign: [(name: String, value: Template)]
}
