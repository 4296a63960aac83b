public import JSONTree
public import StatesLanguage

/// What a task asks for, in the words in which `ingot.yml` binds it.
public struct TaskTarget: Hashable, Sendable {
    /// The names under which it can be bound, the most exact one first.
    public let names: [String]
    /// Whether the exact name is only known when the task runs.
    public let isComputed: Bool

    /// The name in messages and hints.
    public var name: String {
        names[0]
    }

    /// Reads what a task asks for.
    ///
    /// - Parameters:
    ///   - resource: The task's resource.
    ///   - arguments: The task's input, or what its definition says of it.
    public init(_ resource: TaskResource, arguments: JSON?) {
        let whole = String(resource.text.dropLast(resource.pattern.rawValue.count))
        let general = whole == resource.text ? [whole] : [whole, resource.text]
        let action = resource.action.split(separator: ".").first.map(String.init) ?? resource.action
        switch (resource.service, action) {
        case ("lambda", _) where resource.kind == .lambda:
            let function = Self.functionName(resource.action)
            self.init(names: ["lambda:\(function)"] + general, isComputed: false)
        case ("activity", _): self.init(names: ["activity:\(resource.action)"] + general, isComputed: false)
        case ("lambda", "invoke"): self.init("lambda", "FunctionName", arguments, general, Self.functionName)
        case ("glue", "startJobRun"): self.init("glue", "JobName", arguments, general) { $0 }
        case ("states", "startExecution"): self.init("states", "StateMachineArn", arguments, general, Self.machineName)
        case ("http", "invoke"): self.init("http", "ApiEndpoint", arguments, general) { $0 }
        case ("sns", "publish"):
            let key = arguments?["TopicArn"] == nil ? "TargetArn" : "TopicArn"
            self.init("sns", key, arguments, general, Self.lastPart)
        case ("sqs", "sendMessage"): self.init("sqs", "QueueUrl", arguments, general, Self.lastPart)
        case ("events", "putEvents"): self.init(bus: Self.bus(of: arguments), general)
        case ("dynamodb", _), ("aws-sdk:dynamodb", _):
            self.init("dynamodb", "TableName", arguments, general, Self.lastPart)
        case ("aws-sdk:s3", _): self.init("s3", "Bucket", arguments, general) { $0 }
        default: self.init(names: general, isComputed: false)
        }
    }

    private init(names: [String], isComputed: Bool) {
        self.names = names
        self.isComputed = isComputed
    }

    /// A resource whose argument says what exactly is asked for.
    private init(
        _ prefix: String,
        _ key: String,
        _ arguments: JSON?,
        _ general: [String],
        _ name: (String) -> String
    ) {
        guard let value = arguments?[key]?.stringValue, !value.hasPrefix("{%") else {
            self.init(names: general, isComputed: true)
            return
        }
        self.init(names: ["\(prefix):\(name(value))"] + general, isComputed: false)
    }

    /// The name in an ARN, a partial ARN or a name of a function, without its version.
    private static func functionName(_ text: String) -> String {
        let parts = text.split(separator: ":").map(String.init)
        guard let index = parts.firstIndex(of: "function"), parts.indices.contains(index + 1) else {
            return parts.first ?? text
        }
        return parts[index + 1]
    }

    /// The name in the ARN of a state machine, without its version or alias.
    private static func machineName(_ text: String) -> String {
        let parts = text.split(separator: ":").map(String.init)
        guard let index = parts.firstIndex(of: "stateMachine"), parts.indices.contains(index + 1) else {
            return lastPart(text)
        }
        return parts[index + 1]
    }

    /// The name at the end of an ARN or an address.
    private static func lastPart(_ text: String) -> String {
        text.split { $0 == ":" || $0 == "/" }.last.map(String.init) ?? text
    }

    /// Events that go to one bus; any others are bound by the resource alone.
    private init(bus: String?, _ general: [String]) {
        self.init(names: (bus.map { ["events:\($0)"] } ?? []) + general, isComputed: bus == nil)
    }

    /// The bus to which all entries go, if it is known: the account's own where they name none.
    private static func bus(of arguments: JSON?) -> String? {
        guard let entries = arguments?["Entries"]?.arrayValue, !entries.isEmpty else { return nil }
        let names = entries.map { entry -> String? in
            if entry["EventBusName.$"] != nil { return nil }
            guard let name = entry["EventBusName"] else { return entry.objectValue == nil ? nil : "default" }
            return name.stringValue.flatMap { $0.hasPrefix("{%") ? nil : lastPart($0) }
        }
        return Set(names).count == 1 ? names[0] : nil
    }

    /// The binding that applies: the most exact name decides, and of patterns the longest one.
    public func binding(among bindings: [TaskBinding]) -> TaskBinding? {
        for name in names {
            if let exact = bindings.first(where: { $0.resource.value == name }) { return exact }
        }
        let patterns = bindings.filter { $0.resource.value.contains("*") }
            .sorted { $0.resource.value.utf8.count > $1.resource.value.utf8.count }
        for name in names {
            if let found = patterns.first(where: { Self.matches(name, pattern: $0.resource.value) }) { return found }
        }
        return nil
    }

    /// Whether a name fits a pattern in which `*` stands for any text.
    private static func matches(_ name: String, pattern: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard let first = parts.first, let last = parts.last, name.hasPrefix(first) else { return false }
        var rest = name.dropFirst(first.count)[...]
        for part in parts.dropFirst().dropLast() {
            guard let range = rest.firstRange(of: part) else { return part.isEmpty }
            rest = rest[range.upperBound...]
        }
        return rest.hasSuffix(last)
    }
}

/// A task of a definition with what it asks for.
struct TaskUse: Sendable {
    let state: String
    let resource: TaskResource
    let target: TaskTarget
    /// What the definition says of the task's input.
    let arguments: JSON?
    let position: SourcePosition

    /// The tasks of a definition, at any depth.
    static func all(in document: DocumentNode) -> [TaskUse] {
        (document.member("States")?.members ?? []).flatMap { state in
            [task(state.key, state.value)].compactMap(\.self) + inner(of: state.value).flatMap(all)
        }
    }

    private static func inner(of state: DocumentNode) -> [DocumentNode] {
        let processors = ["ItemProcessor", "Iterator"].compactMap { state.member($0) }
        return processors + (state.member("Branches")?.elements ?? [])
    }

    private static func task(_ name: String, _ state: DocumentNode) -> TaskUse? {
        guard state.member("Type")?.string == "Task", let node = state.member("Resource"), let text = node.string else {
            return nil
        }
        let resource = TaskResource(text)
        let arguments = (state.member("Parameters") ?? state.member("Arguments"))?.json
        let target = TaskTarget(resource, arguments: arguments)
        return TaskUse(state: name, resource: resource, target: target, arguments: arguments, position: node.position)
    }
}

extension DocumentNode {
    fileprivate func member(_ key: String) -> DocumentNode? {
        members?.last { $0.key == key }?.value
    }
}
