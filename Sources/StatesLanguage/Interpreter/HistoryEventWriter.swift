import JSONTree

extension HistoryEvent {
    /// The event as JSON, in the shape of `GetExecutionHistory`.
    public var text: String {
        var writer = HistoryEventWriter()
        return writer.text(of: self)
    }
}

/// Writes events as JSON, in the shape of `GetExecutionHistory`; for many events, of which most differ in little.
public struct HistoryEventWriter: Sendable {
    private var writer = JSONWriter()
    private var time = (moment: Timestamp(seconds: 0, nanoseconds: 0), text: "1970-01-01T00:00:00.000Z")
    /// The members of details that have their type's name, by type.
    private var ownKeys: [String: String] = [:]

    /// A writer that has written nothing.
    public init() {}

    /// The text of an event.
    public mutating func text(of event: HistoryEvent) -> String {
        if time.moment != event.timestamp { time = (event.timestamp, event.timestamp.iso8601) }
        writer.removeAll()
        let (time, key) = (time.text, detailsKey(of: event))
        writer.object { writer in
            writer.member("timestamp", time)
            writer.member("type", event.type)
            writer.member("id", event.id)
            writer.member("previousEventId", event.previousID)
            guard let key else { return }
            writer.key(key)
            writer.object { $0.write(event.detail) }
        }
        return String(decoding: writer.output, as: UTF8.self)
    }

    /// The member that holds an event's details, if it has any.
    private mutating func detailsKey(of event: HistoryEvent) -> String? {
        switch event.detail {
        case .none: nil
        case .executionStarted: "executionStartedEventDetails"
        case .executionSucceeded: "executionSucceededEventDetails"
        case .stateEntered: "stateEnteredEventDetails"
        case .stateExited: "stateExitedEventDetails"
        case .taskStarted(let resource): resource.kind == .service ? ownKey(of: event.type) : nil
        case .activityStarted(let worker): worker == nil ? nil : ownKey(of: event.type)
        default: ownKey(of: event.type)
        }
    }

    private mutating func ownKey(of type: String) -> String {
        if let key = ownKeys[type] { return key }
        let key = type.prefix(1).lowercased() + type.dropFirst() + "EventDetails"
        ownKeys[type] = key
        return key
    }
}

extension JSONWriter {
    /// Writes the members of an event's details.
    fileprivate mutating func write(_ detail: HistoryEvent.Detail) {
        switch detail {
        case .none: break
        case .executionStarted(let input, let role):
            member("roleArn", role)
            data("input", input)
        case .executionSucceeded(let output): data("output", output)
        case .failure(let error, let cause): failure(error, cause)
        case .stateEntered(let name, let input):
            member("name", name)
            data("input", input)
        case .stateExited(let name, let output, let assigned):
            member("name", name)
            data("output", output)
            guard !assigned.isEmpty else { break }
            key("assignedVariables")
            object { writer in
                for variable in assigned { writer.member(variable.name, textOf: variable.value) }
            }
            isWhole("assignedVariables")
        case .taskScheduled(let request): scheduled(request)
        case .taskStarted(let resource): service(resource)
        case .activityStarted(let worker):
            if let worker { member("workerName", worker) }
        case .taskOutput(let resource, let output):
            if resource.kind == .service { service(resource) }
            data("output", output)
        case .taskFailed(let resource, let error, let cause):
            if resource.kind == .service { service(resource) }
            failure(error, cause)
        case .mapStarted(let length): member("length", length)
        case .iteration(let name, let index):
            member("name", name)
            member("index", index)
        case .redriven(let count): member("redriveCount", count)
        case .mapRunStarted(let arn): member("mapRunArn", arn)
        case .evaluationFailed(let state, let location, let error, let cause):
            failure(error, cause)
            if let location { member("location", location) }
            member("state", state)
        }
    }

    private mutating func data(_ key: String, _ value: JSON) {
        member(key, textOf: value)
        isWhole(key)
    }

    /// Says that data were not cut off.
    private mutating func isWhole(_ key: String) {
        self.key("\(key)Details")
        object { writer in
            writer.key("truncated")
            writer.write(.bool(false))
        }
    }

    private mutating func failure(_ error: String?, _ cause: String?) {
        if let error { member("error", error) }
        if let cause { member("cause", cause) }
    }

    private mutating func service(_ resource: TaskResource) {
        member("resourceType", resource.service)
        member("resource", resource.action)
    }

    private mutating func scheduled(_ request: TaskRequest) {
        if request.resource.kind == .service {
            service(request.resource)
            member("region", request.region)
            member("parameters", textOf: request.input)
        } else {
            member("resource", request.resource.text)
            data("input", request.input)
        }
        if let seconds = request.timeoutSeconds { member("timeoutInSeconds", seconds) }
        if let seconds = request.heartbeatSeconds { member("heartbeatInSeconds", seconds) }
        guard let role = request.credentials?["RoleArn"] else { return }
        key("taskCredentials")
        object { writer in
            writer.key("roleArn")
            writer.write(role)
        }
    }
}
