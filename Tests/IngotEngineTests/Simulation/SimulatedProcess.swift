import IngotCore
import IngotProject
import Synchronization

@testable import IngotEngine

/// A process that serves: the production worker and intake, on ports that fail and crash.
final class SimulatedProcess: Sendable {
    /// What a process does beside other things.
    enum Job: Sendable, Hashable {
        case action, event, listing, recovery, heartbeat, replay, undo
    }

    private struct State {
        var isDead = false
        var underWay: Set<Job> = []
        var outcome: WorkerMachine.Event?
    }

    let world: SimulatedWorld
    let owner: LeaseOwner
    private let state = Mutex(State())

    init(_ number: Int, in world: SimulatedWorld) {
        self.world = world
        owner = LeaseOwner(host: "sim", process: Int32(number), start: "\(number)")
        world.setAlive(owner.process, true)
    }

    var isDead: Bool { state.withLock { $0.isDead } }

    /// Ends the process.
    func kill() {
        state.withLock { $0.isDead = true }
        world.setAlive(owner.process, false)
    }

    /// Notes that something begins, and says whether it may: each job is done once at a time.
    func begin(_ job: Job) -> Bool {
        state.withLock { $0.underWay.insert(job).inserted }
    }

    /// Notes that something has ended.
    func end(_ job: Job) {
        state.withLock { _ = $0.underWay.remove(job) }
    }

    /// Notes how the worker's action went.
    func note(_ outcome: WorkerMachine.Event) {
        state.withLock { $0.outcome = outcome }
    }

    /// How the worker's last action went, once.
    func takeOutcome() -> WorkerMachine.Event? {
        state.withLock { state in
            defer { state.outcome = nil }
            return state.outcome
        }
    }

    /// Waits for a turn; then the process may crash, or what it asks for may fail.
    func point() async throws {
        if !isDead { await world.turns.take() }
        try mayCrash()
        if world.chance(world.faultProbability) {
            throw IngotError(.stateUnusable, "a fault of the simulation", isRetryable: true)
        }
    }

    /// A point at which the process may crash.
    func mayCrash() throws {
        if isDead { throw SimulatedWorld.Crash() }
        if world.chance(world.crashProbability) {
            kill()
            throw SimulatedWorld.Crash()
        }
    }

    /// Does something between two such points.
    func guarding<R>(_ body: () async throws -> R) async throws -> R {
        try await point()
        let result = try await body()
        try mayCrash()
        return result
    }

    /// The services of the process.
    func services(_ project: Project) -> EngineServices {
        EngineServices(
            project: project,
            state: SimulatedState(process: self),
            storage: NoStorage(),
            bronze: SimulatedBronze(process: self),
            arrivals: SimulatedSource(process: self),
            resolve: { $0.description },
            scratch: "/none",
            owner: owner,
            isAlive: { [world, owner] in $0 == owner || world.isAlive($0) },
            clock: world.clock
        )
    }
}

/// The source as a process sees it.
struct SimulatedSource: ArrivalSource {
    let process: SimulatedProcess

    func files(under root: String) -> AsyncThrowingStream<ArrivalPage, any Error> {
        let isDue = Mutex(true)
        return AsyncThrowingStream {
            let isFirst = isDue.withLock { isDue in
                defer { isDue = false }
                return isDue
            }
            guard isFirst else { return nil }
            try await process.point()
            let files = process.world.files.sorted { $0.key < $1.key }
            return ArrivalPage(files: files.map { Self.file($0.key, $0.value) })
        }
    }

    func looks(at keys: [String], under root: String) async throws -> [String: ArrivalLook] {
        try await process.point()
        let files = process.world.files
        return Dictionary(
            keys.map { key in
                guard let file = files[key] else { return (key, .gone) }
                return (key, file.isBeingWritten ? .unfinished : .file(Self.file(key, file)))
            },
            uniquingKeysWith: { $1 }
        )
    }

    func location(of key: String, under root: String) async throws -> String { "/source/\(key)" }

    private static func file(_ key: String, _ file: SimulatedWorld.File) -> SourceFile {
        SourceFile(
            key: key,
            location: "/source/\(key)",
            entityTag: "tag-\(file.content)",
            size: 10,
            modified: file.modified
        )
    }
}

/// Bronze as a process sees it.
struct SimulatedBronze: BronzeStore {
    let process: SimulatedProcess

    func keep(_ objects: [SourceFile], source: String, date: String) async throws -> [Result<KeptObject, any Error>] {
        var kept: [Result<KeptObject, any Error>] = []
        for object in objects {
            try await process.point()
            guard let file = process.world.files[object.key] else {
                kept.append(.failure(IngotError(.objectNotFound, "it is gone")))
                continue
            }
            let location = "/bronze/\(object.key)~\(file.content)"
            if process.world.bug != .registersBeforeBronze { process.world.keepInBronze(location) }
            kept.append(
                .success(
                    KeptObject(
                        version: "\(file.content)",
                        location: location,
                        entityTag: process.world.chance(0.2) ? nil : "tag-\(file.content)",
                        size: 10,
                        modified: file.modified
                    )
                )
            )
        }
        try process.mayCrash()
        return kept
    }

    func prefix(of location: String, size: Int) async throws -> [UInt8] { [] }
    func copies(of source: String, before date: String?) -> AsyncThrowingStream<[BronzeCopy], any Error> {
        AsyncThrowingStream { $0.finish() }
    }
    func version(of location: String) async throws -> String { "" }
    func delete(_ locations: [String]) async throws {}

    func putBack(_ location: String, at path: String, modified: Int64) async throws -> Bool { false }
}

/// The lake, of which nothing is asked here.
struct NoStorage: LakeStorage {
    struct Unasked: Error {}

    var root: String { "/lake" }
    func makeStagingFolder(_ name: String) async throws -> String { throw Unasked() }
    func promote(_ moves: [StagedMove]) async throws { throw Unasked() }
    func removeStagingFolder(_ name: String) async throws { throw Unasked() }
    func removeAbandonedStagingFolders() async throws { throw Unasked() }
    func sync(_ locations: [String]) async throws { throw Unasked() }
    func read(_ location: String) async throws -> [UInt8] { throw Unasked() }
    func write(_ bytes: [UInt8], to location: String) async throws { throw Unasked() }
    func size(of location: String) async throws -> Int64? { throw Unasked() }
    func content(of folder: String) async throws -> FolderContent { throw Unasked() }
    func makeFolder(_ location: String) async throws { throw Unasked() }
    func delete(_ locations: [String]) async throws { throw Unasked() }
}
