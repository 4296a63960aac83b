public import JSONTree

/// What a task answers in a simulation.
public indirect enum TaskMock: Sendable, Hashable {
    /// The result is the effective input.
    case echo
    /// The result is this value.
    case result(JSON)
    /// The task fails.
    case failure(error: String?, cause: String?)
    /// The task never answers.
    case hang
    /// The first entry with the task's effective input decides.
    case match([Entry])
    /// Each call takes the next answer; calls after the last one get that one again.
    case sequence([TaskMock])

    /// An answer for one effective input.
    public struct Entry: Sendable, Hashable {
        /// The effective input.
        public let input: JSON
        /// What the task answers to it.
        public let then: TaskMock
    }

    /// Reads a mock: `{"echo": true}`, `{"return": v}`, `{"error": e, "cause": c}`, `{"hang": true}`, `{"match": [...]}`
    /// or `{"sequence": [...]}`; nil for anything else.
    public init?(_ json: JSON) {
        guard let object = json.objectValue else { return nil }
        if object["echo"] == .bool(true) {
            self = .echo
        } else if let value = object["return"] {
            self = .result(value)
        } else if object["hang"] == .bool(true) {
            self = .hang
        } else if let entries = object["match"]?.arrayValue {
            self = .match(
                entries.compactMap { entry in
                    guard let input = entry["input"], let then = entry["then"].flatMap(TaskMock.init) else {
                        return nil
                    }
                    return Entry(input: input, then: then)
                }
            )
        } else if let answers = object["sequence"]?.arrayValue {
            self = .sequence(answers.compactMap(TaskMock.init))
        } else if object.contains("error") || object.contains("cause") {
            self = .failure(error: object["error"]?.stringValue, cause: object["cause"]?.stringValue)
        } else {
            return nil
        }
    }

    /// Reads the mocks of a file by resource.
    public static func mocks(_ json: JSON?) -> [String: TaskMock] {
        var mocks: [String: TaskMock] = [:]
        for (resource, mock) in json?.objectValue ?? JSONObject() { mocks[resource] = TaskMock(mock) }
        return mocks
    }

    /// The answer to the n-th call, counted from 0, with an input.
    package func answer(to input: JSON, call: Int) -> TaskMock {
        switch self {
        case .match(let entries):
            guard let entry = entries.first(where: { $0.input.hasSameValue(as: input) }) else {
                return .failure(error: "States.TaskFailed", cause: "No mock matches the input \(input.text())")
            }
            return entry.then.answer(to: input, call: call)
        case .sequence(let answers):
            guard !answers.isEmpty else { return .hang }
            return answers[min(call, answers.count - 1)].answer(to: input, call: call)
        default: return self
        }
    }
}
