public import IngotCore
import JSONTree
public import StatesLanguage

/// What others ask of an execution, whoever drives it.
extension WorkflowDriver {
    /// Asks an execution to stop; it does once it is driven.
    public func stop(_ execution: StoredExecution, error: String?, cause: String?) async throws {
        guard execution.status == .running else {
            throw IngotError(
                .executionState,
                "\(execution.workflow):\(execution.name) has ended: \(execution.status.rawValue)"
            )
        }
        try await services.store.post(ExecutionInput.abort(error: error, cause: cause).json.text(), to: execution.id)
    }

    /// Lets an execution that ended without success go on where it failed; it waits to be driven.
    public func redrive(_ execution: StoredExecution) async throws {
        let store = services.store
        let owner = services.owner
        guard execution.status != .running, execution.status != .succeeded,
            let lease = try await store.leaseExecution(execution.id, owner: owner, isAlive: services.isAlive)
        else {
            throw IngotError(
                .executionState,
                "\(execution.workflow):\(execution.name) is \(execution.status.rawValue), and only what ended without "
                    + "success goes on"
            )
        }
        do {
            var position: Int64 = 0
            while let last = try await store.journal(of: execution.id, after: position, limit: 500).last {
                position = last.position
            }
            var progress = ExecutionProgress()
            progress.journal = [
                JournalEntry(
                    position: position + 1,
                    time: services.now.nanosecondsSinceEpoch,
                    input: ExecutionInput.redrive.json.text()
                )
            ]
            progress.isRunningAgain = true
            try await store.append(progress, lease: lease)
        } catch {
            try? await store.release(lease)
            throw error
        }
        try await store.release(lease)
    }

    /// Answers a task that waits for its token, or says that it is still at work.
    ///
    /// - Throws: `IngotError` with `unknownExecution` where nobody waits for the token, or `wrongUse` where the output is
    ///   larger than a task may give; the task goes on waiting then.
    public func answer(_ input: ExecutionInput) async throws {
        if case .taskSucceeded(_, let output) = input {
            let size = output.text().utf8.count
            guard size <= Self.inputSizeMax else {
                throw IngotError(
                    .wrongUse,
                    "the output of a task has at most \(Self.inputSizeMax) bytes, and this one has \(size)",
                    hint: "put the data into a file, and its place into the output"
                )
            }
        }
        let store = services.store
        let text = input.json.text()
        if let token = input.token {
            if input.isAnswer {
                if try await store.answer(token, with: text) { return }
            } else if let execution = try await store.execution(waitingFor: token) {
                return try await store.post(text, to: execution)
            }
        }
        throw IngotError(.unknownExecution, "no execution waits for that token")
    }

    /// Ends an execution that cannot be brought back, if it was asked to stop.
    func stopUnread(
        _ execution: StoredExecution,
        _ store: any ExecutionStore,
        _ lease: ExecutionLease
    ) async throws -> StoredExecution? {
        let inputs = try await store.messages(to: execution.id).compactMap { ExecutionInput(message: $0) }
        let stops = inputs.compactMap { input -> ExecutionOutcome? in
            guard case .abort(let error, let cause) = input else { return nil }
            return .aborted(error: error, cause: cause)
        }
        guard let stop = stops.first, case .aborted(let error, let cause) = stop else { return nil }
        let id = execution.eventCount + 1
        var progress = ExecutionProgress()
        progress.events = [HistoryEvent.aborted(id: id, at: services.now, error: error, cause: cause).text]
        let ending = ExecutionProgress.Ending(stop, at: services.now)
        progress.ending = ending
        try await store.append(progress, lease: lease)
        var ended = execution
        ended.end(ending)
        return ended
    }
}
