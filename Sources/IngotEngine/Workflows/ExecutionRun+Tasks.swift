import IngotCore
import JSONTree
import StatesLanguage

extension ExecutionRun {
    /// Takes the tasks that may start now, and puts their start into the journal.
    func chooseTasks() -> [TaskRequest] {
        if isDraining { return [] }
        var chosen: [TaskRequest] = []
        var left: [String] = []
        var isFull = false
        for token in unstarted {
            // One that was cancelled is gone.
            guard let request = open[token] else { continue }
            guard let handler = driver.handler(of: request) else {
                open[token] = nil
                send(unbound(request))
                continue
            }
            if handler.takesSlot {
                isFull = isFull || !driver.slots.take(orTell: mailbox)
                guard !isFull else {
                    left.append(token)
                    continue
                }
            }
            chosen.append(request)
            send(.taskStarted(token: token, worker: nil))
            switch request.resource.pattern {
            case .requestResponse: break
            case .sync, .sync2: send(.taskSubmitted(token: token, output: .object(JSONObject())))
            case .waitForTaskToken: journal.await(token)
            }
        }
        unstarted = left
        return chosen
    }

    private func unbound(_ request: TaskRequest) -> ExecutionInput {
        let name = services.tasks.name(of: request)
        let cause = "Nothing is bound to what the state '\(request.state)' asks for, \(name)"
        return .taskFailed(token: request.token, error: "Ingot.Unbound", cause: cause)
    }

    /// Gives back the place of a task that is not started after all.
    func giveUp(_ request: TaskRequest) {
        if driver.handler(of: request)?.takesSlot ?? false { driver.slots.giveBack() }
    }

    /// Starts a task beside the execution.
    func start(_ request: TaskRequest, _ group: inout Work) {
        guard let handler = driver.handler(of: request) else { return }
        let signal = WorkCancellation()
        running[request.token] = signal
        let task = WorkflowTask(
            request: request,
            input: TaskEnvelope(request: request).input,
            workflow: stored.workflow,
            execution: stored.name
        )
        group.addTask { [mailbox, driver] in
            await signal.during {
                if let news = await Self.perform(task, handler, driver) { mailbox.post(news) }
            }
            if handler.takesSlot { driver.slots.giveBack() }
        }
    }

    /// Does a task; `nil` where it was cancelled and nobody waits for its answer.
    private static func perform(
        _ task: WorkflowTask,
        _ handler: any TaskHandler,
        _ driver: WorkflowDriver
    ) async -> ExecutionNews? {
        let services = driver.services
        let envelope = TaskEnvelope(request: task.request)
        let token = task.request.token
        let start = services.now
        do {
            let output = envelope.output(try await handler.perform(task), from: start, to: services.now)
            if task.request.resource.pattern == .waitForTaskToken {
                return .handedOver(token: token, output: .taskSubmitted(token: token, output: output))
            }
            return .answer(.taskSucceeded(token: token, output: output))
        } catch {
            guard !Task.isCancelled else { return nil }
            if handler.isResumable, error is CancellationError, driver.isDraining { return .interrupted(token: token) }
            let failure = envelope.failure(TaskFailure(error), from: start, to: services.now)
            return .answer(.taskFailed(token: token, error: failure.error, cause: failure.cause))
        }
    }

    // MARK: Items

    /// Reads items beside the execution.
    func read(_ request: ItemRequest, _ group: inout Work) {
        group.addTask { [mailbox, items = services.items] in
            do {
                let page = try await items.items(request)
                mailbox.post(
                    .answer(.itemsRead(token: request.token, items: page.items, continuation: page.continuation))
                )
            } catch {
                guard !Task.isCancelled else { return }
                let cause = TaskFailure(error).cause
                mailbox.post(.answer(.itemsFailed(token: request.token, error: nil, cause: cause)))
            }
        }
    }

    /// Writes a part of the results of a Map run.
    func write(_ request: ResultRequest) async {
        var answer = ExecutionInput.resultsWritten(token: request.token, details: request.details)
        do {
            try await services.items.write(request)
        } catch {
            answer = .resultsFailed(token: request.token, error: nil, cause: TaskFailure(error).cause)
        }
        // Nobody waits for what a run leaves that was stopped.
        if execution.pendingTokens.contains(request.token) { mailbox.post(.answer(answer)) }
    }
}

extension TaskFailure {
    /// An error as a workflow sees it.
    init(_ error: any Error) {
        switch error {
        case let failure as TaskFailure: self = failure
        case let error as IngotError: self.init(error: error.code.description, cause: error.description)
        case let error as ItemReadingError: self.init(error: "States.ItemReaderFailed", cause: error.message)
        default: self.init(error: "States.TaskFailed", cause: "\(error)")
        }
    }
}
