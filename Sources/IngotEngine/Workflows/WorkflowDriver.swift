public import IngotCore
public import JSONTree
public import StatesLanguage
import Synchronization

/// Starts executions of workflows and drives them.
public final class WorkflowDriver: Sendable {
    let services: WorkflowServices
    let slots: TaskSlots
    /// Where the kept executions that are driven just now hear of things.
    let mailboxes = Mutex<[Int64: ExecutionMailbox]>([:])
    let standing = Mutex(Standing())
    /// Rings when there may be something to drive.
    let work = Alarm()
    private let machines = Mutex<[String: StateMachine]>([:])
    /// How many bytes the text of an execution's input may have, as on the service.
    private static let inputSizeMax = ExecutionOptions().dataSizeMax

    /// A driver over services; nothing runs yet.
    public init(_ services: WorkflowServices) {
        self.services = services
        slots = TaskSlots(count: services.taskCountMax)
    }

    // MARK: Starting

    /// Records a new execution, which waits to be driven.
    ///
    /// - Parameters:
    ///   - workflow: The workflow's name.
    ///   - input: The input.
    ///   - name: The name of the execution; one is made where there is none.
    ///   - parent: The token of the task that starts it.
    /// - Returns: The execution; the one that runs already if it has the same name and input.
    /// - Throws: `IngotError` with `unknownWorkflow` or `executionExists`.
    public func start(
        _ workflow: String,
        input: JSON,
        name: String? = nil,
        parent: String? = nil
    ) async throws -> StoredExecution {
        let start = try startOf(workflow, input: input, name: name ?? newName(), parent: parent)
        defer { work.ring() }
        return try await services.store.create(start)
    }

    /// What the store notes of a new execution.
    func startOf(
        _ workflow: String,
        input: JSON,
        name: String,
        parent: String? = nil
    ) throws -> ExecutionStart {
        guard let definition = services.workflows[workflow] else {
            let names = services.workflows.keys.sorted()
            throw IngotError(
                .unknownWorkflow,
                "there is no workflow \"\(workflow)\"; "
                    + (names.isEmpty ? "the project has none" : "workflows: \(names.joined(separator: ", "))"),
                hint: NearestMatch.find(workflow, among: names)
            )
        }
        guard ExecutionIdentity.isName(name) else {
            throw IngotError(
                .wrongUse,
                "the name of an execution has 1 to 80 characters, and none of them is white space, a control character "
                    + "or one of < > { } [ ] ? * \" # % \\ ^ | ~ ` $ & , ; : /"
            )
        }
        let text = input.text()
        guard text.utf8.count <= Self.inputSizeMax else {
            throw IngotError(
                .wrongUse,
                "the input of an execution has at most \(Self.inputSizeMax) bytes, and this one has \(text.utf8.count)",
                hint: "put the data into a file, and its place into the input"
            )
        }
        let now = services.now
        let entry = JournalEntry(
            position: 1,
            time: now.nanosecondsSinceEpoch,
            input: ExecutionInput.start(input: input).json.text()
        )
        return ExecutionStart(
            workflow: workflow,
            name: name,
            input: text,
            definition: definition.text,
            interpreter: Execution.journalVersion,
            seed: services.clock.random(),
            started: now.nanosecondsSinceEpoch,
            parent: parent,
            journal: [entry]
        )
    }

    private func newName() -> String {
        Identifiers(clock: services.clock).runID()
    }

    /// Runs an execution of an Express workflow, of which nothing is kept.
    public func runExpress(_ workflow: String, input: JSON) async throws -> StoredExecution {
        let store = InMemoryExecutions(keepsHistory: false)
        let start = try startOf(workflow, input: input, name: newName(), parent: nil)
        let execution = try await store.create(start)
        try await drive(execution.id, in: store, kind: .express)
        return try await store.execution(id: execution.id) ?? execution
    }

    /// Whether a workflow is an Express workflow.
    public func isExpress(_ workflow: String) -> Bool {
        services.workflows[workflow]?.machine.kind == .express
    }

    // MARK: Driving

    /// Drives an execution to its end, or waits for its end where another process drives it.
    ///
    /// - Returns: The execution after its end.
    /// - Throws: `IngotError`; `CancellationError`. What has happened is kept, and it can be driven on.
    public func drive(_ id: Int64) async throws -> StoredExecution {
        while true {
            guard let execution = try await services.store.execution(id: id) else {
                throw IngotError(.unknownExecution, "there is no execution \(id)")
            }
            guard execution.status == .running else { return execution }
            // What this one waits for goes on in the next process, and so does this one.
            guard !isDraining else { throw CancellationError() }
            if try await !drive(id, in: services.store, kind: .standard) {
                try await Task.sleep(for: services.pollInterval)
            }
        }
    }

    /// Drives an execution; `false` where another process does.
    @discardableResult
    func drive(_ id: Int64, in store: any ExecutionStore, kind: StateMachine.Kind) async throws -> Bool {
        guard let lease = try await store.leaseExecution(id, owner: services.owner, isAlive: services.isAlive) else {
            return false
        }
        do {
            try await drive(lease, in: store, kind: kind)
        } catch {
            try? await store.release(lease)
            throw error
        }
        try await store.release(lease)
        return true
    }

    private func drive(_ lease: ExecutionLease, in store: any ExecutionStore, kind: StateMachine.Kind) async throws {
        // Only who holds the lease knows how the execution stands.
        guard let execution = try await store.execution(id: lease.execution), execution.status == .running,
            let definition = try await store.definition(of: lease.execution)
        else { return }
        guard execution.interpreter == Execution.journalVersion else {
            throw IngotError(
                .executionUnreadable,
                "the journal of \(execution.workflow):\(execution.name) is of version \(execution.interpreter), and this "
                    + "is version \(Execution.journalVersion)"
            )
        }
        let machine = try machine(definition, kind)
        let run = ExecutionRun(self, execution, machine: machine, store: store, lease: lease)
        if kind == .standard { mailboxes.withLock { $0[execution.id] = run.mailbox } }
        defer { if kind == .standard { mailboxes.withLock { $0[execution.id] = nil } } }
        if let ended = try await run.run() { services.tell(.executionEnded(ended)) }
    }

    /// The machine that an execution was started with, compiled once.
    private func machine(_ definition: String, _ kind: StateMachine.Kind) throws -> StateMachine {
        if let known = services.workflows.values.first(where: { $0.text == definition && $0.machine.kind == kind }) {
            return known.machine
        }
        if let known = machines.withLock({ $0[definition] }) { return known }
        do throws(DefinitionError) {
            let machine = try StateMachine(parsing: definition, kind: kind)
            machines.withLock { $0[definition] = machine }
            return machine
        } catch {
            throw IngotError(.executionUnreadable, "the definition of an execution is refused", cause: error.message)
        }
    }

    // MARK: From outside

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

    /// Answers a task that waits for its token.
    public func answer(_ input: ExecutionInput) async throws {
        guard let token = input.token, let execution = try await services.store.execution(waitingFor: token) else {
            throw IngotError(.unknownExecution, "no execution waits for that token")
        }
        try await services.store.post(input.json.text(), to: execution)
    }

    // MARK: Tasks

    /// Who does a task.
    func handler(of request: TaskRequest) -> (any TaskHandler)? {
        switch services.tasks.performer(of: request) {
        case .handler(let handler): handler
        case .workflow(let name): ChildExecution(driver: self, workflow: name)
        case nil: nil
        }
    }
}
