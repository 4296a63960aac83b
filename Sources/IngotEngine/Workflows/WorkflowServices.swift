public import IngotCore
public import StatesLanguage

/// Everything outside itself that the driver of workflows works with.
public struct WorkflowServices: Sendable {
    /// The executions.
    public var store: any ExecutionStore
    /// The workflows that can be started, by name: each with its definition as JSON.
    public var workflows: [String: WorkflowDefinition]
    /// Who does tasks.
    public var tasks: any TaskDirectory
    /// What Map states read and write.
    public var items: any ItemStorage
    /// This process, as leases name it.
    public var owner: LeaseOwner
    /// Whether the process that holds a lease still lives.
    public var isAlive: @Sendable (LeaseOwner) -> Bool
    /// Time and randomness.
    public var clock: IngotClock
    /// Waits for a moment.
    public var sleep: @Sendable (_ deadline: Timestamp) async throws -> Void
    /// How often it is looked whether another process has committed anything.
    public var pollInterval: Duration = .milliseconds(50)
    /// Is told what becomes of executions.
    public var tell: @Sendable (ServiceEvent) -> Void = { _ in }
    /// How many tasks of all executions run at once.
    public var taskCountMax: Int
    /// How many executions a service drives at once, those that only wait included.
    public var executionCountMax = 1000

    /// Gathers services.
    public init(
        store: any ExecutionStore,
        workflows: [String: WorkflowDefinition],
        tasks: any TaskDirectory,
        items: any ItemStorage,
        owner: LeaseOwner,
        isAlive: @escaping @Sendable (LeaseOwner) -> Bool,
        clock: IngotClock = .system,
        sleep: (@Sendable (Timestamp) async throws -> Void)? = nil,
        taskCountMax: Int = 8
    ) {
        self.store = store
        self.workflows = workflows
        self.tasks = tasks
        self.items = items
        self.owner = owner
        self.isAlive = isAlive
        self.clock = clock
        self.sleep = sleep ?? { try await Self.sleep(until: $0, clock) }
        self.taskCountMax = taskCountMax
    }

    /// The time of the clock.
    var now: Timestamp {
        Timestamp(nanosecondsSinceEpoch: clock.now())
    }

    /// Sleeps in pieces, because the wall clock may be set, or the machine sleep, meanwhile.
    private static func sleep(until deadline: Timestamp, _ clock: IngotClock) async throws {
        while true {
            let left = deadline.milliseconds - clock.now() / 1_000_000
            guard left > 0 else { return }
            try await Task.sleep(for: .milliseconds(min(left, 30_000)))
        }
    }
}

/// A workflow that can be started.
public struct WorkflowDefinition: Sendable {
    /// The definition as JSON.
    public var text: String
    /// The definition, compiled.
    public var machine: StateMachine

    /// Joins a definition's text and what was compiled from it.
    public init(text: String, machine: StateMachine) {
        self.text = text
        self.machine = machine
    }
}

extension Timestamp {
    /// A moment from nanoseconds since 1970 UTC.
    package init(nanosecondsSinceEpoch nanoseconds: Int64) {
        self.init(milliseconds: nanoseconds / 1_000_000)
    }

    /// Nanoseconds since 1970 UTC, to the millisecond.
    package var nanosecondsSinceEpoch: Int64 {
        milliseconds.multipliedReportingOverflow(by: 1_000_000).partialValue
    }
}
