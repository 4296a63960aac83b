public import JSONTree

extension HistoryEvent {
    /// The event in the shape of `GetExecutionHistory`.
    public var json: JSON {
        var event = JSONObject()
        event["timestamp"] = .string(timestamp.iso8601)
        event["type"] = .string(type)
        event["id"] = .integer(Int64(id))
        event["previousEventId"] = .integer(Int64(previousID))
        if let (key, details) = details { event[key] = .object(details) }
        return .object(event)
    }

    /// The member that holds the details, and them.
    private var details: (key: String, value: JSONObject)? {
        switch detail {
        case .none: return nil
        case .executionStarted(let input, let role):
            return ("executionStartedEventDetails", Self.data("input", input, ["roleArn": .string(role)]))
        case .executionSucceeded(let output): return ("executionSucceededEventDetails", Self.data("output", output))
        case .failure(let error, let cause): return (ownKey, Self.failure(error, cause))
        case .stateEntered(let name, let input):
            return ("stateEnteredEventDetails", Self.data("input", input, ["name": .string(name)]))
        case .stateExited(let name, let output, let assigned):
            var details = Self.data("output", output, ["name": .string(name)])
            if !assigned.isEmpty {
                details["assignedVariables"] = .object(
                    JSONObject(assigned.map { ($0.name, .string($0.value.text())) })
                )
                details["assignedVariablesDetails"] = ["truncated": false]
            }
            return ("stateExitedEventDetails", details)
        case .taskScheduled(let request): return (ownKey, Self.scheduled(request))
        case .taskStarted(let resource):
            return resource.kind == .service ? (ownKey, Self.service(resource)) : nil
        case .activityStarted(let worker):
            return worker.map { (ownKey, ["workerName": .string($0)]) }
        case .taskOutput(let resource, let output):
            let start = resource.kind == .service ? Self.service(resource) : JSONObject()
            return (ownKey, Self.data("output", output, start))
        case .taskFailed(let resource, let error, let cause):
            let start = resource.kind == .service ? Self.service(resource) : JSONObject()
            return (ownKey, Self.failure(error, cause, start))
        case .mapStarted(let length): return (ownKey, ["length": .integer(Int64(length))])
        case .iteration(let name, let index):
            return (ownKey, ["name": .string(name), "index": .integer(Int64(index))])
        case .redriven(let count): return (ownKey, ["redriveCount": .integer(Int64(count))])
        case .mapRunStarted(let arn): return (ownKey, ["mapRunArn": .string(arn)])
        case .evaluationFailed(let state, let location, let error, let cause):
            var details = Self.failure(error, cause)
            if let location { details["location"] = .string(location) }
            details["state"] = .string(state)
            return (ownKey, details)
        }
    }

    /// Most types have details of their own name.
    private var ownKey: String {
        type.prefix(1).lowercased() + type.dropFirst() + "EventDetails"
    }

    private static func data(_ key: String, _ value: JSON, _ start: JSONObject = JSONObject()) -> JSONObject {
        var details = start
        details[key] = .string(value.text())
        details["\(key)Details"] = ["truncated": false]
        return details
    }

    private static func failure(
        _ error: String?,
        _ cause: String?,
        _ start: JSONObject = JSONObject()
    ) -> JSONObject {
        var details = start
        if let error { details["error"] = .string(error) }
        if let cause { details["cause"] = .string(cause) }
        return details
    }

    private static func service(_ resource: TaskResource) -> JSONObject {
        ["resourceType": .string(resource.service), "resource": .string(resource.action)]
    }

    private static func scheduled(_ request: TaskRequest) -> JSONObject {
        var details: JSONObject
        if request.resource.kind == .service {
            details = service(request.resource)
            details["region"] = .string(request.region)
            details["parameters"] = .string(request.input.text())
        } else {
            details = data("input", request.input, ["resource": .string(request.resource.text)])
        }
        if let seconds = request.timeoutSeconds { details["timeoutInSeconds"] = .integer(Int64(seconds)) }
        if let seconds = request.heartbeatSeconds { details["heartbeatInSeconds"] = .integer(Int64(seconds)) }
        if let role = request.credentials?["RoleArn"] { details["taskCredentials"] = ["roleArn": role] }
        return details
    }
}
