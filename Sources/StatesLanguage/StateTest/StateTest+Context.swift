import JSONTree

extension StateTest {
    /// A field of a context object that a test can set.
    private enum ContextField {
        case any
        case string
        case number
        case object([String: ContextField])
    }

    private static let contextFields: [String: ContextField] = [
        "Execution": .object([
            "Id": .string, "Input": .any, "Name": .string, "RoleArn": .string, "StartTime": .string,
            "RedriveCount": .number, "RedriveTime": .string,
        ]),
        "State": .object(["EnteredTime": .string, "Name": .string, "RetryCount": .number]),
        "StateMachine": .object(["Id": .string, "Name": .string]),
        "Task": .object(["Token": .string]),
    ]

    /// What is wrong with a context object for a state, in the service's words.
    static func problem(ofContext context: JSON, for state: State) -> String? {
        if context["Map"] != nil { return "'Map' field is not supported when mocking a Context object" }
        if let problem = problem(of: context, .object(contextFields), at: nil) { return problem }
        if context["Task"] != nil, state.resource?.usesToken != true {
            return "Context object contains 'Task' when state is not a Task state with a '.sync' or "
                + "'.waitForTaskToken' service integration pattern"
        }
        return nil
    }

    private static func problem(of value: JSON, _ field: ContextField, at path: String?) -> String? {
        let place = path ?? "Context object"
        switch (field, value) {
        case (.any, _), (.string, .string), (.number, .integer), (.number, .number): return nil
        case (.object(let fields), .object(let members)):
            return members.lazy.compactMap { key, value in
                guard let field = fields[key] else { return "Field '\(key)' is not allowed" }
                return problem(of: value, field, at: path.map { "\($0).\(key)" } ?? key)
            }.first
        case (.string, _): return "\(place) must be a string"
        case (.number, _): return "\(place) must be a number"
        case (.object, _): return "\(place) must be an object"
        }
    }
}
