#if os(Linux) && canImport(Glibc)
import Foundation
import IngotCore
import Testing

@testable import IngotLocal

/// Real folders, watched through the system.
@Suite("Watched folders", .timeLimit(.minutes(30)))
struct FileArrivalWatcherTests {
    @Test("A file is noticed when it is closed or gets its name, not while it is written")
    func closedFiles() async throws {
        try await watch { root, changes in
            let unfinished = try #require(fopen("\(root)/unfinished.csv", "w"))
            fputs("1", unfinished)
            fflush(unfinished)
            try write("a", to: "\(root)/é 1.csv")
            #expect(try await changes.next() == .files(["é 1.csv"]))
            fclose(unfinished)
            #expect(try await changes.next() == .files(["unfinished.csv"]))
            try write("b", to: "\(root)/.b.tmp")
            try rename("\(root)/.b.tmp", "\(root)/b.csv")
            #expect(try await changes.next() == .files(["b.csv"]))
        }
    }

    @Test("A file that gets another name by a link is noticed")
    func links() async throws {
        let outside = FileManager.default.temporaryDirectory.path + "/ingot-link-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: outside) }
        try write("a", to: outside)
        try await watch { root, changes in
            try FileManager.default.linkItem(atPath: outside, toPath: "\(root)/hard.csv")
            #expect(try await changes.next() == .files(["hard.csv"]))
            try FileManager.default.createSymbolicLink(atPath: "\(root)/soft.csv", withDestinationPath: "hard.csv")
            #expect(try await changes.next() == .files(["soft.csv"]))
        }
    }

    @Test("Folders that appear are watched, and what came into them before is told")
    func newFolders() async throws {
        try await watch { root, changes in
            try write("a", to: "\(root)/x/y/a.csv")
            #expect(try await collect(1, changes) == ["x/y/a.csv"])
            try write("b", to: "\(root)/x/y/b.csv")
            #expect(try await collect(1, changes) == ["x/y/b.csv"])
            try write("h", to: "\(root)/.hidden/h.csv")
            try rename("\(root)/x", "\(root)/z")
            #expect(try await collect(2, changes) == ["z/y/a.csv", "z/y/b.csv"])
            try write("c", to: "\(root)/z/y/c.csv")
            #expect(try await collect(1, changes) == ["z/y/c.csv"])
        }
    }

    @Test("None of many files is lost: each is told, or that a listing is due")
    func burst() async throws {
        try await watch { root, changes in
            let expected = Set((0..<5_000).map { "\($0 % 50)/\($0).csv" })
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        for number in stride(from: writer, to: 5_000, by: 4) {
                            try write("x", to: "\(root)/\(number % 50)/\(number).csv")
                        }
                    }
                }
                try await group.waitForAll()
            }
            var told: Set<String> = []
            while told != expected {
                switch try #require(try await changes.next()) {
                case .files(let keys): told.formUnion(keys)
                case .unknown: told = expected
                }
            }
        }
    }

    @Test("A root that comes later, goes and comes back is watched whenever it is there")
    func lateRoot() async throws {
        try await withTemporaryFolder { folder in
            let root = "\(folder)/landing"
            let changes = Changes(FileArrivalWatcher(absencePause: 10).changes(under: root + "/"))
            try write("a", to: "\(root)/a.csv")
            #expect(try await changes.next() == .unknown)
            try FileManager.default.moveItem(atPath: root, toPath: "\(folder)/elsewhere")
            try write("b", to: "\(root)/b.csv")
            // That the old one is gone, and that the new one is there.
            #expect(try await changes.next() == .unknown)
            #expect(try await changes.next() == .unknown)
            try write("c", to: "\(folder)/elsewhere/c.csv")
            try write("d", to: "\(root)/d.csv")
            #expect(try await collect(1, changes) == ["d.csv"])
        }
    }

    @Test("A watcher whose task is cancelled ends")
    func cancelled() async throws {
        try await withTemporaryFolder { folder in
            let task = Task {
                var count = 0
                for try await _ in FileArrivalWatcher().changes(under: folder) { count += 1 }
                return count
            }
            try await Task.sleep(for: .milliseconds(50))
            task.cancel()
            #expect(try await task.value <= 1)
        }
    }

    /// Changes that are asked for one by one.
    private actor Changes {
        private var iterator: AsyncThrowingStream<ArrivalChanges, any Error>.AsyncIterator

        init(_ stream: AsyncThrowingStream<ArrivalChanges, any Error>) {
            iterator = stream.makeAsyncIterator()
        }

        func next() async throws -> ArrivalChanges? {
            var iterator = iterator
            defer { self.iterator = iterator }
            return try await iterator.next(isolation: self)
        }
    }

    private func watch(_ body: (String, Changes) async throws -> Void) async throws {
        try await withTemporaryFolder { root in
            let changes = Changes(FileArrivalWatcher().changes(under: root))
            #expect(try await changes.next() == .unknown, "what was there before is not told")
            try await body(root, changes)
        }
    }

    private func collect(_ count: Int, _ changes: Changes) async throws -> Set<String> {
        var found: Set<String> = []
        while found.count < count, case .files(let keys)? = try await changes.next() { found.formUnion(keys) }
        return found
    }
}

private func write(_ text: String, to path: String) throws {
    let folder = (path as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: path))
}

private func rename(_ path: String, _ other: String) throws {
    try FileManager.default.moveItem(atPath: path, toPath: other)
}
#endif
