import IngotCore
import Synchronization

@testable import IngotEngine

/// What outlives every process of a simulation: the source, bronze, the tables, and the state; and what goes wrong.
///
/// One thing happens at a time, in an order that the seed alone decides.
final class SimulatedWorld: Sendable {
    /// A file under the source.
    struct File: Sendable {
        /// Stands for its bytes, and never comes twice.
        var content: Int
        var modified: Int64
        var isBeingWritten: Bool
    }

    typealias Row = SimulatedTables.Row

    /// A message that was received, and when.
    struct ToldMessage: Sendable {
        var message: ReceivedMessage
        var order: Int
    }

    /// A defect that the checkers must find.
    enum PlantedBug: Sendable, CaseIterable {
        case commitsWithoutFence, acknowledgesBeforeCommit, registersBeforeBronze, lastCommitWins, sendsNoUndos
    }

    /// A process ends here; nothing of it happens any more.
    struct Crash: Error {}

    /// How objects behave.
    enum Nature: Sendable {
        case good, unloadable, deadly, refused
    }

    private struct State {
        var generator: SeededGenerator
        var now: Int64 = 1_000_000_000_000
        var wasPutBack = false
        var files: [String: File] = [:]
        var lastContent = 0
        /// How many versions of each key cannot be loaded.
        var badVersions: [String: Int] = [:]
        /// When, and how often, an object was made to wait by a replay or an undo, by its number in the ledger.
        var reloads: [Int64: (order: Int, count: Int)] = [:]
        /// When, and by which process, an object was recorded last.
        var recordings: [ObjectVersion: (order: Int, process: Int32)] = [:]
        var bronze: Set<String> = []
        var snapshots: [String: [Row]] = [:]
        var faultProbability = 0.0
        var crashProbability = 0.0
        var violations: [String] = []
        var living: Set<Int32> = []
        var suspect: Int32?
        /// Each message, as it was last received.
        var messages: [Int64: ToldMessage] = [:]
        /// Counts receives, reloads and recordings, since the clock may be put back.
        var order = 0
    }

    let state = InMemoryState()
    let turns = SimulatedTurns()
    let bug: PlantedBug?
    private let content: Mutex<State>

    init(seed: UInt64, bug: PlantedBug?) {
        self.bug = bug
        content = Mutex(State(generator: SeededGenerator(seed: seed)))
    }

    // MARK: Chance and time

    func random(_ range: Range<Int>) -> Int {
        content.withLock { Int.random(in: range, using: &$0.generator) }
    }

    func chance(_ probability: Double) -> Bool {
        content.withLock { Double.random(in: 0..<1, using: &$0.generator) < probability }
    }

    var now: Int64 { content.withLock { $0.now } }

    /// Lets time pass, or puts the clock back.
    func advance(by duration: Int64) {
        content.withLock { state in
            state.now += duration
            if duration < 0 { state.wasPutBack = true }
        }
    }

    /// Whether the clock was ever put back.
    var wasPutBack: Bool { content.withLock { $0.wasPutBack } }

    var clock: IngotClock {
        IngotClock(now: { self.now }, random: { self.content.withLock { $0.generator.next() } })
    }

    // MARK: Faults

    func setFaults(failing: Double, crashing: Double) {
        content.withLock {
            $0.faultProbability = failing
            $0.crashProbability = crashing
        }
    }

    var faultProbability: Double { content.withLock { $0.faultProbability } }
    var crashProbability: Double { content.withLock { $0.crashProbability } }

    func setAlive(_ process: Int32, _ isAlive: Bool) {
        content.withLock { state in
            if isAlive { state.living.insert(process) } else { state.living.remove(process) }
        }
    }

    /// Whether a process seems to live; one that hangs may seem dead, and go on later.
    func isAlive(_ owner: LeaseOwner) -> Bool {
        content.withLock { $0.living.contains(owner.process) && $0.suspect != owner.process }
    }

    /// Lets a process seem dead.
    func suspect(_ process: Int32?) {
        content.withLock { $0.suspect = process }
    }

    // MARK: The source

    var files: [String: File] { content.withLock { $0.files } }

    func write(_ key: String, isBeingWritten: Bool) {
        content.withLock { state in
            state.lastContent += 1
            let file = File(content: state.lastContent, modified: state.now, isBeingWritten: isBeingWritten)
            state.files[key] = file
            if [.unloadable, .refused].contains(Self.nature(of: file.content)) {
                state.badVersions[key, default: 0] += 1
            }
        }
    }

    /// How many versions of a key cannot be loaded.
    func badVersions(of key: String) -> Int {
        content.withLock { $0.badVersions[key] ?? 0 }
    }

    /// Notes that objects wait again without having arrived.
    func noteReload(_ ids: Set<Int64>) {
        content.withLock { state in
            state.order += 1
            for id in ids { state.reloads[id] = (state.order, (state.reloads[id]?.count ?? 0) + 1) }
        }
    }

    /// Notes that a process has recorded objects.
    func noteRecording(of objects: [ObjectVersion], by process: Int32) {
        content.withLock { state in
            state.order += 1
            for object in objects { state.recordings[object] = (state.order, process) }
        }
    }

    /// When, and by which process, an object was recorded last.
    func recording(of object: ObjectVersion) -> (order: Int, process: Int32)? {
        content.withLock { $0.recordings[object] }
    }

    /// When, and how often, an object was made to wait without having arrived.
    func reloads(of id: Int64) -> (order: Int, count: Int)? { content.withLock { $0.reloads[id] } }

    func finishWriting(_ key: String) {
        content.withLock { $0.files[key]?.isBeingWritten = false }
    }

    func remove(_ key: String) {
        content.withLock { $0.files[key] = nil }
    }

    static func nature(of entry: LedgerEntry) -> Nature {
        nature(of: Int(entry.object.version) ?? 0)
    }

    static func nature(of content: Int) -> Nature {
        if content % 11 == 0 { return .unloadable }
        if content % 29 == 0 { return .deadly }
        return content % 17 == 0 ? .refused : .good
    }

    // MARK: Bronze and tables

    func keepInBronze(_ location: String) {
        content.withLock { _ = $0.bronze.insert(location) }
    }

    func isInBronze(_ location: String) -> Bool {
        content.withLock { $0.bronze.contains(location) }
    }

    func rows(at location: String?) -> [Row] {
        content.withLock { state in location.flatMap { state.snapshots[$0] } ?? [] }
    }

    func write(_ rows: [Row]) -> String {
        content.withLock { state in
            let location = "snapshot-\(state.snapshots.count)"
            state.snapshots[location] = rows
            return location
        }
    }

    // MARK: Messages

    func note(_ messages: [ReceivedMessage]) {
        content.withLock { state in
            state.order += 1
            for message in messages {
                state.messages[message.receipt.id] = ToldMessage(message: message, order: state.order)
            }
        }
    }

    /// The message of a receipt, if that is the latest.
    func told(_ receipt: MessageReceipt) -> ToldMessage? {
        content.withLock { state in state.messages[receipt.id].flatMap { $0.message.receipt == receipt ? $0 : nil } }
    }

    // MARK: What must never be

    func violate(_ rule: String) {
        content.withLock { $0.violations.append(rule) }
    }

    var violations: [String] { content.withLock { $0.violations } }
}
