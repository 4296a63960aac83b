import Iceberg
import Synchronization

/// Fails one step of many, or every step from one on.
final class Faults: Sendable {
    enum Moment: CaseIterable {
        /// The step is not done.
        case before
        /// The step is done, but its caller does not hear of it.
        case after
        /// The step is not done, and nothing works any more.
        case fromThenOn
    }

    struct Fault: Error {}

    private struct State {
        var step = 0
        var failing: (step: Int, moment: Moment)?
        var hasFailed = false
    }

    private let state = Mutex(State())

    func arm(_ step: Int, _ moment: Moment) {
        state.withLock { $0 = State(step: 0, failing: (step, moment), hasFailed: false) }
    }

    func disarm() {
        state.withLock { $0.failing = nil }
    }

    var hasFailed: Bool {
        state.withLock(\.hasFailed)
    }

    func around<Value>(_ work: () async throws -> Value) async throws -> Value {
        let moment: Moment? = state.withLock { state in
            defer { state.step += 1 }
            guard let failing = state.failing else { return nil }
            let isDue =
                failing.moment == .fromThenOn ? state.step >= failing.step : state.step == failing.step
            if isDue { state.hasFailed = true }
            return isDue ? failing.moment : nil
        }
        if moment == .before || moment == .fromThenOn { throw Fault() }
        let value = try await work()
        if moment == .after { throw Fault() }
        return value
    }
}

struct FaultyFileIO: FileIO {
    let base: MemoryFileIO
    let faults: Faults

    func read(_ location: String) async throws -> [UInt8] {
        try await faults.around { try await base.read(location) }
    }

    func create(_ location: String, _ bytes: [UInt8]) async throws {
        try await faults.around { try await base.create(location, bytes) }
    }

    func sync(_ locations: [String]) async throws {
        try await faults.around { try await base.sync(locations) }
    }

    func delete(_ location: String) async throws {
        try await faults.around { try await base.delete(location) }
    }

    func size(of location: String) async throws -> Int64? {
        try await faults.around { try await base.size(of: location) }
    }

    func createFolder(_ location: String) async throws {
        try await faults.around { try await base.createFolder(location) }
    }
}

struct FaultyStore: CatalogStore {
    let base: MemoryCatalogStore
    let faults: Faults
    /// Done once, just before the first move.
    let beforeMove: OneTimeWork

    func namespaces(in parent: Namespace?, after name: String?, limit: Int) async throws -> [Namespace] {
        try await faults.around { try await base.namespaces(in: parent, after: name, limit: limit) }
    }

    func properties(of namespace: Namespace) async throws -> [String: String]? {
        try await faults.around { try await base.properties(of: namespace) }
    }

    func create(_ namespace: Namespace, properties: [String: String]) async throws {
        try await faults.around { try await base.create(namespace, properties: properties) }
    }

    func update(_ namespace: Namespace, setting: [String: String], removing: Set<String>) async throws {
        try await faults.around { try await base.update(namespace, setting: setting, removing: removing) }
    }

    func drop(_ namespace: Namespace) async throws {
        try await faults.around { try await base.drop(namespace) }
    }

    func tables(in namespace: Namespace, after name: String?, limit: Int) async throws -> [String] {
        try await faults.around { try await base.tables(in: namespace, after: name, limit: limit) }
    }

    func pointers(of tables: [TableIdentifier]) async throws -> [TableIdentifier: String] {
        try await faults.around { try await base.pointers(of: tables) }
    }

    func move(_ changes: [PointerChange], releasing files: [String]) async throws {
        if let work = beforeMove.take() { await work() }
        try await faults.around { try await base.move(changes, releasing: files) }
    }
}

/// Work that is done once, at a moment that somebody else chooses.
final class OneTimeWork: Sendable {
    private let work = Mutex<(@Sendable () async -> Void)?>(nil)

    func set(_ new: @escaping @Sendable () async -> Void) {
        work.withLock { $0 = new }
    }

    func take() -> (@Sendable () async -> Void)? {
        work.withLock { work in
            defer { work = nil }
            return work
        }
    }
}
