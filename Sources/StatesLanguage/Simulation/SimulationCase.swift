public import JSONTree

/// A case of a file of cases: a definition, an input and mocks, run to an answer of one line.
public struct SimulationCase: Sendable {
    /// The case as it was read.
    public let json: JSON

    /// Takes a case.
    public init(_ json: JSON) {
        self.json = json
    }

    /// The names that cases use where they give none.
    private static let identity = ExecutionIdentity(
        name: "ExecArnPart_0idx",
        machineName: "ArnPart_0idx",
        roleARN: "snf_role_arn",
        account: "111111111111",
        region: "us-east-1"
    )

    private var identity: ExecutionIdentity {
        var identity = Self.identity
        let context = json["context"]
        if let name = context?["Execution.Name"]?.stringValue { identity.name = name }
        if let name = context?["StateMachine.Name"]?.stringValue { identity.machineName = name }
        if let role = context?["Role"]?.stringValue { identity.roleARN = role }
        if let account = context?["Account"]?.stringValue { identity.account = account }
        if let region = context?["Region"]?.stringValue { identity.region = region }
        return identity
    }

    /// The simulator of the case.
    ///
    /// - Throws: ``DefinitionError`` where the definition is refused.
    public func simulator(options: ExecutionOptions = .init()) throws(DefinitionError) -> Simulator {
        let kind = json["type"]?.stringValue.flatMap(StateMachine.Kind.init) ?? .standard
        let machine: StateMachine
        if let text = json["definition"]?.stringValue {
            machine = try StateMachine(parsing: text, kind: kind)
        } else {
            machine = try StateMachine(DocumentNode(json["definition"] ?? .null), kind: kind)
        }
        var objects: [String: [String: String]] = [:]
        for (bucket, keys) in json["s3"]?.objectValue ?? JSONObject() {
            for (key, text) in keys.objectValue ?? JSONObject() {
                objects[bucket, default: [:]][key] = text.stringValue
            }
        }
        return Simulator(
            machine: machine,
            identity: identity,
            options: options,
            mocks: TaskMock.mocks(json["mocks"]),
            objects: objects
        )
    }

    /// Runs the case and answers `id`, `status`, `output`, `error` and `cause`, each where there is one.
    public func answer(options: ExecutionOptions = .init()) -> JSON {
        var answer = JSONObject()
        answer["id"] = json["id"]
        do throws(DefinitionError) {
            let result = try simulator(options: options).run(input: json["input"] ?? .object(JSONObject()))
            answer["status"] = .string(result.outcome?.status ?? "RUNNING")
            switch result.outcome {
            case .succeeded(let output): answer["output"] = output
            case .failed(let error, let cause), .timedOut(let error, let cause), .aborted(let error, let cause):
                answer["error"] = error.map(JSON.string)
                answer["cause"] = cause.map(JSON.string)
            case nil: break
            }
        } catch {
            answer["status"] = "INVALID_DEFINITION"
            answer["error"] = .string(DefinitionError.code)
            answer["cause"] = .string(error.message)
        }
        return .object(answer)
    }
}
