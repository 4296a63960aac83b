import Foundation
import Synchronization

/// How much of the caller's stack is used, and where work goes that needs more.
///
/// Expressions rarely nest more than some twenty deep. One that does is evaluated again from its start, which nothing
/// can notice, on a thread whose stack is as large as its limits ask for: the caller's may be as small as 512 KiB.
enum Stack {
    /// How deep expressions, or values in them, may nest on the stack of the caller.
    static let shallowDepth = isDebug ? 24 : 64

    /// What one level of nesting takes at most; frames of debug builds are several times as large.
    private static let bytesPerLevel = isDebug ? 24_000 : 6000
    private static let bytesMax = 1 << 30

    private static var isDebug: Bool {
        #if DEBUG
        true
        #else
        false
        #endif
    }

    /// Does work on the caller's stack or, if it signals that this is too small, on a larger one.
    static func run<Result: Sendable>(
        levels: Int,
        _ work: @escaping @Sendable (_ isDeep: Bool) throws(Failure) -> Result
    ) throws(JSONataError) -> Result {
        do throws(Failure) {
            return try work(false)
        } catch {
            guard error.needsDeepStack else { throw error.asError }
        }
        return try runDeep(levels: levels, work)
    }

    private static func runDeep<Result: Sendable>(
        levels: Int,
        _ work: @escaping @Sendable (_ isDeep: Bool) throws(Failure) -> Result
    ) throws(JSONataError) -> Result {
        let slot = ResultSlot<Result>()
        let thread = Thread {
            do throws(Failure) {
                slot.fill(.success(try work(true)))
            } catch {
                slot.fill(.failure(error.asError))
            }
        }
        thread.name = "JSONata"
        thread.stackSize = min(max(levels, 0), bytesMax / bytesPerLevel) * bytesPerLevel + (1 << 20)
        thread.start()
        return try slot.wait().get()
    }
}

/// Where a thread leaves its result for the one that waits for it.
private final class ResultSlot<Success: Sendable>: Sendable {
    private let result = Mutex<Result<Success, JSONataError>?>(nil)
    private let isFilled = DispatchSemaphore(value: 0)

    func fill(_ value: Result<Success, JSONataError>) {
        result.withLock { $0 = value }
        isFilled.signal()
    }

    func wait() -> Result<Success, JSONataError> {
        isFilled.wait()
        guard let value = result.withLock({ $0 }) else { preconditionFailure("signalled before it was filled") }
        return value
    }
}
