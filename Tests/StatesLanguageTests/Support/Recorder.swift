import JSONTree
import StatesLanguage

/// Drives an execution by hand, and keeps everything that comes out of it.
final class Recorder {
    let execution: Execution
    private(set) var events: [HistoryEvent] = []
    private(set) var actions: [ExecutionAction] = []
    var now = Timestamp(seconds: 1_000_000)

    init(_ definition: String, options: ExecutionOptions = .init(), input: JSON = [:]) throws {
        let machine = try StateMachine(parsing: definition)
        let identity = ExecutionIdentity(name: "run", machineName: "machine")
        execution = Execution(machine: machine, identity: identity, options: options)
        send(.start(input: input))
    }

    /// Sends an input some seconds later and goes on as far as possible; answers the new actions.
    @discardableResult
    func send(_ input: ExecutionInput, after seconds: Double = 0) -> [ExecutionAction] {
        now = now.adding(seconds: seconds)
        execution.send(input, at: now)
        var new: [ExecutionAction] = []
        while true {
            let step = execution.step(eventCountMax: 3)
            events += step.events
            new += step.actions
            if step.isIdle { break }
        }
        actions += new
        return new
    }

    var types: [String] {
        events.map(\.type)
    }

    /// The tasks that were asked for, in order.
    var tasks: [TaskRequest] {
        actions.compactMap { action in
            guard case .scheduleTask(let request) = action else { return nil }
            return request
        }
    }

    /// The last moment at which the execution asked to be woken.
    var wakeUp: Timestamp? {
        actions.reversed().lazy.compactMap { action in
            guard case .setTimer(let deadline) = action else { return nil }
            return deadline
        }.first
    }

    /// Lets time pass until the execution asked to be woken.
    @discardableResult
    func wake() -> [ExecutionAction] {
        guard let wakeUp else { return [] }
        now = max(now, wakeUp)
        return send(.timePassed)
    }
}
