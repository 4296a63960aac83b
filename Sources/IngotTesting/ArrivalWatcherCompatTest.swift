public import IngotCore
public import Testing

/// What every ``ArrivalWatcher`` must keep: little, since what it tells is a hint.
///
/// An adapter runs each case over a root of its own, which does not exist before the case has written to it.
public struct ArrivalWatcherCompatTest: Sendable, CustomTestStringConvertible {
    /// Puts a whole file under the root.
    public typealias Write = @Sendable (_ key: String, _ bytes: [UInt8]) async throws -> Void

    /// What the case shows.
    public let name: String
    private let body: @Sendable (any ArrivalWatcher, String, @escaping Write) async throws -> Void

    init(
        _ name: String,
        _ body: @escaping @Sendable (any ArrivalWatcher, String, @escaping Write) async throws -> Void
    ) {
        self.name = name
        self.body = body
    }

    /// Runs the case, recording issues with Swift Testing.
    public func run(_ watcher: some ArrivalWatcher, root: String, writing write: @escaping Write) async throws {
        try await body(watcher, root, write)
    }

    /// What the case shows.
    public var testDescription: String { name }

    /// Whether a file is told, or that a listing is due, while it is written again and again.
    private static func isTold(
        _ key: String,
        _ watcher: any ArrivalWatcher,
        _ root: String,
        _ write: @escaping Write
    ) async throws -> Bool {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                for try await changes in watcher.changes(under: root) {
                    if case .files(let keys) = changes, keys.contains(key) { return true }
                }
                return false
            }
            group.addTask {
                // Watching begins at some time.
                for round in 0..<600 {
                    try await write(key, [UInt8(round % 256)])
                    try await Task.sleep(for: .milliseconds(100))
                }
                return false
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
    }

    /// Every case.
    public static let cases = [
        ArrivalWatcherCompatTest("A file is told by its key, at any depth, by any name") { watcher, root, write in
            try await write("there.csv", [])
            for key in ["a.csv", "day=1/deep/sp ace \u{FC} 'q' 100%.csv"] {
                #expect(try await isTold(key, watcher, root, write))
            }
        },
        ArrivalWatcherCompatTest("A root that comes later is watched from then on") { watcher, root, write in
            let told = try await isTold("later/a.csv", watcher, root, write)
            #expect(told)
        },
        ArrivalWatcherCompatTest("It ends with the task that listens") { watcher, root, write in
            try await write("a.csv", [])
            let (changes, told) = AsyncStream.makeStream(of: Void.self)
            let listener = Task {
                for try await _ in watcher.changes(under: root) { told.yield() }
            }
            let writer = Task {
                for round in 0..<600 {
                    try await write("a.csv", [UInt8(round % 256)])
                    try await Task.sleep(for: .milliseconds(100))
                }
                told.finish()
            }
            for await _ in changes { break }
            writer.cancel()
            listener.cancel()
            _ = try? await listener.value
        },
    ]
}
