import JSONTree
import JSONata

/// One thread of states: the execution's own, or that of a branch or an iteration.
final class Strand {
    /// What happens next.
    enum Phase {
        /// The state is to be entered.
        case entering
        /// The state was entered and is to be run, for the first time or again.
        case running
        /// The state waits for an answer, a time, or its branches.
        case waiting
        /// Nothing happens any more.
        case finished
    }

    /// The item of an iteration, for the context object.
    struct Item {
        let index: Int
        let item: MapItem

        var context: JSON {
            var context: JSONObject = ["Index": .integer(Int64(index))]
            context["Key"] = item.key.map(JSON.string)
            context["Value"] = item.value
            context["Source"] = .string(item.source)
            return ["Item": .object(context)]
        }
    }

    let environment: ExecutionEnvironment
    let log: EventLog
    let graph: StateGraph
    /// The state that this strand is a part of; nil for an execution's own strand.
    let fanout: Fanout?
    /// The number of the branch or iteration.
    let index: Int
    /// Where among those of its fanout that run it is kept; nil for one that is not among them.
    var place: Int?
    var variables: VariableScope
    var item: Item?
    var position: Int
    var phase = Phase.entering
    /// The input of the current state.
    var input: JSON
    /// The last event, which the next one follows from.
    var lastEvent: Int
    /// The event with which the current state was entered, the one before it, and its time.
    var enteredEvent = 0
    var eventBeforeEntering = 0
    var enteredTime = Timestamp(seconds: 0)
    /// Whether the current state was entered, and not only decided on.
    var isEntered = false
    /// How often each retrier of the current state was used, and how often the state was tried again in all.
    var attempts: [Int] = []
    var retryCount = 0
    /// The task, reading or writing that the strand waits for.
    var token: String?
    /// The branches or iterations that the strand waits for.
    var children: Fanout?
    /// Moves on whenever the strand does, so that timers set before are known to be stale.
    var generation = 0
    /// Moves on with every heartbeat.
    var heartbeatGeneration = 0
    /// What the running task was asked, for the events that follow.
    var request: TaskRequest?

    init(
        environment: ExecutionEnvironment,
        log: EventLog,
        graph: StateGraph,
        fanout: Fanout?,
        index: Int,
        variables: VariableScope,
        input: JSON,
        lastEvent: Int
    ) {
        self.environment = environment
        self.log = log
        self.graph = graph
        self.fanout = fanout
        self.index = index
        self.variables = variables
        self.input = input
        self.lastEvent = lastEvent
        position = graph.start
    }

    var state: State {
        graph.states[position]
    }
}

extension Strand: QuerySource {
    var random: RandomSource {
        get { environment.random }
        set { environment.random = newValue }
    }

    var now: Int64 {
        environment.now.milliseconds
    }

    var queryLimits: JSONataLimits {
        environment.options.queryLimits
    }

    func variable(_ name: String) -> JSON? {
        variables[name]
    }

    var contextObject: JSON {
        if let override = environment.contextOverride { return override }
        let identity = environment.identity
        var name = identity.name
        var arn = environment.executionARN
        if let child = log.child {
            name = "\(name)-\(child)"
            arn = "\(arn)/\(child)"
        }
        var execution: JSONObject = ["Id": .string(arn), "Input": log.input]
        execution["StartTime"] = .string(log.startTime.iso8601)
        execution["Name"] = .string(name)
        execution["RoleArn"] = .string(identity.roleARN)
        if environment.kind == .standard {
            execution["RedriveCount"] = .integer(Int64(environment.redriveCount))
            execution["RedriveTime"] = environment.redriveTime.map { .string($0.iso8601) }
        }
        var context: JSONObject = ["Execution": .object(execution)]
        context["StateMachine"] = ["Id": .string(identity.machineARN), "Name": .string(identity.machineName)]
        var state: JSONObject = ["Name": .string(self.state.name), "EnteredTime": .string(enteredTime.iso8601)]
        switch self.state.body {
        case .task, .parallel, .map: state["RetryCount"] = .integer(Int64(retryCount))
        default: break
        }
        context["State"] = .object(state)
        if let item { context["Map"] = item.context }
        if let token, self.state.resource?.usesToken ?? false { context["Task"] = ["Token": .string(token)] }
        return .object(context)
    }
}

extension TaskResource {
    /// Whether the task has a token that its input can hand on.
    var usesToken: Bool {
        pattern != .requestResponse || kind == .activity
    }
}
