import IngotCore
import IngotProject

@testable import IngotEngine

/// One history of a service: processes that come, crash and hang, files that come and change, events that are lost,
/// doubled and late, a clock that jumps; all from one seed.
///
/// Processes, and what a process does at once, are interleaved at each call of the state, the source and bronze.
final class Simulation {
    private static let steps = 1_200
    private static let settlingRoundsMax = 6_000
    private static let keys = (0..<12).map { "f\($0).csv" }

    let world: SimulatedWorld
    private let project: Project
    private let pipeline: Pipeline
    private let policy = WorkerPolicy(filesMax: 5, delay: 50_000_000, attemptsMax: 5, visibility: 30_000_000_000)
    private var services: [SimulatedService] = []
    private var lastProcess = 0
    private var events: [String] = []

    init(seed: UInt64, bug: SimulatedWorld.PlantedBug? = nil, _ project: Project) {
        world = SimulatedWorld(seed: seed, bug: bug)
        self.project = project
        pipeline = project.pipelines[0]
    }

    /// The project whose pipeline the histories serve.
    static func makeProject() throws -> Project {
        let files = InMemoryProjectFiles([
            "ingot.yml": "name: simulation\n",
            "pipelines/p.yml": """
            pipeline: p
            source: {path: /source, format: csv}
            columns: [{name: id, data_type: bigint}]
            silver: {table: silver.t}

            """,
        ])
        return try Project.load(directory: "/project", files: files).project
    }

    /// Plays the history, lets everything settle without further faults, and says what is wrong.
    func run() async throws -> [String] {
        for name in [SimulatedLoader.silver, SimulatedLoader.quarantine] {
            _ = try await world.state.createNamespace(name, properties: [:])
        }
        let isSettled = try await withThrowingDiscardingTaskGroup { group in
            world.setFaults(failing: 0.02, crashing: 0.002)
            for _ in 0..<Self.steps { await step(&group) }
            world.setFaults(failing: 0, crashing: 0)
            world.suspect(nil)
            for key in world.files.keys.sorted() { world.finishWriting(key) }
            if world.chance(0.5) { killAll() }
            let isSettled = try await settle(&group)
            killAll()
            await finishTurns()
            return isSettled
        }
        return try await world.violations + (isSettled ? findings() : ["it does not settle"] + unsettled())
    }

    /// What the workers are to do next.
    var actions: [WorkerMachine.Action] { services.map(\.action) }

    // MARK: The history

    private typealias Jobs = ThrowingDiscardingTaskGroup<any Error>

    private func step(_ group: inout Jobs) async {
        switch world.random(0..<300) {
        case 0..<12: changeSource()
        case 12..<24: await deliverEvent(&group)
        case 24..<28: world.advance(by: Int64(world.random(0..<40_000)) * 1_000_000)
        case 53: if world.chance(0.2) { world.advance(by: -Int64(world.random(0..<100)) * 1_000_000_000) }
        case 28..<31: if let service = oneService() { await list(service, &group) }
        case 31..<35: if let service = oneService() { await recover(service, &group) }
        case 35..<39: if services.count < 3 { start() }
        case 39: oneService()?.stop()
        case 40..<43: world.suspect(oneService()?.process.owner.process)
        case 54: if let service = oneService() { await replay(service, &group) }
        case 55: if let service = oneService() { await undo(service, &group) }
        case 43..<53: if let service = oneService() { await beat(service, &group) }
        default: await turn(&group)
        }
    }

    private func changeSource() {
        let key = Self.keys[world.random(0..<Self.keys.count)]
        switch world.random(0..<10) {
        case 0: world.remove(key)
        case 1: world.write(key, isBeingWritten: true)
        case 2: world.finishWriting(key)
        default: world.write(key, isBeingWritten: false)
        }
        // Some events are lost, some come twice.
        for _ in 0..<(world.chance(0.2) ? 0 : world.chance(0.2) ? 2 : 1) { events.append(key) }
    }

    private func deliverEvent(_ group: inout Jobs) async {
        guard !events.isEmpty, let service = oneService() else { return }
        let (intake, patterns) = (service.intake, SourcePatterns(pipeline.source))
        let key = events.remove(at: world.random(0..<events.count))
        await start(.event, of: service, &group) { try? await intake.passOn(.files([key]), patterns) }
    }

    private func list(_ service: SimulatedService, _ group: inout Jobs) async {
        let intake = service.intake
        await start(.listing, of: service, &group) { _ = try? await intake.listOnce() }
    }

    private func recover(_ service: SimulatedService, _ group: inout Jobs) async {
        let work = AbandonedWork(services: service.services, source: "p")
        await start(.recovery, of: service, &group) { _ = try? await work.takeBack() }
    }

    private func beat(_ service: SimulatedService, _ group: inout Jobs) async {
        let (worker, held) = (service.worker, service.held)
        guard !held.isEmpty else { return }
        await start(.heartbeat, of: service, &group) { await worker.beat(held) }
    }

    /// Lets some objects be loaded again; the process may end in the middle of it.
    private func replay(_ service: SimulatedService, _ group: inout Jobs) async {
        let replay = Replay(services: service.services, pipeline: pipeline, mode: .requeue)
        let services = service.services
        let first = world.random(0..<4)
        await start(.replay, of: service, &group) {
            let filter = LedgerFilter(source: "p", states: [.seen, .loaded, .failed])
            guard let all = try? await services.state.entries(matching: filter) else { return }
            let chosen = all.enumerated().filter { $0.offset % 4 == first && !$0.element.isUndone }.map(\.element)
            _ = try? await replay.replay(chosen, isDryRun: false)
        }
    }

    /// Lets an object be taken out, as a command does that is ended before it has done so itself.
    private func undo(_ service: SimulatedService, _ group: inout Jobs) async {
        let services = service.services
        let place = world.random(0..<1_000)
        await start(.undo, of: service, &group) {
            let filter = LedgerFilter(source: "p", states: [.seen, .loaded, .failed])
            guard let all = try? await services.state.entries(matching: filter), !all.isEmpty else { return }
            _ = try? await services.state.undo(all[place % all.count].id)
        }
    }

    /// Starts something in a process, which then waits for its turns.
    private func start(
        _ job: SimulatedProcess.Job,
        of service: SimulatedService,
        _ group: inout Jobs,
        _ body: @escaping @Sendable () async -> Void
    ) async {
        let (process, turns) = (service.process, world.turns)
        guard process.begin(job) else { return }
        turns.begin()
        group.addTask {
            await body()
            process.end(job)
            turns.end()
        }
        await turns.rest()
    }

    /// Gives a turn to something that is under way, or to a worker that has something to do.
    private func turn(_ group: inout Jobs) async {
        let waiting = world.turns.waitingCount
        guard waiting + services.count > 0 else { return }
        let index = world.random(0..<(waiting + services.count))
        if index < waiting {
            await world.turns.give(to: index)
        } else {
            await work(services[index - waiting], &group)
        }
        bury()
    }

    /// Lets a worker begin what it is to do, unless it does so already.
    private func work(_ service: SimulatedService, _ group: inout Jobs) async {
        let (worker, process, action) = (service.worker, service.process, service.action)
        switch action {
        case .stop: process.kill()
        case .wait(let end, let isEndedByArrival):
            guard world.now >= end || (isEndedByArrival && world.chance(0.5)) else { return }
            service.proceed(after: .waited)
        default:
            await start(.action, of: service, &group) { process.note(await worker.perform(action)) }
        }
    }

    private func oneService() -> SimulatedService? {
        services.isEmpty ? nil : services[world.random(0..<services.count)]
    }

    /// Removes processes that ended, and tells workers how their actions went.
    private func bury() {
        services.removeAll { $0.process.isDead }
        for service in services {
            if let outcome = service.process.takeOutcome() { service.proceed(after: outcome) }
        }
    }

    private func start() {
        lastProcess += 1
        services.append(SimulatedService(lastProcess, of: pipeline, project, policy, in: world))
    }

    // MARK: The end

    private func killAll() {
        for service in services { service.process.kill() }
        services = []
    }

    /// Lets everything that is under way go on until it ends.
    private func finishTurns() async {
        while world.turns.waitingCount > 0 {
            await world.turns.give(to: world.random(0..<world.turns.waitingCount))
            bury()
        }
    }

    /// Lets the processes work without faults until nothing is left to do, and says whether they get there.
    private func settle(_ group: inout Jobs) async throws -> Bool {
        for round in 0..<Self.settlingRoundsMax {
            await finishTurns()
            if services.isEmpty { start() }
            if round % 10 == 0, let service = oneService() {
                await recover(service, &group)
                await list(service, &group)
                await finishTurns()
                let depth = try await world.state.depth(of: "p", now: world.now)
                if depth.waiting + depth.held == 0 { return true }
                world.advance(by: 5_000_000_000)
            }
            world.advance(by: 300_000_000)
            if let service = oneService() { await work(service, &group) }
            bury()
        }
        return false
    }
}
