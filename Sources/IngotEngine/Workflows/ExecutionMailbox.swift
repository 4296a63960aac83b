import IngotCore
import StatesLanguage
import Synchronization

/// What an execution hears of while it waits.
enum ExecutionNews: Sendable {
    /// A task, a reading or a writing was answered.
    case answer(ExecutionInput)
    /// A task that is answered by somebody else was handed over.
    case handedOver(token: String, output: ExecutionInput)
    /// A timer has come to its time.
    case time(timer: Int)
    /// Messages lie in the store.
    case messages([ExecutionMessage])
    /// A task that can be taken up again was left as it is, since the driver is to end.
    case interrupted(token: String)
    /// The driver is to end.
    case draining
    /// Others wait to be driven.
    case crowded
    /// A place for a task is free.
    case slotFree
}

/// Where tasks, timers and messages leave their news for the one who drives the execution.
final class ExecutionMailbox: Sendable {
    private let news = Mutex<[ExecutionNews]>([])
    private let wake: AsyncStream<Void>.Continuation
    /// An element whenever there is news; one reader at a time.
    let signals: AsyncStream<Void>

    init() {
        (signals, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func post(_ item: ExecutionNews) {
        news.withLock { $0.append(item) }
        wake.yield()
    }

    /// Whether there is no news.
    var isEmpty: Bool {
        news.withLock { $0.isEmpty }
    }

    /// All news, so that they go into the journal together.
    func takeAll() -> [ExecutionNews] {
        news.withLock { news in
            defer { news = [] }
            return news
        }
    }
}

/// A way to cancel one piece of work of several that run beside each other.
struct WorkCancellation: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func cancel() {
        continuation.finish()
    }

    /// Does something until it is done or the signal comes, which cancels it.
    func during(_ work: @escaping @Sendable () async -> Void) async {
        await withTaskGroup { group in
            group.addTask { await work() }
            group.addTask { [stream] in for await _ in stream {} }
            _ = await group.next()
            group.cancelAll()
        }
    }
}
