import Foundation
import IngotLocal
import Testing

@Suite(.timeLimit(.minutes(30))) struct FilesBlockingPoolTests {
    struct Failure: Error, Equatable {
        var number: Int
    }

    @Test func `Work runs on the pool's threads, no more at once than there are`() async throws {
        let pool = BlockingPool(name: "test", threads: 3)
        let running = Shared((now: 0, most: 0))
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<30 {
                group.addTask {
                    try await pool.run { _ in
                        running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                        usleep(2_000)
                        running.withLock { $0.now -= 1 }
                        return number
                    }
                }
            }
            var numbers: Set<Int> = []
            for try await number in group { numbers.insert(number) }
            #expect(numbers == Set(0..<30))
        }
        #expect(running.withLock { $0.most } == 3)
    }

    @Test func `Blocked threads do not hold up other tasks`() async throws {
        let pool = BlockingPool(name: "test", threads: 8)
        let gate = DispatchSemaphore(value: 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { try await pool.run { _ in gate.wait() } }
            }
            var steps = 0
            while steps < 100 {
                await Task.yield()
                steps += 1
            }
            for _ in 0..<8 { gate.signal() }
            try await group.waitForAll()
            #expect(steps == 100)
        }
    }

    @Test func `Outcomes are in the order of the inputs, failures among them`() async throws {
        let outcomes = try await BlockingPool(name: "test", threads: 4).map(Array(0..<1_000), width: 4) { number, _ in
            if number % 10 == 3 { throw Failure(number: number) }
            return number * 2
        }
        #expect(outcomes.count == 1_000)
        for (number, outcome) in outcomes.enumerated() {
            if number % 10 == 3 {
                #expect(throws: Failure(number: number)) { try outcome.get() }
            } else {
                #expect(try outcome.get() == number * 2)
            }
        }
        let none = try await BlockingPool(name: "test", threads: 4).map([Int]()) { number, _ in number }
        #expect(none.isEmpty)
    }

    @Test func `Work that waits is not begun once its task is cancelled, and work that runs can see it`() async throws {
        let pool = BlockingPool(name: "test", threads: 1)
        let begun = Shared<[String]>([])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: CancellationError.self) {
                    try await pool.run { cancellation in
                        begun.withLock { $0.append("first") }
                        while true {
                            try cancellation.check()
                            usleep(1_000)
                        }
                    }
                }
            }
            while begun.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(1)) }
            group.addTask {
                await #expect(throws: CancellationError.self) {
                    try await pool.run { _ in begun.withLock { $0.append("second") } }
                }
            }
            try await Task.sleep(for: .milliseconds(20))
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(begun.withLock { $0 } == ["first"])
    }

    #if os(Linux)
    @Test func `A pool that is let go ends its threads`() async throws {
        func threads() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").filter { thread in
                (try? String(contentsOfFile: "/proc/self/task/\(thread)/comm", encoding: .utf8)) == "pool-that-ends\n"
            }.count
        }
        do {
            let pool = BlockingPool(name: "pool-that-ends", threads: 2)
            _ = try await pool.map([1, 2, 3, 4], width: 2) { _, _ in usleep(5_000) }
            #expect(try (1...2).contains(threads()))
        }
        let deadline = ContinuousClock.now + .seconds(300)
        while try threads() > 0, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(5)) }
        #expect(try threads() == 0)
    }
    #endif
}
