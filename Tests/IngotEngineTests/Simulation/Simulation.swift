import IngotCore
import IngotProject

@testable import IngotEngine

/// One history of a service: processes that come, crash and hang, files that come and change, events that are lost,
/// doubled and late, a clock that jumps; all from one seed.
final class Simulation {
    private static let steps = 400
    private static let settlingRoundsMax = 6_000
    private static let keys = (0..<12).map { "f\($0).csv" }

    /// A process with its worker, and what the worker is to do next.
    private struct Running {
        var process: SimulatedProcess
        var worker: PipelineWorker
        var intake: ArrivalIntake
        var machine: WorkerMachine
        var action: WorkerMachine.Action
        var services: EngineServices
    }

    let world: SimulatedWorld
    private let project: Project
    private let pipeline: Pipeline
    private let policy = WorkerPolicy(filesMax: 5, delay: 50_000_000, attemptsMax: 5, visibility: 30_000_000_000)
    private var processes: [Running] = []
    private var lastProcess = 0
    private var events: [String] = []

    init(seed: UInt64, bug: SimulatedWorld.PlantedBug? = nil) throws {
        world = SimulatedWorld(seed: seed, bug: bug)
        let files = InMemoryProjectFiles([
            "ingot.yml": "name: simulation\n",
            "pipelines/p.yml": """
            pipeline: p
            source: {path: /source, format: csv}
            columns: [{name: id, data_type: bigint}]
            silver: {table: silver.t}

            """,
        ])
        project = try Project.load(directory: "/project", files: files).project
        pipeline = project.pipelines[0]
    }

    /// Plays the history, lets everything settle without further faults, and says what is wrong.
    func run() async throws -> [String] {
        _ = try await world.state.createNamespace("silver", properties: [:])
        world.setFaults(failing: 0.02, crashing: 0.004)
        for _ in 0..<Self.steps { await step() }
        // Nothing in a history waits, and other tests want the threads, too.
        await Task.yield()
        world.setFaults(failing: 0, crashing: 0)
        for key in world.files.keys.sorted() { world.finishWriting(key) }
        if world.chance(0.5) {
            for running in processes { running.process.kill() }
            processes = []
        }
        guard try await settle() else { return try await world.violations + ["it does not settle"] + unsettled() }
        return try await world.violations + findings()
    }

    // MARK: The history

    private func step() async {
        switch world.random(0..<100) {
        case 0..<12: changeSource()
        case 12..<24: await deliverEvent()
        case 24..<28: world.advance(by: Int64(world.random(-2_000..<40_000)) * 1_000_000)
        case 28..<31: await list()
        case 31..<34: await recover()
        case 34..<38: if processes.count < 3 { start() }
        case 38..<39: stopOne()
        default: await work()
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

    private func deliverEvent() async {
        guard !events.isEmpty, let running = oneProcess() else { return }
        let key = events.remove(at: world.random(0..<events.count))
        try? await running.intake.passOn(.files([key]), SourcePatterns(pipeline.source))
        bury()
    }

    private func list() async {
        guard let running = oneProcess() else { return }
        try? await running.intake.listOnce()
        bury()
    }

    private func recover() async {
        guard let running = oneProcess() else { return }
        world.suspect(world.chance(0.2) ? oneProcess()?.process.owner.process : nil)
        defer { world.suspect(nil) }
        _ = try? await AbandonedWork(services: running.services, source: "p").takeBack()
        bury()
    }

    private func stopOne() {
        guard !processes.isEmpty else { return }
        processes[world.random(0..<processes.count)].machine.stop()
    }

    /// Lets one worker do what it is to do.
    private func work() async {
        guard !processes.isEmpty else { return }
        let index = world.random(0..<processes.count)
        let running = processes[index]
        var event = WorkerMachine.Event.waited
        switch running.action {
        case .stop:
            running.process.kill()
            return bury()
        case .wait(let end, let isEndedByArrival):
            guard world.now >= end || (isEndedByArrival && world.chance(0.5)) else { return }
        default: event = await running.worker.perform(running.action)
        }
        guard !running.process.isDead else { return bury() }
        processes[index].action = processes[index].machine.handle(event, now: world.now, chance: 0.5)
    }

    private func oneProcess() -> Running? {
        processes.isEmpty ? nil : processes[world.random(0..<processes.count)]
    }

    /// Removes processes that crashed.
    private func bury() {
        processes.removeAll { $0.process.isDead }
    }

    private func start() {
        lastProcess += 1
        let process = SimulatedProcess(lastProcess, in: world)
        let services = process.services(project) { [world] in world.isAlive($0) }
        var machine = WorkerMachine(policy)
        let action = machine.handle(.started, now: world.now, chance: 0.5)
        let worker = PipelineWorker(
            services: services,
            pipeline: pipeline,
            loader: SimulatedLoader(process: process, services: services),
            policy: policy,
            arrival: Alarm(),
            stop: StopSignal(),
            modelsDue: Alarm(),
            tell: { _ in }
        )
        let intake = ArrivalIntake(
            services: services,
            pipeline: pipeline,
            listingDue: Alarm(),
            arrival: Alarm(),
            tell: { _ in }
        )
        processes.append(
            Running(
                process: process,
                worker: worker,
                intake: intake,
                machine: machine,
                action: action,
                services: services
            )
        )
    }

    // MARK: The end

    /// Lets the processes work without faults until nothing is left to do, and says whether they get there.
    private func settle() async throws -> Bool {
        for round in 0..<Self.settlingRoundsMax {
            if round % 20 == 0 { await Task.yield() }
            if processes.isEmpty { start() }
            if round % 10 == 0, let running = oneProcess() {
                _ = try? await AbandonedWork(services: running.services, source: "p").takeBack()
                try? await running.intake.listOnce()
                let depth = try await world.state.depth(of: "p", now: world.now)
                if depth.waiting + depth.held == 0 { return true }
                world.advance(by: 5_000_000_000)
            }
            world.advance(by: 300_000_000)
            await work()
        }
        return false
    }

    /// What is left to do.
    private func unsettled() async throws -> [String] {
        let depth = try await world.state.depth(of: "p", now: world.now)
        let open = try await world.state.entries(
            matching: LedgerFilter(source: "p", states: [.seen, .leased, .failed])
        )
        let dead = try await world.state.deadLetters(of: "p", after: nil, limit: 100)
        return ["\(depth)", "\(processes.map(\.action))"] + open.map { "\($0)" } + dead.map { "\($0)" }
    }

    /// What is not as it must be when everything is settled.
    private func findings() async throws -> [String] {
        var findings: [String] = []
        let rows = world.rows(at: try await world.state.pointer(namespace: "silver", table: "t"))
        let entries = try await world.state.entries(matching: LedgerFilter(source: "p"))
        let dead = Set(try await world.state.deadLetters(of: "p", after: nil, limit: 100_000).map(\.group))
        for (key, file) in world.files.sorted(by: { $0.key < $1.key }) {
            let own = rows.filter { $0.key == key }
            if own.count > 1 { findings.append("\(key) has the rows \(own)") }
            let isLoaded = own.contains { $0.content == file.content }
            if !isLoaded, !dead.contains(key) { findings.append("\(key) is lost: \(file), rows \(own)") }
            if isLoaded, SimulatedWorld.nature(of: file.content) != .good { findings.append("\(key) cannot be loaded") }
        }
        let loaded = entries.filter { $0.state == .loaded }
        let expected = loaded.map { SimulatedWorld.Row(key: $0.object.key, content: Int($0.object.version) ?? 0) }
        if Set(expected) != Set(rows) || expected.count != rows.count {
            findings.append("the ledger has \(expected), the table \(rows)")
        }
        if entries.contains(where: { $0.state == .leased }) { findings.append("an object is still held") }
        if loaded.contains(where: { $0.counts != RowCounts(read: 1, silver: 1) }) {
            findings.append("rows are not counted")
        }
        for entry in entries where entry.state == .seen && !dead.contains(entry.object.key) {
            findings.append("\(entry.object) waits for ever")
        }
        return findings
    }
}
