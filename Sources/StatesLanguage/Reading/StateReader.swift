import JSONTree

/// Reads one state.
struct StateReader {
    let object: ObjectReader
    let name: String
    let scope: GraphScope
    let reader: DefinitionReader
    let language: QueryLanguage

    init(object: ObjectReader, name: String, scope: GraphScope, reader: DefinitionReader) {
        self.object = object
        self.name = name
        self.scope = scope
        self.reader = reader
        language = reader.language(of: object, inherited: scope.language)
        if language == .jsonPath, reader.machineLanguage == .jsonata {
            object.report(
                nil,
                "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine"
            )
        }
    }

    var isJSONata: Bool {
        language == .jsonata
    }

    /// The state; nil where it cannot be made.
    func state() -> State? {
        if name.utf16.count > 80 || name.isEmpty {
            object.report(nil, "The name of a state has 1 to 80 characters", atKey: true)
        }
        guard object.require(["Type"]), let typeName = object.string("Type") else { return nil }
        guard let type = StateType(rawValue: typeName) else {
            object.reportValue("Type", allowed: "Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map")
            return nil
        }
        let data = dataFlow(type)
        let retriers = [.task, .parallel, .map].contains(type) ? self.retriers() : []
        let catchers = [.task, .parallel, .map].contains(type) ? self.catchers() : []
        let transition = transition(type)
        let body = body(type)
        finish()
        guard let body, let transition else { return nil }
        return State(
            name: name,
            type: type,
            language: language,
            transition: transition,
            data: data,
            retriers: retriers,
            catchers: catchers,
            body: body
        )
    }

    /// Reports fields of the other query language with the service's words, and unknown ones.
    private func finish() {
        object.finish { foreign($0, to: Self.pathFields) }
    }

    /// Why a field is not supported that belongs to the other query language: one of these fields of JSONPath where the
    /// state has JSONata, and the other way round.
    func foreign(_ key: String, to pathFields: Set<String>) -> String? {
        let (own, other) = isJSONata ? ("JSONata", "JSONPath") : ("JSONPath", "JSONata")
        guard (isJSONata ? pathFields : Self.jsonataFields).contains(key) else { return nil }
        return "The QueryLanguage is set to '\(own)', but field '\(key)' is only supported for the '\(other)' "
            + "QueryLanguage"
    }

    private static let pathFields: Set<String> = [
        "InputPath", "OutputPath", "ResultPath", "Parameters", "ResultSelector", "ItemsPath", "SecondsPath",
        "TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath", "ErrorPath", "CausePath", "MaxConcurrencyPath",
        "ToleratedFailureCountPath", "ToleratedFailurePercentagePath",
    ]
    private static let jsonataFields: Set<String> = ["Arguments", "Output", "Items"]

    // MARK: Transitions

    private func transition(_ type: StateType) -> State.Transition? {
        switch type {
        case .choice, .succeed, .fail: return .end
        default: break
        }
        let end = object.bool("End") ?? false
        guard object.has("Next") else {
            if !end { object.reportMissing(oneOf: ["Next", "End"]) }
            return end ? .end : nil
        }
        if end { object.reportSeveral(of: ["Next", "End"]) }
        return next("Next", in: object).map(State.Transition.next)
    }

    /// The position of the state that a member names.
    func next(_ key: String, in object: ObjectReader) -> Int? {
        guard let target = object.string(key) else { return nil }
        guard let position = scope.names[target] else {
            // The service names all transitions so.
            object.report(key, "Missing 'Next' target: \(target)", code: Diagnostic.transitionCode)
            return nil
        }
        return position
    }

    // MARK: Data

    private func dataFlow(_ type: StateType) -> DataFlow {
        var data = DataFlow()
        if type != .fail, type != .succeed { data.assign = assignments(object, prefix: "Assign") }
        if isJSONata {
            if [.task, .parallel].contains(type) { data.arguments = arguments("Arguments") }
            if type != .fail { data.output = template("Output", in: object) }
            return data
        }
        if type != .fail {
            data.inputPath = selection("InputPath")
            data.outputPath = selection("OutputPath")
        }
        switch type {
        case .pass: data.arguments = template("Parameters", in: object)
        case .task, .parallel:
            data.arguments = template("Parameters", in: object)
            data.resultSelector = template("ResultSelector", in: object)
        case .map: data.resultSelector = template("ResultSelector", in: object)
        default: break
        }
        if [.pass, .task, .parallel, .map].contains(type) { data.resultPath = resultPlace(object) }
        return data
    }

    private func arguments(_ key: String) -> Template? {
        if let node = object.node(key), node.members == nil, node.string.flatMap(Query.body) == nil {
            object.report(key, "Incorrect type. Expected one of object, JSONata expression.", severity: .warning)
        }
        return template(key, in: object)
    }

    private func selection(_ key: String) -> DataFlow.Selection {
        guard let node = object.node(key) else { return .whole }
        if node.isNull { return .nothing }
        guard let path = path(key, in: object) else { return .whole }
        return path.steps.isEmpty && path.root == .input ? .whole : .path(path)
    }

    func resultPlace(_ object: ObjectReader) -> DataFlow.ResultPlace {
        guard let node = object.node("ResultPath") else { return .replacing }
        if node.isNull { return .dropped }
        guard let path = path("ResultPath", in: object) else { return .replacing }
        guard path.isReference, path.root == .input else {
            object.report("ResultPath", "Value is not a Reference Path")
            return .replacing
        }
        return path.steps.isEmpty ? .replacing : .path(path)
    }
}
