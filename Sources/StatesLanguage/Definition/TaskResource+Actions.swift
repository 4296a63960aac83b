extension TaskResource {
    /// The actions of services that have an integration of their own, where their list is settled; every other action is
    /// asked for through `aws-sdk`.
    private static let integrations: [String: Set<String>] = [
        "athena": ["startQueryExecution", "stopQueryExecution", "getQueryExecution", "getQueryResults"],
        "batch": ["submitJob"],
        "dynamodb": ["getItem", "putItem", "updateItem", "deleteItem"],
        "ecs": ["runTask"],
        "events": ["putEvents"],
        "glue": ["startJobRun"],
        "lambda": ["invoke"],
        "sns": ["publish"],
        "sqs": ["sendMessage"],
        "states": ["startExecution"],
    ]

    /// Whether the service is one whose integrations are known, and the action is none of them.
    var isUnknownAction: Bool {
        guard kind == .service, let actions = Self.integrations[service] else { return false }
        return !actions.contains(String(action.prefix { $0 != "." }))
    }
}
