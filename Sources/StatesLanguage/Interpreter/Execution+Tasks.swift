import JSONTree

extension Execution {
    func startTask(_ task: TaskBody, _ strand: Strand) throws(StateError) {
        let state = strand.state
        guard !environment.options.missingActivities.contains(task.resource.text) else {
            throw .runtime("The activity \(task.resource.text) does not exist.")
        }
        // The token has to exist before the input is made, which may hand it on.
        let token = environment.nextToken()
        strand.token = token
        let input = try arguments(of: state, strand)
        let scope = QueryScope(source: strand, input: try selectedInput(of: state, strand))
        let timeout = try task.timeout.map { quantity throws(StateError) in try seconds(quantity, scope) }
        let heartbeat = try task.heartbeat.map { quantity throws(StateError) in try seconds(quantity, scope) }
        let credentials = try task.credentials.map { template throws(StateError) in try template.value(in: scope) }
        let request = TaskRequest(
            token: token,
            state: state.name,
            resource: task.resource,
            input: input,
            timeoutSeconds: timeout,
            heartbeatSeconds: heartbeat,
            credentials: credentials,
            retryCount: strand.retryCount,
            region: environment.identity.region
        )
        strand.request = request
        strand.phase = .waiting
        let resource = task.resource
        emit("\(resource.eventPrefix)Scheduled", .taskScheduled(request), strand)
        // An activity only starts when a worker takes the task.
        if resource.kind != .activity { emit("\(resource.eventPrefix)Started", .taskStarted(resource), strand) }
        waiting[token] = strand
        if let timeout {
            timers.set(at: environment.now.adding(seconds: Double(timeout)), for: strand, .timeout)
        }
        setHeartbeat(strand)
        actions.append(.scheduleTask(request))
    }

    /// Adds an event that follows the strand's last one.
    func emit(_ type: String, _ detail: HistoryEvent.Detail, _ strand: Strand) {
        strand.lastEvent = emit(type, detail, strand.log, after: strand.lastEvent)
    }

    private func seconds(_ quantity: Quantity, _ scope: QueryScope) throws(StateError) -> Int {
        switch quantity {
        case .constant(let value): return value.doubleValue.map { Int($0) } ?? 0
        case .query(let query, let field):
            let value = try query.value(in: scope, field: field)
            guard let seconds = value.wholeNumber, (1...99_999_999).contains(seconds) else {
                throw query.unexpectedType(value, expected: "integer", field: field)
            }
            return seconds
        case .path(let path, let field):
            let value: JSON
            do throws(PathFailure) {
                value = try scope.value(of: path)
            } catch {
                throw .invalidPath(path, error)
            }
            guard let seconds = value.wholeNumber, (1...99_999_999).contains(seconds) else {
                throw .runtime(
                    "The \(field) parameter cannot be parsed as a positive integer: \(path.text) == \(value.text())"
                )
            }
            return seconds
        }
    }

    // MARK: Answers

    func taskStarted(_ strand: Strand, _ worker: String?) {
        guard let resource = strand.request?.resource, resource.kind == .activity else { return }
        emit("ActivityStarted", .activityStarted(worker: worker), strand)
    }

    func taskSubmitted(_ strand: Strand, _ output: JSON) {
        guard let resource = strand.request?.resource else { return }
        emit("\(resource.eventPrefix)Submitted", .taskOutput(resource, output: output), strand)
    }

    func taskSucceeded(_ strand: Strand, _ output: JSON) {
        guard let resource = strand.request?.resource else { return }
        guard !output.isLarger(than: environment.options.dataSizeMax) else {
            let task = resource.kind == .service ? resource.service : resource.text
            return taskFailed(strand, StateError.dataLimitName, StateError.dataLimit(of: task).cause)
        }
        emit("\(resource.eventPrefix)Succeeded", .taskOutput(resource, output: output), strand)
        inspection?.result(output)
        do throws(StateError) {
            try leave(strand, result: output, input: strand.input)
        } catch {
            fail(strand, error)
        }
    }

    func taskFailed(_ strand: Strand, _ error: String?, _ cause: String?) {
        guard let resource = strand.request?.resource else { return }
        emit("\(resource.eventPrefix)Failed", .taskFailed(resource, error: error, cause: cause), strand)
        fail(strand, StateError(name: error, cause: cause))
    }

    func taskTimedOut(_ strand: Strand, alias: String?) {
        guard let request = strand.request, let token = strand.token else { return }
        let resource = request.resource
        actions.append(.cancelTask(token: token))
        emit(
            "\(resource.eventPrefix)TimedOut",
            .taskFailed(resource, error: StateError.timeoutName, cause: nil),
            strand
        )
        fail(strand, StateError(name: StateError.timeoutName, cause: nil, alias: alias))
    }

    func renewHeartbeat(_ strand: Strand) {
        strand.heartbeatGeneration += 1
        setHeartbeat(strand)
    }

    private func setHeartbeat(_ strand: Strand) {
        guard let seconds = strand.request?.heartbeatSeconds else { return }
        timers.set(
            at: environment.now.adding(seconds: Double(seconds)),
            for: strand,
            .heartbeat(generation: strand.heartbeatGeneration)
        )
    }
}

extension TaskResource {
    /// What the types of the task's events start with.
    var eventPrefix: String {
        switch kind {
        case .lambda: "LambdaFunction"
        case .activity: "Activity"
        case .service: "Task"
        }
    }
}
