import Foundation
import Synchronization

/// Threads for calls that block: file input and output, syncing, hashing.
///
/// Swift's own pool has one thread a core and stalls when calls block on it; this one may block as long as it likes.
/// Threads start when there is work and end with the pool. What waits is bounded by the callers: each waiting piece
/// of work is one suspended task.
public final class BlockingPool: Sendable {
    /// Tells work that its task was cancelled.
    public final class Cancellation: Sendable {
        private let flag = Atomic(false)

        fileprivate init() {}

        /// Whether the task was cancelled.
        public var isCancelled: Bool { flag.load(ordering: .relaxed) }

        /// Throws if the task was cancelled.
        ///
        /// - Throws: `CancellationError`.
        public func check() throws {
            if isCancelled { throw CancellationError() }
        }

        fileprivate func cancel() {
            flag.store(true, ordering: .relaxed)
        }
    }

    /// The process's pool for file work: as many threads as cores, but at least four, as devices work in parallel too.
    public static let files = BlockingPool(
        name: "ingot.files",
        threads: max(4, ProcessInfo.processInfo.activeProcessorCount)
    )

    /// How many threads there are at most.
    public let threads: Int
    private let queue: WorkQueue

    /// Makes a pool that has no threads yet.
    public init(name: String, threads: Int) {
        self.threads = max(1, threads)
        queue = WorkQueue(name: name, threadsMax: self.threads)
    }

    deinit {
        queue.close()
    }

    /// Runs work on one of the threads and waits for it without blocking the caller's thread.
    ///
    /// - Throws: What the work throws; `CancellationError` if the task was cancelled before the work began.
    public func run<Value: Sendable>(
        _ work: @escaping @Sendable (Cancellation) throws -> Value
    ) async throws -> Value {
        let cancellation = Cancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                queue.add {
                    continuation.resume(
                        with: Result {
                            try cancellation.check()
                            return try work(cancellation)
                        }
                    )
                }
            }
        } onCancel: {
            cancellation.cancel()
        }
    }

    /// Runs work for each input, several at once.
    ///
    /// One input that fails does not stop the others.
    ///
    /// - Parameters:
    ///   - inputs: What to work on.
    ///   - width: How many at once; `nil` for one a core.
    ///   - work: What to do with each.
    /// - Returns: The outcomes, in the order of the inputs.
    /// - Throws: `CancellationError` if the task was cancelled.
    public func map<Input: Sendable, Output: Sendable>(
        _ inputs: [Input],
        width: Int? = nil,
        _ work: @escaping @Sendable (Input, Cancellation) throws -> Output
    ) async throws -> [Result<Output, any Error>] {
        let lanes = min(width ?? ProcessInfo.processInfo.activeProcessorCount, threads, inputs.count)
        let cursor = Cursor(count: inputs.count)
        return try await withThrowingTaskGroup(of: [(Int, Result<Output, any Error>)].self) { group in
            for _ in 0..<lanes {
                group.addTask {
                    try await self.run { cancellation in
                        var outcomes: [(Int, Result<Output, any Error>)] = []
                        while let index = cursor.next() {
                            try cancellation.check()
                            outcomes.append((index, Result { try work(inputs[index], cancellation) }))
                        }
                        return outcomes
                    }
                }
            }
            var all: [(Int, Result<Output, any Error>)] = []
            all.reserveCapacity(inputs.count)
            for try await outcomes in group { all += outcomes }
            return all.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}

/// Hands out the numbers below a count, each once.
private final class Cursor: Sendable {
    private let count: Int
    private let position = Atomic(0)

    init(count: Int) {
        self.count = count
    }

    func next() -> Int? {
        let index = position.wrappingAdd(1, ordering: .relaxed).oldValue
        return index < count ? index : nil
    }
}

/// The work that waits, and the threads that take it.
///
/// Unchecked, since the compiler does not see that the condition guards every variable.
private final class WorkQueue: @unchecked Sendable {
    private let name: String
    private let threadsMax: Int
    private let condition = NSCondition()
    private var waiting: [@Sendable () -> Void] = []
    private var taken = 0
    private var threads = 0
    private var idle = 0
    private var isClosed = false

    init(name: String, threadsMax: Int) {
        self.name = name
        self.threadsMax = threadsMax
    }

    func add(_ work: @escaping @Sendable () -> Void) {
        let startsThread = condition.withLock {
            waiting.append(work)
            let pending = waiting.count - taken
            guard pending > idle, threads < threadsMax else {
                condition.signal()
                return false
            }
            threads += 1
            return true
        }
        guard startsThread else { return }
        Thread {
            // A name that is given before the start does not reach the system.
            Thread.current.name = self.name
            self.serve()
        }.start()
    }

    func close() {
        condition.withLock {
            isClosed = true
            condition.broadcast()
        }
    }

    private func serve() {
        while let work = next() { work() }
    }

    private func next() -> (@Sendable () -> Void)? {
        condition.lock()
        defer { condition.unlock() }
        while taken == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            taken = 0
            if isClosed {
                threads -= 1
                return nil
            }
            idle += 1
            condition.wait()
            idle -= 1
        }
        taken += 1
        let work = waiting[taken - 1]
        waiting[taken - 1] = {}
        return work
    }
}
