#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A lock as Swift's own `Mutex`, over a lock of the system, which ThreadSanitizer knows (see `Scripts/check-races`).
public struct Mutex<Value: ~Copyable>: ~Copyable {
    private let place: UnsafeMutablePointer<Value>
    private let lock: UnsafeMutablePointer<pthread_mutex_t>

    /// A lock that nobody holds, and what it guards.
    public init(_ initialValue: consuming sending Value) {
        place = .allocate(capacity: 1)
        place.initialize(to: initialValue)
        lock = .allocate(capacity: 1)
        lock.initialize(to: pthread_mutex_t())
        precondition(pthread_mutex_init(lock, nil) == 0)
    }

    deinit {
        pthread_mutex_destroy(lock)
        lock.deinitialize(count: 1)
        lock.deallocate()
        place.deinitialize(count: 1)
        place.deallocate()
    }

    /// Does something with the value, while nobody else does.
    public borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        precondition(pthread_mutex_lock(lock) == 0)
        defer { pthread_mutex_unlock(lock) }
        return try body(&place.pointee)
    }
}

extension Mutex: @unchecked Sendable where Value: ~Copyable {}
