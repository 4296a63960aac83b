public import IngotCore
public import JSONTree
import StatesLanguage
import Synchronization

/// Starts executions of workflows and drives them.
public final class WorkflowDriver: Sendable {
    let services: WorkflowServices
    let slots: TaskSlots
    /// Where the kept executions that are driven just now hear of things.
    let mailboxes = Mutex<[Int64: ExecutionMailbox]>([:])
    let standing = Mutex(Standing())
    /// Rings for those who wait for an execution that this process drives.
    let ends = EndAlarms()
    /// Rings when there may be something to drive.
    let work = Alarm()
    private let machines = Mutex<[String: StateMachine]>([:])
    /// How long somebody who waits for an execution of another process looks away at most.
    private static let pauseMax = Duration.seconds(2)
    /// How many bytes the text of an execution's input may have, as on the service.
    static let inputSizeMax = ExecutionOptions().dataSizeMax

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
        try await drive(execution.id, in: store, kind: .express, mayRest: false)
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
        if deliversMessages { return try await driveToEnd(id) }
        return try await withThrowingTaskGroup(of: StoredExecution?.self) { group in
            defer { group.cancelAll() }
            group.addTask { [self] in
                try await deliverMessages()
                return nil
            }
            group.addTask { [self] in try await driveToEnd(id) }
            while let ended = try await group.next() {
                if let ended { return ended }
            }
            throw CancellationError()
        }
    }

    /// Drives an execution to its end, or waits for it, where somebody looks for messages to all that are driven.
    func driveToEnd(_ id: Int64) async throws -> StoredExecution {
        let alarm = ends.alarm(for: id)
        defer { ends.putAway(alarm, for: id) }
        let start = ContinuousClock.now
        while true {
            guard let execution = try await services.store.execution(id: id) else {
                throw IngotError(.unknownExecution, "there is no execution \(id)")
            }
            guard execution.status == .running else { return execution }
            // What this one waits for goes on in the next process, and so does this one.
            guard !isDraining else { throw CancellationError() }
            var isElsewhere = execution.driver.map(services.isAlive) ?? false
            if !isElsewhere {
                isElsewhere = try await !drive(id, in: services.store, kind: .standard, mayRest: false)
            }
            if isElsewhere {
                // An end in this process rings. For that in another one, who has waited long looks rarely.
                let pause = max(services.pollInterval, min(start.duration(to: .now) / 10, Self.pauseMax))
                await alarm.wait(atMost: pause.nanoseconds)
                try Task.checkCancellation()
            }
        }
    }

    /// Drives an execution; `false` where another process does.
    ///
    /// One that may rest is left where it only waits, and others wait to be driven.
    @discardableResult
    func drive(
        _ id: Int64,
        in store: any ExecutionStore,
        kind: StateMachine.Kind,
        mayRest: Bool
    ) async throws -> Bool {
        guard let lease = try await store.leaseExecution(id, owner: services.owner, isAlive: services.isAlive) else {
            return false
        }
        defer { if kind == .standard { ends.ring(for: id) } }
        let drive: Drive
        do {
            drive = try await self.drive(lease, in: store, kind: kind, mayRest: mayRest)
        } catch {
            try? await store.release(lease)
            throw error
        }
        if let moment = drive.rest {
            try await store.rest(lease, until: moment)
        } else {
            try await store.release(lease)
        }
        for token in drive.abandoned { await endChildren(of: token) }
        return true
    }

    /// What is to be done when an execution is left.
    private struct Drive {
        /// Until when it rests, if it does.
        var rest: Int64??
        /// The tasks that left executions behind which are to stop.
        var abandoned: [String] = []
    }

    /// Stops the executions that a cancelled task started and that still run.
    ///
    /// They were told so when it was cancelled, but for one that the task was just starting. Where nobody else drives
    /// one of them, it is driven here to its end.
    private func endChildren(of token: String) async {
        let filter = ExecutionFilter(statuses: [.running], parent: token)
        do {
            for child in try await services.store.executions(matching: filter) {
                try await services.store.post(ExecutionInput.parentEnded.json.text(), to: child.id)
                try await drive(child.id, in: services.store, kind: .standard, mayRest: false)
            }
        } catch {
            guard !Task.isCancelled else { return }
            services.tell(.failed(work: "stopping what a cancelled task had started", error: "\(error)"))
        }
    }

    private func drive(
        _ lease: ExecutionLease,
        in store: any ExecutionStore,
        kind: StateMachine.Kind,
        mayRest: Bool
    ) async throws -> Drive {
        // Only who holds the lease knows how the execution stands.
        guard let execution = try await store.execution(id: lease.execution), execution.status == .running,
            let definition = try await store.definition(of: lease.execution)
        else { return Drive() }
        do {
            let machine = try machine(of: execution, definition, kind)
            let run = ExecutionRun(self, execution, machine: machine, store: store, lease: lease, mayRest: mayRest)
            if kind == .standard { mailboxes.withLock { $0[execution.id] = run.mailbox } }
            defer { if kind == .standard { mailboxes.withLock { $0[execution.id] = nil } } }
            let departure = try await run.run()
            var drive = Drive(abandoned: await run.abandoned)
            switch departure {
            case .ended(let ended): services.tell(.executionEnded(ended))
            case .left: break
            case .resting(let moment): drive.rest = .some(moment)
            }
            return drive
        } catch let error as IngotError where error.code == .executionUnreadable {
            guard let ended = try await stopUnread(execution, store, lease) else { throw error }
            services.tell(.executionEnded(ended))
            return Drive()
        }
    }

    /// The machine that an execution was started with.
    private func machine(
        of execution: StoredExecution,
        _ definition: String,
        _ kind: StateMachine.Kind
    ) throws -> StateMachine {
        guard execution.interpreter == Execution.journalVersion else {
            throw IngotError(
                .executionUnreadable,
                "the journal of \(execution.workflow):\(execution.name) is of version \(execution.interpreter), and this "
                    + "is version \(Execution.journalVersion)"
            )
        }
        return try machine(definition, kind)
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

    // MARK: Tasks

    /// Whether a task waits for the end of an execution that it starts.
    func waitsForChild(_ request: TaskRequest) -> Bool {
        guard case .workflow = services.tasks.performer(of: request) else { return false }
        return ChildExecution.isAwaited(by: request)
    }

    /// Who does a task.
    func handler(of request: TaskRequest) -> (any TaskHandler)? {
        switch services.tasks.performer(of: request) {
        case .handler(let handler): handler
        case .workflow(let name): ChildExecution(driver: self, workflow: name)
        case nil: nil
        }
    }
}
