import IngotCore
import IngotProject

@testable import IngotEngine

/// What one process runs, and what its worker is to do next; only the simulation itself touches it.
final class SimulatedService {
    let process: SimulatedProcess
    let worker: PipelineWorker
    let intake: ArrivalIntake
    let services: EngineServices
    private(set) var action: WorkerMachine.Action
    private var machine: WorkerMachine

    init(_ number: Int, of pipeline: Pipeline, _ project: Project, _ policy: WorkerPolicy, in world: SimulatedWorld) {
        process = SimulatedProcess(number, in: world)
        services = process.services(project)
        worker = PipelineWorker(
            services: services,
            pipeline: pipeline,
            loader: SimulatedLoader(process: process, services: services),
            policy: policy,
            arrival: Alarm(),
            stop: StopSignal(),
            modelsDue: Alarm(),
            tell: { _ in }
        )
        intake = ArrivalIntake(
            services: services,
            pipeline: pipeline,
            listingDue: Alarm(),
            arrival: Alarm(),
            tell: { _ in }
        )
        machine = WorkerMachine(policy)
        action = machine.handle(.started, now: world.now, chance: 0.5)
    }

    /// The messages that the worker holds.
    var held: [MessageReceipt] { machine.held }

    /// Asks the worker to end.
    func stop() {
        machine.stop()
    }

    /// Tells the worker's machine how the last action went, and learns the next.
    func proceed(after event: WorkerMachine.Event) {
        action = machine.handle(event, now: process.world.now, chance: 0.5)
    }
}
