import IngotCore
import IngotEngine
import JSONTree
import StatesLanguage
import Synchronization

/// The world around executions in tests: a clock that jumps, and tasks that are answered at once by mocks.
final class WorkflowWorld: Sendable {
    private struct State {
        var now: Timestamp
        var callCounts: [String: Int] = [:]
        /// What each token was answered: who is asked again with it gives the same answer.
        var answers: [String: TaskMock] = [:]
        var performed: [String: Int] = [:]
        var hanging: Set<String> = []
    }

    let simulator: Simulator
    /// Whether interrupted tasks are taken up again.
    let isResumable: Bool
    private let state: Mutex<State>

    init(_ simulator: Simulator, isResumable: Bool = true) {
        self.simulator = simulator
        self.isResumable = isResumable
        state = Mutex(State(now: simulator.startTime))
    }

    /// How often each task was done, by token.
    var performed: [String: Int] {
        state.withLock { $0.performed }
    }

    /// The driver of a process with this number; all processes before it are dead.
    func driver(of dying: DyingProcess, definition: JSON, process: Int32) -> WorkflowDriver {
        WorkflowDriver(
            WorkflowServices(
                store: dying.makeStore(),
                workflows: ["machine": WorkflowDefinition(text: definition.text(), machine: simulator.machine)],
                tasks: Tasks(world: self),
                items: Items(simulator: simulator),
                owner: LeaseOwner(host: "test", process: process, start: "0"),
                isAlive: { $0.process >= process },
                clock: IngotClock(now: { [self] in now.milliseconds * 1_000_000 }, random: { 7 }),
                sleep: { [self] deadline in try await jump(to: deadline, dying) }
            )
        )
    }

    private var now: Timestamp {
        state.withLock { $0.now }
    }

    /// Time passes only when every task that was started has been answered, or never will be.
    private func jump(to deadline: Timestamp, _ dying: DyingProcess) async throws {
        for _ in 0..<1000 {
            let hanging = state.withLock { $0.hanging }
            if dying.unanswered.isSubset(of: hanging) { break }
            try await Task.sleep(for: .milliseconds(1))
        }
        try Task.checkCancellation()
        state.withLock { $0.now = max($0.now, deadline) }
    }

    fileprivate func answer(_ request: TaskRequest) -> TaskMock {
        state.withLock { state in
            state.performed[request.token, default: 0] += 1
            if let known = state.answers[request.token] { return known }
            let resource = request.resource.text
            let call = state.callCounts[resource, default: 0]
            state.callCounts[resource] = call + 1
            let mock = simulator.mocks[resource]?.answer(to: request.input, call: call) ?? .hang
            state.answers[request.token] = mock
            if mock == .hang { state.hanging.insert(request.token) }
            return mock
        }
    }

    private struct Tasks: TaskDirectory {
        let world: WorkflowWorld

        func performer(of request: TaskRequest) -> TaskPerformer? {
            .handler(Handler(world: world))
        }
    }

    private struct Handler: TaskHandler {
        let world: WorkflowWorld

        var isResumable: Bool { world.isResumable }

        func perform(_ task: WorkflowTask) async throws -> JSON {
            switch world.answer(task.request) {
            case .echo: return task.request.input
            case .result(let value): return value
            case .failure(let error, let cause):
                throw TaskFailure(error: error ?? "States.TaskFailed", cause: cause ?? "")
            case .hang, .match, .sequence:
                try await Task.sleep(for: .seconds(3600))
                throw CancellationError()
            }
        }
    }

    private struct Items: ItemStorage {
        let simulator: Simulator

        func items(_ request: ItemRequest) async throws -> ItemPage {
            switch simulator.read(request) {
            case .itemsRead(_, let items, _): return ItemPage(items: items, continuation: nil)
            case .itemsFailed(_, _, let cause): throw ItemReadingError(message: cause ?? "")
            default: throw ItemReadingError(message: "no items")
            }
        }

        func write(_ request: ResultRequest) async throws {}
    }
}
