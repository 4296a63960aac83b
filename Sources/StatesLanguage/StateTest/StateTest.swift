public import JSONTree

/// A test of one state by itself, as the service's `TestState` does it.
public struct StateTest: Sendable {
    /// Why a test cannot be made.
    public struct Refusal: Error, Sendable, Hashable {
        /// The service's code.
        public let code: String
        /// What is wrong, in the service's words.
        public let message: String

        init(_ message: String, code: String = "ValidationException") {
            self.code = code
            self.message = message
        }
    }

    /// What came of a test.
    public struct Answer: Sendable, Hashable {
        /// `SUCCEEDED`, `FAILED`, `RETRIABLE` or `CAUGHT_ERROR`.
        public let status: String
        /// The output, where there is one.
        public let output: JSON?
        /// The name of the error, where there is one.
        public let error: String?
        /// The cause of the error, where there is one.
        public let cause: String?
        /// The state that would follow.
        public let nextState: String?
        /// What the state did to its data on the way.
        public let inspection: JSONObject
    }

    /// What the outside world answers the state.
    enum Mock {
        case result(JSON)
        case failure(error: String?, cause: String?)
    }

    private static let nameOfLoneState = "StateName"
    private let arguments: JSON

    /// Takes the arguments of a `TestState` call: `definition`, `input`, `stateName`, `mock`, `stateConfiguration`,
    /// `context`, `variables`, `roleArn`, `revealSecrets`.
    public init(_ arguments: JSON) {
        self.arguments = arguments
    }

    /// Runs the state once.
    ///
    /// - Throws: ``Refusal`` where the call is not allowed.
    public func run() throws(Refusal) -> Answer {
        let name = arguments["stateName"]?.stringValue ?? Self.nameOfLoneState
        let machine = try machine(name)
        guard let graph = machine.graph.containing(name), let state = graph.states.first(where: { $0.name == name })
        else { throw Refusal("State not found in definition") }
        let mock = try mock(for: state)
        if let context = arguments["context"], let problem = Self.problem(ofContext: context, for: state) {
            throw Refusal("Invalid Context object provided: \(problem)")
        }
        let input = arguments["input"] ?? .object(JSONObject())
        let configuration = arguments["stateConfiguration"]
        let execution = Execution(testing: state, in: graph, arguments)
        execution.inspection = StateInspection(
            input: input,
            variables: arguments["variables"]?.objectValue ?? JSONObject(),
            retryCount: configuration?["retrierRetryCount"]?.intValue ?? 0
        )
        drive(execution, state, mock, failureCount: configuration?["mapIterationFailureCount"]?.intValue)
        guard let inspection = execution.inspection, let ending = inspection.ending else {
            throw Refusal("The state needs an answer from outside, and no mock is specified")
        }
        return answer(ending, inspection)
    }

    private func answer(_ ending: StateInspection.Ending, _ inspection: StateInspection) -> Answer {
        let (status, output, error, next): (String, JSON?, StateError?, String?) =
            switch ending {
            case .succeeded(let output, let next): ("SUCCEEDED", output, nil, next)
            case .caught(let error, let output, let next): ("CAUGHT_ERROR", output, error, next)
            case .retriable(let error): ("RETRIABLE", nil, error, nil)
            case .failed(let error): ("FAILED", nil, error, nil)
            }
        return Answer(
            status: status,
            output: output,
            error: error?.name,
            cause: error?.cause,
            nextState: next,
            inspection: inspection.data
        )
    }

    // MARK: The machine

    /// A whole machine, or a machine around the lone state in which every transition has a target.
    private func machine(_ name: String) throws(Refusal) -> StateMachine {
        let definition = arguments["definition"] ?? .null
        let json = definition["States"] == nil ? Self.machine(around: definition, name) : definition
        do throws(DefinitionError) {
            return try StateMachine(DocumentNode(json))
        } catch {
            throw Refusal(error.message, code: DefinitionError.code)
        }
    }

    private static func machine(around state: JSON, _ name: String) -> JSON {
        var states: JSONObject = [name: state]
        let rules = (state["Catch"]?.arrayValue ?? []) + (state["Choices"]?.arrayValue ?? [])
        let targets = [state["Next"], state["Default"]] + rules.map { $0["Next"] }
        for target in targets.compactMap({ $0?.stringValue }) where !states.contains(target) {
            states[target] = ["Type": "Succeed"]
        }
        return ["StartAt": .string(name), "States": .object(states)]
    }

    // MARK: The mock

    private func mock(for state: State) throws(Refusal) -> Mock? {
        let failureCount = arguments["stateConfiguration"]?["mapIterationFailureCount"]?.intValue
        guard let mock = arguments["mock"] else {
            if failureCount != nil {
                throw Refusal("TestState does not support MapIterationFailureCount when a mock is not specified.")
            }
            if state.type == .map || state.type == .parallel {
                throw Refusal(
                    "TestState API does not support Map or Parallel states. Supported state types include: "
                        + "[Task, Wait, Pass, Succeed, Fail, Choice]",
                    code: DefinitionError.code
                )
            }
            if state.type == .task, arguments["roleArn"] == nil {
                throw Refusal("RoleArn must be specified when testing a Task state")
            }
            return nil
        }
        guard [.task, .map, .parallel].contains(state.type) else {
            throw Refusal("State type '\(state.type.rawValue)' is not supported when a mock is specified")
        }
        if arguments["revealSecrets"] == .bool(true) {
            throw Refusal("TestState does not support RevealSecrets when a mock is specified.")
        }
        if mock["result"] != nil, mock["errorOutput"] != nil {
            throw Refusal("A test mock should have only one of the following fields: [result, errorOutput].")
        }
        if let failure = mock["errorOutput"] {
            return .failure(error: failure["error"]?.stringValue, cause: failure["cause"]?.stringValue)
        }
        guard let result = try? JSON(parsing: mock["result"]?.stringValue ?? "null") else {
            throw Refusal("Mocked result must be valid JSON")
        }
        try check(result, for: state, failureCount)
        let mode = mock["fieldValidationMode"]?.stringValue.flatMap(ResultSchema.Mode.init) ?? .strict
        if mode != .none, let schema = state.resource.flatMap(ResultSchema.of),
            let problem = schema.problem(of: result, mode: mode)
        {
            throw Refusal("Mock result schema validation error: \(problem)")
        }
        return .result(result)
    }

    private func check(_ result: JSON, for state: State, _ failureCount: Int?) throws(Refusal) {
        switch state.body {
        case .parallel(let branches):
            guard let results = result.arrayValue else { throw Refusal("Mocked result must be an array.") }
            guard results.count == branches.count else {
                throw Refusal("Mocked result must contain the same number of items as number of Parallel branches.")
            }
        case .map(let map):
            if map.writer?.resource != nil {
                guard result.objectValue != nil else { throw Refusal("Mocked result must be a JSON object.") }
            } else {
                guard let items = result.arrayValue else { throw Refusal("Mocked result must be an array.") }
                if let failureCount, failureCount > items.count {
                    throw Refusal(
                        "Map iteration failure count must be less than or equal to the number of Map iterations"
                    )
                }
            }
        default: break
        }
    }

    // MARK: The run

    /// Runs the state until it has ended or waits for an answer that nobody gives.
    private func drive(_ execution: Execution, _ state: State, _ mock: Mock?, failureCount: Int?) {
        var now = Timestamp(seconds: 1_704_067_200)
        execution.send(.start(input: arguments["input"] ?? .object(JSONObject())), at: now)
        // A state is entered, run, and answered once; the bound is for what a test never needs.
        for _ in 0..<10 where execution.inspection?.ending == nil {
            for action in execution.step().actions {
                if case .setTimer(let deadline) = action, state.type == .wait { now = deadline }
                if let answer = answer(to: action, of: state, mock) { execution.send(answer, at: now) }
            }
            execution.answerFanout(with: mock, failureCount: failureCount)
        }
    }

    /// What the mocked world answers an action; nil where it answers nothing.
    private func answer(to action: ExecutionAction, of state: State, _ mock: Mock?) -> ExecutionInput? {
        switch (action, mock) {
        case (.scheduleTask(let request), .result(let value)?): .taskSucceeded(token: request.token, output: value)
        case (.scheduleTask(let request), .failure(let error, let cause)?):
            .taskFailed(token: request.token, error: error, cause: cause)
        case (.setTimer, _) where state.type == .wait: .timePassed
        default: nil
        }
    }
}
