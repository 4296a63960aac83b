import JSONTree

extension StateReader {
    func body(_ type: StateType) -> State.Body? {
        switch type {
        case .pass: return .pass(result: isJSONata ? nil : result())
        case .succeed: return .succeed
        case .task: return task().map(State.Body.task)
        case .choice: return choice().map(State.Body.choice)
        case .wait: return wait().map(State.Body.wait)
        case .fail: return .fail(fail())
        case .parallel: return parallel().map(State.Body.parallel)
        case .map: return map().map(State.Body.map)
        }
    }

    private func result() -> JSON? {
        guard let node = object.node("Result") else { return nil }
        if node.hasPathKey {
            object.report(
                "Result",
                "The result of a Pass state is static; keys that end in '.$' are not computed",
                severity: .warning,
                code: Diagnostic.staticResultCode
            )
        }
        return node.json
    }

    // MARK: Task

    private func task() -> TaskBody? {
        let timeout = quantity("TimeoutSeconds", in: object, minimum: 1)
        let heartbeat = quantity("HeartbeatSeconds", in: object, minimum: 1)
        if case .constant(let seconds) = timeout, case .constant(let beat) = heartbeat,
            let seconds = seconds.doubleValue, let beat = beat.doubleValue, beat >= seconds
        {
            object.report("HeartbeatSeconds", "HeartbeatSeconds must be smaller than TimeoutSeconds")
        }
        let credentials = credentials()
        guard object.require(["Resource"]), let text = object.string("Resource") else { return nil }
        let resource = TaskResource(text)
        if resource.isUnknownAction {
            object.report(
                "Resource",
                "The resource provided \(text) is not recognized. The value is not a valid resource ARN, or the resource "
                    + "is not available in this region."
            )
        }
        checkExpress(resource)
        return TaskBody(resource: resource, timeout: timeout, heartbeat: heartbeat, credentials: credentials)
    }

    private func credentials() -> Template? {
        guard let node = object.node("Credentials") else { return nil }
        if isJSONata, node.string.flatMap(Query.body) != nil { return template("Credentials", in: object) }
        guard let members = node.members else {
            object.report("Credentials", "Expected value of type Object")
            return nil
        }
        if !members.contains(where: { $0.key == "RoleArn" || $0.key == "RoleArn.$" }) {
            object.report("Credentials", "The field 'RoleArn' is required but was missing")
        }
        return template("Credentials", in: object)
    }

    private func checkExpress(_ resource: TaskResource) {
        guard reader.kind == .express else { return }
        // The service takes a resource that is no ARN for an activity.
        if resource.kind == .activity || !resource.text.hasPrefix("arn:") {
            object.report("Resource", "Express state machine does not support Activity ARN")
        }
        switch resource.pattern {
        case .requestResponse: break
        case .sync, .sync2:
            object.report("Resource", "Express state machine does not support '.sync' service integration")
        case .waitForTaskToken:
            // The space at the end is the service's.
            object.report("Resource", "Express state machine does not support '.waitForTaskToken' service integration ")
        }
    }

    // MARK: Wait and Fail

    private func wait() -> WaitBody? {
        let names = isJSONata ? ["Seconds", "Timestamp"] : ["SecondsPath", "Seconds", "TimestampPath", "Timestamp"]
        let present = names.filter(object.has)
        guard present.count == 1 else {
            if present.isEmpty { object.reportMissing(oneOf: names) } else { object.reportSeveral(of: names) }
            for name in present { _ = object.node(name) }
            return nil
        }
        switch present.first {
        case "Seconds", "SecondsPath":
            return quantity("Seconds", in: object, minimum: 0).map(WaitBody.seconds)
        case "Timestamp":
            guard let text = object.string("Timestamp") else { return nil }
            if isJSONata, Query.body(of: text) != nil {
                return query(text, "Timestamp", in: object, field: "Timestamp")
                    .map { .timestamp(.query($0, field: "Timestamp")) }
            }
            if Timestamp(iso8601: text) == nil { object.report("Timestamp", "String does not match RFC3339 timestamp") }
            return .timestamp(.constant(.string(text)))
        case "TimestampPath":
            return path("TimestampPath", in: object).map { .timestamp(.path($0, field: "TimestampPath")) }
        default: return nil
        }
    }

    private func fail() -> FailBody {
        FailBody(error: failText("Error"), cause: failText("Cause"))
    }

    private func failText(_ key: String) -> FailBody.Text? {
        let pathKey = "\(key)Path"
        if !isJSONata, object.has(pathKey) {
            if object.has(key) {
                object.reportSeveral(of: [key, pathKey])
                _ = object.node(key)
            }
            return failPath(pathKey)
        }
        guard let text = object.string(key) else { return nil }
        if isJSONata, Query.body(of: text) != nil {
            return query(text, key, in: object, field: key).map { .query($0, field: key) }
        }
        return .constant(text)
    }

    private func failPath(_ key: String) -> FailBody.Text? {
        guard let text = object.string(key) else { return nil }
        let failure =
            "The value for the field must be a valid JSONPath or an intrinsic function expression that returns a string"
        do throws(PathSyntaxError) {
            guard Intrinsic.isCall(text) else { return .path(try Path(parsing: text), field: key) }
            let call = try Intrinsic(parsing: text)
            if !call.function.answersString { object.report(key, failure) }
            return .intrinsic(call, field: key)
        } catch {
            object.report(key, failure, note: error.message)
            return nil
        }
    }

    // MARK: Parallel

    private func parallel() -> [StateGraph]? {
        guard object.require(["Branches"]), let branches = object.objects("Branches") else { return nil }
        if branches.isEmpty { object.report("Branches", "Value cannot be empty") }
        let graphs = branches.map { branch in
            let graph = reader.graph(branch, language: scope.language, depth: scope.depth + 1)
            branch.finish()
            return graph
        }
        let complete = graphs.compactMap(\.self)
        return complete.count == branches.count ? complete : nil
    }

    // MARK: Retry and Catch

    func retriers() -> [Retrier] {
        guard let rules = object.objects("Retry") else { return [] }
        return rules.enumerated().compactMap { position, rule in
            let errors = errors(rule, isLast: position == rules.count - 1)
            let interval = rule.number("IntervalSeconds", minimum: 1)
            let attempts = rule.number("MaxAttempts", minimum: 0)
            let rate = rule.number("BackoffRate", minimum: 1, isWhole: false)
            let delay = rule.number("MaxDelaySeconds", minimum: 1, maximum: 31_622_400)
            if let interval, let delay, delay <= interval {
                rule.report("MaxDelaySeconds", "MaxDelaySeconds must be greater than IntervalSeconds")
            }
            let jitter = rule.string("JitterStrategy")
            if let jitter, jitter != "FULL", jitter != "NONE" {
                rule.reportValue("JitterStrategy", allowed: "FULL, NONE")
            }
            rule.finish()
            guard let errors else { return nil }
            return Retrier(
                errors: errors,
                intervalSeconds: interval ?? 1,
                attemptsMax: attempts.map { Int($0) } ?? 3,
                backoffRate: rate ?? 2,
                delaySecondsMax: delay,
                hasFullJitter: jitter == "FULL"
            )
        }
    }

    func catchers() -> [Catcher] {
        guard let rules = object.objects("Catch") else { return [] }
        return rules.enumerated().compactMap { position, rule in
            let errors = errors(rule, isLast: position == rules.count - 1)
            let target = rule.require(["Next"]) ? next("Next", in: rule) : nil
            let place = isJSONata ? .replacing : resultPlace(rule)
            let output = isJSONata ? template("Output", in: rule, field: "Catch[\(position)]/Output") : nil
            let assign = assignments(rule, prefix: "Catch[\(position)]/Assign")
            rule.finish()
            guard let errors, let target else { return nil }
            return Catcher(errors: errors, next: target, resultPath: place, output: output, assign: assign)
        }
    }

    private func errors(_ rule: ObjectReader, isLast: Bool) -> [String]? {
        guard rule.require(["ErrorEquals"]), let errors = rule.strings("ErrorEquals") else { return nil }
        if errors.isEmpty {
            rule.report("ErrorEquals", "Value cannot be empty")
        } else if errors.contains(ErrorNames.all), errors.count > 1 || !isLast {
            rule.report("ErrorEquals", "States.ALL must be the only error of the last rule")
        }
        return errors
    }
}

extension DocumentNode {
    /// Whether a key anywhere in the value ends in `.$`.
    fileprivate var hasPathKey: Bool {
        switch content {
        case .scalar: false
        case .array(let elements): elements.contains(where: \.hasPathKey)
        case .object(let members): members.contains { $0.key.hasSuffix(".$") || $0.value.hasPathKey }
        }
    }
}
