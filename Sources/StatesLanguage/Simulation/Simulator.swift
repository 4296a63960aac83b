public import JSONTree

/// Runs a state machine in memory on a virtual clock: no waiting, no outside world, tasks answered by mocks.
public struct Simulator: Sendable {
    /// How many events are handed out at once: few enough to stay in the processor's cache.
    private static let eventsPerStep = 256

    /// A task that was asked for.
    public struct TaskCall: Sendable, Hashable {
        /// The name of the state.
        public let state: String
        /// The resource.
        public let resource: String
        /// The effective input.
        public let input: JSON
    }

    /// What came of a simulation.
    public struct Result: Sendable {
        /// How the execution ended; nil where it waits for an answer that never comes.
        public let outcome: ExecutionOutcome?
        /// The tasks that were asked for, in order.
        public let taskCalls: [TaskCall]
        /// How many states were entered.
        public let transitionCount: Int
        /// When it ended.
        public let endTime: Timestamp
    }

    /// The machine.
    public let machine: StateMachine
    /// Who the execution is.
    public var identity: ExecutionIdentity
    /// Limits and the seed.
    public var options: ExecutionOptions
    /// Answers of tasks by resource.
    public var mocks: [String: TaskMock]
    /// Texts of objects by bucket and key, for item readers.
    public var objects: [String: [String: String]]
    /// When the execution starts.
    public var startTime: Timestamp
    /// How many states may be entered before the simulation gives up on an endless machine.
    public var transitionCountMax: Int

    /// Makes a simulator.
    public init(
        machine: StateMachine,
        identity: ExecutionIdentity = .init(name: "simulation", machineName: "machine"),
        options: ExecutionOptions = .init(),
        mocks: [String: TaskMock] = [:],
        objects: [String: [String: String]] = [:],
        startTime: Timestamp = Timestamp(seconds: 1_704_067_200),
        transitionCountMax: Int = 10_000_000
    ) {
        self.machine = machine
        self.identity = identity
        self.options = options
        self.mocks = mocks
        self.objects = objects
        self.startTime = startTime
        self.transitionCountMax = transitionCountMax
    }

    /// The options of the simulated execution: activities without a mock are ones that nobody made.
    public var executionOptions: ExecutionOptions {
        var options = options
        options.missingActivities.formUnion(
            machine.taskResources.filter { TaskResource($0).kind == .activity && mocks[$0] == nil }
        )
        return options
    }

    /// Runs an execution to its end; inputs and events are handed out as they happen.
    public func run(
        input: JSON,
        onInput: (ExecutionInput, Timestamp) -> Void = { _, _ in },
        onEvents: ([HistoryEvent]) -> Void = { _ in }
    ) -> Result {
        let execution = Execution(machine: machine, identity: identity, options: executionOptions)
        var world = SimulatedWorld(simulator: self, now: startTime)
        func send(_ input: ExecutionInput, _ time: Timestamp) {
            onInput(input, time)
            execution.send(input, at: time)
        }
        send(.start(input: input), startTime)
        // A machine without an end is given up on; so is one that waits for an answer that never comes.
        while execution.outcome == nil, execution.transitionCount <= transitionCountMax {
            let step = execution.step(eventCountMax: Self.eventsPerStep)
            onEvents(step.events)
            for action in step.actions { world.perform(action) }
            guard step.isIdle, execution.outcome == nil else { continue }
            guard let answers = world.nextInputs() else { break }
            for input in answers { send(input, world.now) }
        }
        return Result(
            outcome: execution.outcome,
            taskCalls: world.taskCalls,
            transitionCount: execution.transitionCount,
            endTime: world.now
        )
    }
}

/// The world around a simulated execution.
private struct SimulatedWorld {
    let simulator: Simulator
    var now: Timestamp
    var taskCalls: [Simulator.TaskCall] = []
    private var callCounts: [String: Int] = [:]
    private var answers: [ExecutionInput] = []
    private var timer: Timestamp?

    init(simulator: Simulator, now: Timestamp) {
        self.simulator = simulator
        self.now = now
    }

    mutating func perform(_ action: ExecutionAction) {
        switch action {
        case .scheduleTask(let request): answer(request)
        case .readItems(let request): answers.append(simulator.read(request))
        case .writeResults(let request):
            answers.append(.resultsWritten(token: request.token, details: request.details))
        case .setTimer(let deadline): timer = deadline
        case .cancelTask, .finished: break
        }
    }

    /// What happens next: the answers that are due, or else the time of the next timer; nil where nothing ever will.
    mutating func nextInputs() -> [ExecutionInput]? {
        if !answers.isEmpty {
            defer { answers = [] }
            return answers
        }
        guard let timer else { return nil }
        self.timer = nil
        now = max(now, timer)
        return [.timePassed]
    }

    private mutating func answer(_ request: TaskRequest) {
        let resource = request.resource
        taskCalls.append(.init(state: request.state, resource: resource.text, input: request.input))
        let call = callCounts[resource.text, default: 0]
        callCounts[resource.text] = call + 1
        guard let mock = simulator.mocks[resource.text] else {
            let cause = "The simulation has no mock for the resource '\(resource.text)'"
            return answers.append(.taskFailed(token: request.token, error: "States.TaskFailed", cause: cause))
        }
        if resource.kind == .activity { answers.append(.taskStarted(token: request.token, worker: nil)) }
        if resource.pattern != .requestResponse {
            answers.append(.taskSubmitted(token: request.token, output: .object(JSONObject())))
        }
        switch mock.answer(to: request.input, call: call) {
        case .echo: answers.append(.taskSucceeded(token: request.token, output: request.input))
        case .result(let value): answers.append(.taskSucceeded(token: request.token, output: value))
        case .failure(let error, let cause):
            answers.append(.taskFailed(token: request.token, error: error, cause: cause))
        case .hang, .match, .sequence: break
        }
    }
}

extension StateMachine {
    /// The resources of all tasks, each once, in the order of the definition.
    public var taskResources: [String] {
        var seen: Set<String> = []
        return graph.allStates.compactMap { $0.resource?.text }.filter { seen.insert($0).inserted }
    }
}

extension StateGraph {
    fileprivate var allStates: [State] {
        states.flatMap { [$0] + $0.branches.flatMap(\.allStates) }
    }
}
