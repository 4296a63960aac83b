import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A thread that runs jobs one after the other, in their order, until it is told to stop.
///
/// DuckDB's calls block for as long as a statement takes, so none of them may run in Swift's own small pool.
final class Worker: Sendable {
    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var isStopping = false
    }

    /// As deep as a main thread's: DuckDB's parser and binder recurse with the SQL.
    private static let stackSize = 8 << 20

    private let state = Mutex(State())
    private let wakeUp = DispatchSemaphore(value: 0)

    /// Starts the thread.
    ///
    /// It keeps the worker alive, not the other way round: it ends by `stop()`.
    ///
    /// - Throws: `DuckDBError` if the system refuses another thread.
    init() throws {
        let entry = ThreadEntry { [self] in run() }
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setstacksize(&attributes, Self.stackSize)
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        // The thread takes over this reference and gives it up when it starts.
        let context = unsafe Unmanaged.passRetained(entry)
        #if canImport(Darwin)
        var thread: pthread_t?
        #else
        var thread = pthread_t()
        #endif
        let status = unsafe pthread_create(&thread, &attributes, Worker.main, context.toOpaque())
        guard status == 0 else {
            unsafe context.release()
            throw DuckDBError(kind: .internal, message: "cannot start a thread for a connection (error \(status))")
        }
    }

    /// Adds a job; after `stop()` it is dropped and the answer is false.
    @discardableResult
    func enqueue(_ job: @escaping @Sendable () -> Void) -> Bool {
        let isAccepted = state.withLock { state in
            if !state.isStopping {
                state.jobs.append(job)
            }
            return !state.isStopping
        }
        if isAccepted {
            wakeUp.signal()
        }
        return isAccepted
    }

    /// Lets the jobs that are there finish, `last` after them, and ends the thread.
    ///
    /// Only the first call counts.
    @discardableResult
    func stop(last: @escaping @Sendable () -> Void = {}) -> Bool {
        let isFirst = state.withLock { state in
            guard !state.isStopping else { return false }
            state.isStopping = true
            state.jobs.append(last)
            return true
        }
        if isFirst {
            wakeUp.signal()
        }
        return isFirst
    }

    private func run() {
        while true {
            wakeUp.wait()
            let (jobs, isLast) = state.withLock { state in
                defer { state.jobs = [] }
                return (state.jobs, state.isStopping)
            }
            for job in jobs {
                job()
            }
            if isLast {
                return
            }
        }
    }

    #if canImport(Darwin)
    private static let main: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = { context in
        unsafe Unmanaged<ThreadEntry>.fromOpaque(context).takeRetainedValue().body()
        return nil
    }
    #else
    private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
        guard let context = unsafe context else { return nil }
        unsafe Unmanaged<ThreadEntry>.fromOpaque(context).takeRetainedValue().body()
        return nil
    }
    #endif
}

/// What a new thread runs, in a box that a C pointer can carry.
private final class ThreadEntry: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}
